"""Personal data that is old is erased: the rows stay, with their counts, reasons and times.

Each function does one small batch in the caller's transaction, takes no row that another works on,
and says how many it did.
"""

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, null, or_, select, text, tuple_, update
from sqlmodel import Session, col

from services.notifier.retention.periods import Before
from shared.db.correction_tables import NoteCorrection
from shared.db.journal_tables import ATTEMPT, EVENT, HOLDS_PERSONAL
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import ShadowNote
from shared.events import MAIL_REQUESTED
from shared.journal.dead import open_dead
from shared.mails import KIND
from shared.notes.state import CANCELED, SKIPPED

_A, _E = ATTEMPT.c, EVENT.c

ERASED: Final = "erased"
BECAUSE: Final = "it was old"


def erase_exchanges(session: Session, before: Before, *, limit: int) -> int:
    """Erase what was asked and answered in old attempts; which calls were made stays."""
    old = (
        select(_A.event_id, _A.number)
        .where(_A.exchanges.is_not(None), _A.started_at < before.personal)
        .order_by(_A.started_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [(row.event_id, row.number) for row in session.execute(old)]
    if keys:
        these = tuple_(_A.event_id, _A.number).in_(keys)
        session.execute(update(ATTEMPT).where(these).values(exchanges=null()))
    return len(keys)


def erase_payloads(session: Session, before: Before, *, limit: int) -> int:
    """Empty the bodies that vendors sent, and letters, of what is settled.

    A dead letter that still waits for a person keeps its own, because a replay needs it.
    """
    old = (
        select(_E.id, _E.name)
        .where(text(HOLDS_PERSONAL), _E.recorded_at < before.personal, closed())
        .order_by(_E.recorded_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(old).all()
    mails = [row.id for row in rows if row.name == MAIL_REQUESTED]
    _empty(session, [row.id for row in rows if row.name != MAIL_REQUESTED], {}, before)
    for kind, ids in _by_kind(session, mails).items():
        _empty(session, ids, {KIND: kind}, before)
    return len(rows)


def erase_shadow_orders(session: Session, before: Before, *, limit: int) -> int:
    """Empty the orders that shadow mode showed; what became of each note stays."""
    old = (
        select(ShadowNote)
        .where(col(ShadowNote.looked_at) < before.personal, col(ShadowNote.erased_at).is_(None))
        .order_by(col(ShadowNote.looked_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(old).all()
    for row in rows:
        row.order_sent, row.erased_at = {}, before.now
        row.differences = [{**one, "shown": ERASED, "sent": ERASED} for one in row.differences]
        session.add(row)
    return len(rows)


def erase_corrections(session: Session, before: Before, *, limit: int) -> int:
    """Erase what people corrected of notes that are over; which fields they were stays.

    An order that is still to go out, or to be told of a change, needs them. A note that is sent
    after all waits until a person has corrected it again.
    """
    is_over = or_(
        col(SyncLogRow.shipped_at).is_not(None),
        col(SyncLogRow.deleted_at).is_not(None),
        col(SyncLogRow.order_stage).in_((CANCELED, SKIPPED)),
        and_(col(SyncLogRow.handled_at).is_not(None), col(SyncLogRow.shiphero_order_id) == ""),
    )
    old = (
        select(NoteCorrection)
        .join(
            SyncLogRow,
            and_(
                col(SyncLogRow.account_id) == col(NoteCorrection.account_id),
                col(SyncLogRow.note_id) == col(NoteCorrection.note_id),
            ),
        )
        .where(col(NoteCorrection.made_at) < before.personal, is_over)
        .where(col(NoteCorrection.erased_at).is_(None))
        .order_by(col(NoteCorrection.made_at))
        .limit(limit)
        .with_for_update(skip_locked=True, of=NoteCorrection)
    )
    rows = session.scalars(old).all()
    for row in rows:
        row.sealed, row.erased_at = "", before.now
        session.add(row)
    return len(rows)


def closed() -> ColumnElement[bool]:
    """Say whether an event is settled, and nobody is waited for."""
    waits_for_a_person = and_(*open_dead())
    return and_(_E.settled_at.is_not(None), or_(~waits_for_a_person, _E.outcome.is_(None)))


def _by_kind(session: Session, ids: list[UUID]) -> dict[str, list[UUID]]:
    kinds: dict[str, list[UUID]] = defaultdict(list)
    if ids:
        for row in session.execute(select(_E.id, _E.payload).where(_E.id.in_(ids))):
            kinds[str(row.payload.get(KIND, ""))].append(row.id)
    return kinds


def _empty(session: Session, ids: list[UUID], kept: dict[str, Any], before: Before) -> None:
    if ids:
        values = {"payload": {**kept, ERASED: BECAUSE}, "erased_at": before.now}
        session.execute(update(EVENT).where(_E.id.in_(ids)).values(**values))
