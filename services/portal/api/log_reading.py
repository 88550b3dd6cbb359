"""What the API reads of the sync log; every question names the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlmodel import Session

from services.portal.api.log_shapes import NotesQuery
from services.portal.api.operation import unfit
from services.portal.log.cursor import Cursor
from services.portal.log.matching import matching
from services.portal.log.ordering import place_in, place_of
from services.portal.log.wanted import INSERTED, Wanted
from shared.db.note_tables import SYNC_LOG, SyncLogRow

_S = SYNC_LOG.c
_PLACE = tuple_(_S.inserted_at, _S.note_id)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Rows with the state that each is counted in, newest first, and where the next page begins."""

    rows: Sequence[tuple[SyncLogRow, str]]
    older: Cursor | None


def find_notes(session: Session, account_id: UUID, asked: NotesQuery, *, now: datetime) -> Found:
    """Give the notes that are asked for, from the cursor on."""
    query = select(SyncLogRow, _S.state).where(*_conditions(account_id, asked, now=now))
    if asked.before:
        before = place_in(asked.before, INSERTED)
        if before is None:
            raise unfit({"before": "before is no place in the list; give `next` of a page."})
        query = query.where(_PLACE.__lt__((before.value, before.note_id)))
    newest_first = query.order_by(_S.inserted_at.desc(), _S.note_id.desc())
    found = [(row, state) for row, state in session.execute(newest_first.limit(asked.limit + 1))]
    rows = found[: asked.limit]
    older = place_of(rows[-1][0]) if len(found) > asked.limit else None
    return Found(rows=rows, older=older)


def state_of(session: Session, account_id: UUID, note_id: int) -> str:
    """Say in which count of the sync log a note is."""
    query = select(_S.state).where(_S.account_id == account_id, _S.note_id == note_id)
    state: str = session.execute(query).scalar_one()
    return state


def _conditions(account_id: UUID, asked: NotesQuery, *, now: datetime) -> list[ColumnElement[bool]]:
    wanted = Wanted(state=asked.state or "", text=asked.q)
    conditions = list(matching(account_id, wanted, now=now))
    if asked.reason:
        codes = (_S.order_reason_code, _S.shipment_reason_code)
        conditions.append(or_(*(code == asked.reason for code in codes)))
    if asked.inserted_from is not None:
        conditions.append(_S.inserted_at >= asked.inserted_from)
    if asked.inserted_before is not None:
        conditions.append(_S.inserted_at < asked.inserted_before)
    return conditions
