"""The consumer of the notifier."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import Session

from services.notifier.handler import tell_changes
from services.notifier.settings import NotifierSettings
from shared.db.engine import our_trouble
from shared.db.note_tables import TimelineRow
from shared.events import SYNC_LOG_CHANGED, Event, Queue
from shared.messaging.delivery import Handler
from shared.messaging.ending import Result
from shared.process import ConsumerParts, run_consumer


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.NOTIFIER, NotifierSettings, handlers, follow)


def handlers(parts: ConsumerParts[NotifierSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""

    def write(row: TimelineRow) -> bool:
        with our_trouble(), parts.open_session() as session:
            is_new = session.get(TimelineRow, row.event_id) is None
            session.merge(row)
            session.commit()
        return is_new

    return {SYNC_LOG_CHANGED: partial(tell_changes, write=write)}


def follow(_session: Session, _event: Event, _result: Result, _now: datetime) -> None:
    """Leave the sync log alone: telling a change changes nothing."""


if __name__ == "__main__":
    main()
