"""The consumer of the notifier."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from services.notifier.alerts import tell_connections
from services.notifier.handler import tell_changes
from services.notifier.settings import NotifierSettings
from shared.connecting.alerts import tell_connection
from shared.db.engine import our_trouble
from shared.events import CONNECTION_BROKEN, CONNECTION_MENDED, SYNC_LOG_CHANGED, Event, Queue
from shared.messaging.ending import Result
from shared.messaging.units import Handler
from shared.process import ConsumerParts, run_consumer


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.NOTIFIER, NotifierSettings, handlers, follow)


def handlers(parts: ConsumerParts[NotifierSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""

    def tell(account_id: UUID, vendor: str) -> str:
        with our_trouble(), parts.open_session() as session:
            sentence = tell_connection(session, account_id, vendor, now=parts.now())
            session.commit()
        return sentence

    connections = partial(tell_connections, tell=tell)
    return {
        SYNC_LOG_CHANGED: tell_changes,
        CONNECTION_BROKEN: connections,
        CONNECTION_MENDED: connections,
    }


def follow(_session: Session, _event: Event, _result: Result, _now: datetime) -> None:
    """Leave the sync log alone: telling a change changes nothing."""


if __name__ == "__main__":
    main()
