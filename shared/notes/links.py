"""A note's present order link, in a transaction of the caller's, who commits."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from shared.db.note_tables import OrderLink, SyncLogRow
from shared.metrics.deliveries import time_order
from shared.notes.key import NoteKey
from shared.notes.progress import row_of


def present_link(session: Session, account_id: UUID, note_id: int) -> OrderLink | None:
    """Give the row of the newest generation; None while no order was intended."""
    of_note = select(OrderLink).where(
        OrderLink.account_id == account_id, OrderLink.note_id == note_id
    )
    return session.exec(of_note.order_by(col(OrderLink.generation).desc())).first()


def keep_first_sent(
    account_id: UUID, note_id: int, sent: Mapping[str, str], session: Session, _now: datetime
) -> None:
    """Keep what later looks compare with, unless something was told meanwhile."""
    link = present_link(session, account_id, note_id)
    if link is not None and not link.sent:
        link.sent = dict(sent)
        session.add(link)


def raise_generation(
    account_id: UUID, note_id: int, key: NoteKey, session: Session, now: datetime
) -> None:
    """Have the note become a new order under `key`, the next one; once, however often asked.

    The row has no order number until an order of it is intended.
    """
    row = row_of(session, account_id, note_id, now=now)
    present = present_link(session, account_id, note_id)
    if present is None or present.generation != key.generation - 1:
        return
    session.add(
        OrderLink(
            account_id=account_id,
            note_id=note_id,
            generation=key.generation,
            key=str(key),
            order_number="",
            intended_at=now,
        )
    )
    row.shiphero_order_id, row.synced_at = "", None


def keep_order(
    session: Session, row: SyncLogRow, *, order_id: str, adopted: bool, now: datetime
) -> None:
    """Keep which order the note of a locked row became, and how long that took."""
    link = present_link(session, row.account_id, row.note_id)
    assert link is not None
    link.shiphero_order_id, link.adopted, link.linked_at = order_id, adopted, now
    session.add(link)
    row.shiphero_order_id = order_id
    if row.synced_at is None and link.generation == 1:
        time_order(row.inserted_at, now=now)
    row.synced_at = row.synced_at or now
