"""What the API reads of the sync log; every question names the account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlmodel import Session

from services.portal.api.log_shapes import NotesQuery
from services.portal.api.operation import unfit
from services.portal.frame.paging import Leaf, leaf
from services.portal.log.cursor import Cursor
from services.portal.log.matching import matching
from services.portal.log.ordering import place_in, place_of
from services.portal.log.wanted import INSERTED, Wanted
from shared.db.note_tables import SYNC_LOG, SyncLogRow

_S = SYNC_LOG.c
_PLACE = tuple_(_S.inserted_at, _S.note_id)


# Rows with the state that each is counted in, newest first, and where the next page begins.
Found = Leaf[tuple[SyncLogRow, str], Cursor]


def find_notes(
    session: Session, account_id: UUID, asked: NotesQuery, wanted: Wanted, *, now: datetime
) -> Found:
    """Give the notes that are asked for, from the cursor on; `wanted` is the log's own filter."""
    before = place_in(asked.before, INSERTED) if asked.before else None
    if asked.before and before is None:
        raise unfit({"before": "before is no place in the list; give `next` of a page."})
    conditions = [*matching(account_id, wanted, now=now), *_conditions(asked)]
    query = select(SyncLogRow, _S.state).where(*conditions)
    newest_first = query.order_by(_S.inserted_at.desc(), _S.note_id.desc())

    def find(place: Cursor | None, limit: int, *, onward: bool) -> list[tuple[SyncLogRow, str]]:  # noqa: ARG001 - the list goes one way
        older = () if place is None else (_PLACE.__lt__((place.value, place.note_id)),)
        found = session.execute(newest_first.where(*older).limit(limit))
        return [(row, state) for row, state in found]

    return leaf(find, lambda row: place_of(row[0]), size=asked.limit, after=before)


def state_of(session: Session, account_id: UUID, note_id: int) -> str:
    """Say in which count of the sync log a note is."""
    query = select(_S.state).where(_S.account_id == account_id, _S.note_id == note_id)
    state: str = session.execute(query).scalar_one()
    return state


def _conditions(asked: NotesQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.reason:
        codes = (_S.order_reason_code, _S.shipment_reason_code)
        conditions.append(or_(*(code == asked.reason for code in codes)))
    if asked.inserted_from is not None:
        conditions.append(_S.inserted_at >= asked.inserted_from)
    if asked.inserted_before is not None:
        conditions.append(_S.inserted_at < asked.inserted_before)
    return conditions
