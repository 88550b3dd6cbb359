"""A note's present order link, in a transaction of the caller's, who commits."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from shared.db.note_tables import OrderLink


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
