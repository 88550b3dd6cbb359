"""A part of what a person wants done with very many rows is due: do it, and announce the next."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from shared.bulk import go_on
from shared.events import Event
from shared.messaging.units import Unit
from shared.outcome import Delivered, Outcome


def take_parts(events: Sequence[Event]) -> Iterable[Unit]:
    """Give each part a transaction of its own: it is large enough."""
    return [Unit(events=(event,), run=partial(take_part, event)) for event in events]


def take_part(event: Event) -> Outcome:
    """Have the part done in the transaction that settles the event, so that it happens once."""
    taken = int(event.payload["taken"])
    return Delivered(
        reference=event.subject,
        summary=f"From {taken:,} on.",
        keep=partial(_go_on, event, taken),
    )


def _go_on(event: Event, taken: int, session: Session, now: datetime) -> None:
    go_on(session, event.account_id, UUID(event.subject), taken, now=now)
