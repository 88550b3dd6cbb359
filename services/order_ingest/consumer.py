"""The consumer of order_ingest: expands announcements, reconciles on request."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import Session

from services.order_ingest.handler import Comparison, expand_announcements, reconcile
from services.order_ingest.settings import OrderIngestSettings
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, RECONCILIATION_REQUESTED, Event, Queue
from shared.messaging.delivery import Handler
from shared.messaging.ending import Result
from shared.process import ConsumerParts, run_consumer


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.ORDER_INGEST, OrderIngestSettings, handlers, follow)


def handlers(parts: ConsumerParts[OrderIngestSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""

    def comparison(event: Event) -> Comparison:
        return Comparison(
            brightpearl=parts.connections.brightpearl(event.account_id),
            go_live_at=parts.account(event.account_id).go_live_at,
            sent=parts.notes(event.account_id).sent,
        )

    def account_code(event: Event) -> str:
        return parts.connections.brightpearl_account(event.account_id)

    return {
        GOODS_OUT_NOTES_ANNOUNCED: partial(expand_announcements, account_code=account_code),
        RECONCILIATION_REQUESTED: partial(reconcile, comparison=comparison),
    }


def follow(_session: Session, _event: Event, _result: Result, _now: datetime) -> None:
    """Leave the sync log alone: an announcement is about no single note yet."""


if __name__ == "__main__":
    main()
