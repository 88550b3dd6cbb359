"""A person acts on a note: asks for something about its order, or marks it as handled."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from shared.accounts import SHADOW_MODE
from shared.db.account_tables import Account
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.events import ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED, NewEvent
from shared.journal.record import record
from shared.notes.handled import mark_all_handled
from shared.notes.links import present_link
from shared.notes.state import HELD, NEEDS_PERSON

REQUESTS = (ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED)


def audit_subject(note_id: int) -> str:
    """Name a note as the audit trail does."""
    return f"note {note_id}"


def ask_about_order(
    session: Session, account_id: UUID, note_id: int, name: str, *, now: datetime
) -> bool:
    """Record a request about the note's present order; the caller commits.

    False where there is no order, or an earlier request is still open.
    """
    link = present_link(session, account_id, note_id)
    if link is None or not link.order_number or _is_open(session, account_id, note_id):
        return False
    code = session.get_one(Account, account_id).code
    request = NewEvent(
        account_id=account_id,
        name=name,
        subject=str(note_id),
        # To the second, so that a form that is sent twice at once asks once.
        dedupe_key=f"{code}:{name}:{link.key}:{now:%Y%m%dT%H%M%S}",
        payload={"key": link.key},
    )
    return record(session, request, now=now) is not None


def mark_handled(
    session: Session, account_id: UUID, note_id: int, *, who: str, words: str, now: datetime
) -> bool:
    """Keep that a person saw to the note by hand; False where nothing waits for a person.

    The mark goes by itself once the note moves on, or fails otherwise. The caller commits.
    """
    return bool(mark_all_handled(session, account_id, [note_id], by=who, note=words, now=now))


def unmark_handled(session: Session, account_id: UUID, note_id: int) -> bool:
    """Take the mark back; False where there is none. The caller commits."""
    row = session.get(SyncLogRow, (account_id, note_id), with_for_update=True)
    if row is None or row.handled_at is None:
        return False
    row.handled_at, row.handled_by, row.handled_note = None, "", ""
    session.add(row)
    return True


def needs_person(row: SyncLogRow) -> bool:
    """Say whether one of the note's sides waits for a person; shadow mode waits on purpose."""
    is_shown = row.order_stage == HELD and row.order_reason_code == SHADOW_MODE
    waits = row.order_stage in NEEDS_PERSON and not is_shown
    return waits or row.shipment_stage in NEEDS_PERSON


def _is_open(session: Session, account_id: UUID, note_id: int) -> bool:
    asked = select(EventRow.id).where(
        EventRow.account_id == account_id,
        EventRow.subject == str(note_id),
        col(EventRow.name).in_(REQUESTS),
        col(EventRow.settled_at).is_(None),
    )
    return session.exec(asked).first() is not None
