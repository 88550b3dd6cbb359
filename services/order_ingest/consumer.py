"""The consumer of order_ingest: expands announcements, fetches and reconciles on request."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import Session

from services.order_ingest.fetching.runs import follow_fetch
from services.order_ingest.fetching.wiring import fetching_handlers
from services.order_ingest.handler import expand_announcements
from services.order_ingest.reconciliation.comparison import reconcile
from services.order_ingest.reconciliation.desk import desk_of
from services.order_ingest.reconciliation.missing import look_for_missed
from services.order_ingest.settings import OrderIngestSettings
from services.order_ingest.webhook_check import check_brightpearl_webhooks, wired_check
from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    GOODS_OUT_NOTE_MISSED,
    GOODS_OUT_NOTES_ANNOUNCED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
    Event,
    Queue,
)
from shared.messaging.delivery import Handler
from shared.messaging.ending import Result
from shared.process import ConsumerParts, run_consumer


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.ORDER_INGEST, OrderIngestSettings, handlers, follow)


def handlers(parts: ConsumerParts[OrderIngestSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""

    def account_code(event: Event) -> str:
        return parts.connections.brightpearl_account(event.account_id)

    return {
        GOODS_OUT_NOTES_ANNOUNCED: partial(expand_announcements, account_code=account_code),
        RECONCILIATION_REQUESTED: partial(reconcile, desk_of=partial(desk_of, parts)),
        GOODS_OUT_NOTE_MISSED: partial(look_for_missed, desk_of=partial(desk_of, parts)),
        BRIGHTPEARL_CHECK_REQUESTED: partial(check_brightpearl_webhooks, check=wired_check(parts)),
        **fetching_handlers(parts),
    }


def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Show how a fetch goes; the sync log is left alone: nothing here is about a single note."""
    if event.name == REFERENCE_REQUESTED:
        follow_fetch(session, event, result, now)


if __name__ == "__main__":
    main()
