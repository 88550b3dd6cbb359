"""A person has a note wait before its order is made, and lets it go again."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shared.accounts import STOPPED_BY_PERSON
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.events import GOODS_OUT_NOTE_CHANGED
from shared.journal.planned import try_all_now
from shared.journal.release import release, wait_for_holds
from shared.notes.links import present_link
from shared.notes.state import HELD, KEPT_BACK, QUEUED, RETRYING, WAITING_FOR_BUDGET

# Where a note stands whose order was not asked for yet.
BEFORE_ORDER = frozenset({QUEUED, HELD, KEPT_BACK, WAITING_FOR_BUDGET, RETRYING})


def may_be_stopped(row: SyncLogRow, link: OrderLink | None) -> bool:
    """Say whether nothing of the note can be at ShipHero yet."""
    is_asked_for = link is not None and bool(link.order_number)
    return row.order_stage in BEFORE_ORDER and row.stopped_at is None and not is_asked_for


def stop_note(session: Session, account_id: UUID, note_id: int, *, who: str, now: datetime) -> bool:
    """Have a note wait; False where it is too late. The caller commits.

    A note that is being sent at this very moment still goes: then it is at ShipHero.
    """
    # Events before notes, as whoever ends an attempt locks them.
    # What is planned for later is looked at at once, and is seen to wait for a person.
    try_all_now(session, account_id, GOODS_OUT_NOTE_CHANGED, [str(note_id)], now=now)
    row = session.get(SyncLogRow, (account_id, note_id), with_for_update=True)
    if row is None or not may_be_stopped(row, present_link(session, account_id, note_id)):
        return False
    row.stopped_at, row.stopped_by = now, who
    session.add(row)
    return True


def let_go(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> bool:
    """Let a note go on that was stopped; False where it was not. The caller commits."""
    wait_for_holds(session, account_id)
    row = session.get(SyncLogRow, (account_id, note_id), with_for_update=True)
    if row is None or row.stopped_at is None:
        return False
    row.stopped_at, row.stopped_by = None, ""
    session.add(row)
    session.flush()
    release(session, account_id, f"{STOPPED_BY_PERSON}:{note_id}", now=now)
    return True
