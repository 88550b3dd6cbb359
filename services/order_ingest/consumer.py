"""The consumer of order_ingest: expands announcements, fetches and reconciles on request."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from services.order_ingest.fetching.runs import follow_fetch
from services.order_ingest.fetching.wiring import fetching_handlers
from services.order_ingest.handler import Desk, expand_announcements
from services.order_ingest.reconciliation.comparison import reconcile
from services.order_ingest.reconciliation.desk import desk_of
from services.order_ingest.reconciliation.missing import look_for_missed
from services.order_ingest.settings import OrderIngestSettings
from services.order_ingest.webhook_check import check_brightpearl_webhooks, wired_check
from shared.db.engine import our_trouble
from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_MISSED,
    GOODS_OUT_NOTES_ANNOUNCED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
    Event,
    Queue,
)
from shared.journal.waiting import waiting
from shared.messaging.result import Result
from shared.messaging.units import Handler, Unit
from shared.process import ConsumerParts, run_consumer

# Seconds of our pace until a note that is at ShipHero is looked at for what changed.
CHANGE_SETTLES = 10.0


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.ORDER_INGEST, OrderIngestSettings, handlers, follow)


def handlers(parts: ConsumerParts[OrderIngestSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""

    def expand(events: Sequence[Event]) -> Iterable[Unit]:
        return expand_announcements(events, desk=_desk(parts, events[0].account_id))

    return {
        GOODS_OUT_NOTES_ANNOUNCED: expand,
        RECONCILIATION_REQUESTED: partial(reconcile, desk_of=partial(desk_of, parts)),
        GOODS_OUT_NOTE_MISSED: partial(look_for_missed, desk_of=partial(desk_of, parts)),
        BRIGHTPEARL_CHECK_REQUESTED: partial(check_brightpearl_webhooks, check=wired_check(parts)),
        **fetching_handlers(parts),
    }


def _desk(parts: ConsumerParts[OrderIngestSettings], account_id: UUID) -> Desk:
    def needless(note_ids: Collection[int]) -> set[int]:
        subjects = [str(note_id) for note_id in note_ids]
        with our_trouble(), parts.open_reading() as session:
            name, now = GOODS_OUT_NOTE_CHANGED, parts.now()
            waits = waiting(session, account_id, name, subjects, now=now)
        return {int(one) for one in waits} | parts.notes(account_id).shipped_by_us(note_ids)

    return Desk(
        account_code=parts.connections.brightpearl_account(account_id),
        needless=needless,
        at_shiphero=lambda note_ids: parts.notes(account_id).sent(note_ids).keys(),
        settled_at=parts.now() + parts.settings.pace.after(CHANGE_SETTLES),
    )


def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Show how a fetch goes; the sync log is left alone: nothing here is about a single note."""
    if event.name == REFERENCE_REQUESTED:
        follow_fetch(session, event, result, now)


if __name__ == "__main__":
    main()
