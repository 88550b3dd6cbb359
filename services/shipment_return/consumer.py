"""The consumer of shipment_return: shipments into tracking and shipped events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from services.shipment_return.announcement import note_of
from services.shipment_return.comparison import compare_orders, desk_of
from services.shipment_return.handler import NOTHING_SHIPPED, Desk, return_shipments
from services.shipment_return.memory import BatchMemory
from services.shipment_return.settings import ShipmentReturnSettings
from services.shipment_return.webhook_check import check_shiphero_webhooks, wired_check
from shared.db.account_tables import Account
from shared.events import (
    SHIPHERO_CHECK_REQUESTED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    SHIPHERO_WEBHOOK_RECEIVED,
    SHIPMENT_ANNOUNCED,
    SHIPMENT_SUSPECTED,
    Event,
    Queue,
)
from shared.messaging.delivery import Handler, Unit
from shared.messaging.ending import Result
from shared.notes.progress import SHIPMENT, move, standing_after
from shared.outcome import Skipped
from shared.process import ConsumerParts, run_consumer


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.SHIPMENT_RETURN, ShipmentReturnSettings, handlers, follow)


def handlers(parts: ConsumerParts[ShipmentReturnSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler; a webhook of another type ends there as skipped."""

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        return return_shipments(events, desk=_desk(parts, events[0]))

    return {
        SHIPMENT_ANNOUNCED: handle,
        SHIPMENT_SUSPECTED: handle,
        SHIPHERO_WEBHOOK_RECEIVED: handle,
        SHIPHERO_RECONCILIATION_REQUESTED: partial(compare_orders, desk_of=partial(desk_of, parts)),
        SHIPHERO_CHECK_REQUESTED: partial(check_shiphero_webhooks, check=wired_check(parts)),
    }


def _desk(parts: ConsumerParts[ShipmentReturnSettings], event: Event) -> Desk:
    account_id = event.account_id
    return Desk(
        settings=parts.account(account_id),
        notes=parts.notes(account_id),
        brightpearl=parts.connections.brightpearl(account_id),
        shiphero=parts.connections.shiphero(account_id),
        batches=BatchMemory(parts.open_session, parts.open_reading, account_id),
        now=parts.now,
    )


def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Show on the sync log where the shipment side of the note stands."""
    if isinstance(result, Skipped) and result.code == NOTHING_SHIPPED:
        return
    account = session.get_one(Account, event.account_id)
    note_id = note_of(event, account_code=account.code)
    standing = standing_after(result)
    if note_id is not None and standing is not None:
        move(session, event, note_id, SHIPMENT, standing, now=now)


if __name__ == "__main__":
    main()
