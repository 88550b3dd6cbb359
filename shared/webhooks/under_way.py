"""One check of an account's webhooks at a time: two would each delete what the other makes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from shared.db.journal_tables import EventRow
from shared.events import ROUTES, Event


def is_another_under_way(session: Session, events: Sequence[Event], *, now: datetime) -> bool:
    """Say whether a consumer is at an earlier claimed event of the same account and name.

    `events` were claimed together. Of claims in the same moment the one with the smallest id goes
    first. One whose process died counts until its claim runs out.
    """
    first = min(event.id for event in events)
    our_claim = select(EventRow.claimed_until).where(EventRow.id == first).scalar_subquery()
    earlier = or_(
        col(EventRow.claimed_until) < our_claim,
        and_(col(EventRow.claimed_until) == our_claim, col(EventRow.id) < first),
    )
    other = select(EventRow.id).where(
        EventRow.queue == ROUTES[events[0].name],
        EventRow.account_id == events[0].account_id,
        EventRow.name == events[0].name,
        col(EventRow.published_at).is_not(None),
        col(EventRow.settled_at).is_(None),
        col(EventRow.hold_cause).is_(None),
        col(EventRow.claimed_until) > now,
        earlier,
    )
    return session.exec(other.limit(1)).first() is not None
