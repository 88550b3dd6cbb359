"""A connection broke or was mended: keep the alert about it as the connection is now."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from uuid import UUID

import structlog

from shared.events import Event
from shared.messaging.delivery import Unit
from shared.outcome import Delivered, Outcome

log = structlog.get_logger()

# Opens or ends one vendor's alert; gives what it says, "" when all is well.
TellConnection = Callable[[UUID, str], str]


def tell_connections(events: Sequence[Event], *, tell: TellConnection) -> Iterable[Unit]:
    """Look at each connection that something happened to."""
    return [Unit(events=(event,), run=partial(tell_one, event, tell=tell)) for event in events]


def tell_one(event: Event, *, tell: TellConnection) -> Outcome:
    """Open or end the alert; a second time changes nothing."""
    sentence = tell(event.account_id, event.subject)
    log.info("alert.looked_at", vendor=event.subject, status="open" if sentence else "ended")
    return Delivered(reference=event.subject, summary=sentence or "The connection works.")
