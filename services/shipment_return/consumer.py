"""The consumer of shipment_return: shipments into tracking and shipped events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from services.shipment_return.announcement import told_by
from services.shipment_return.comparison import compare_orders, desk_of
from services.shipment_return.desk import Desk
from services.shipment_return.handler import return_shipments
from services.shipment_return.memory import BatchMemory
from services.shipment_return.records import Records
from services.shipment_return.seeing import ORDER_ENDED
from services.shipment_return.settings import ShipmentReturnSettings
from services.shipment_return.webhook_check import check_shiphero_webhooks, wired_check
from services.shipment_return.writing import NOTHING_SHIPPED
from shared.alerts import end_alert, order_canceled
from shared.db.account_tables import Account
from shared.db.note_tables import SyncLogRow
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
from shared.messaging.result import Result
from shared.notes.progress import Standing, move, standing_after
from shared.notes.state import AT_SHIPHERO, CANCELED, DONE, FAILED, ORDER, SHIPMENT, WAITING
from shared.outcome import Delivered, Skipped
from shared.process import ConsumerParts, run_consumer

# A look that found nothing to say to the merchant.
SAYS_NOTHING = {
    NOTHING_SHIPPED, "parcels_unchanged", "not_canceled", "already_canceled", "echo", "not_ours",
}  # fmt: skip


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
        records=Records(parts.open_session, parts.open_reading, account_id, now=parts.now),
        brightpearl=parts.connections.brightpearl(account_id),
        shiphero=parts.connections.shiphero(account_id),
        batches=BatchMemory(parts.open_session, parts.open_reading, account_id),
        now=parts.now,
    )


def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Show on the sync log where the note stands: its order when cancelled, else its shipment."""
    if isinstance(result, Skipped) and result.code in SAYS_NOTHING - {NOTHING_SHIPPED}:
        return
    account = session.get_one(Account, event.account_id)
    told, standing = told_by(event, account_code=account.code), standing_after(result)
    if told is None or standing is None:
        return
    note_id = told.key.note_id
    if isinstance(result, Skipped) and result.code == NOTHING_SHIPPED:
        _take_back(session, event, note_id, now=now)
    elif isinstance(result, Delivered) and result.code in ORDER_ENDED:
        # Some of it may have left before its shipment was looked at, so the log need not know yet.
        is_short = result.code == "canceled_part_shipped"
        order = replace(standing, code="canceled_at_shiphero") if is_short else standing
        move(session, event, note_id, ORDER, order, now=now)
        if is_short or _row(session, event, note_id).shipment_stage == WAITING:
            short = Standing(stage=FAILED, code="canceled_part_shipped", reason=standing.reason)
            move(session, event, note_id, SHIPMENT, short, now=now)
    # A look for a cancellation that failed says nothing of where order and shipment stand.
    elif not told.is_cancel:
        move(session, event, note_id, SHIPMENT, standing, now=now)
        if isinstance(result, Delivered):
            _correct_order(session, event, _row(session, event, note_id), now=now)


def _take_back(session: Session, event: Event, note_id: int, *, now: datetime) -> None:
    """Say of a note whose part had left that no label of it stands; of others nothing is said."""
    row = session.get(SyncLogRow, (event.account_id, note_id))
    if row is not None and row.shipment_stage == WAITING:
        reason = (
            "ShipHero shows no valid label of it just now; the note is marked as shipped with the "
            "last one."
        )
        waits = Standing(stage=WAITING, code="waiting_for_rest", reason=reason)
        move(session, event, note_id, SHIPMENT, waits, now=now)


def _row(session: Session, event: Event, note_id: int) -> SyncLogRow:
    # As `move` left it: it is in the session already.
    return session.get_one(SyncLogRow, (event.account_id, note_id))


def _correct_order(session: Session, event: Event, row: SyncLogRow, *, now: datetime) -> None:
    """Agree with a shipped note: its order is at ShipHero, and nobody need mind a cancelled one."""
    if row.order_stage == DONE:
        return
    end_alert(session, order_canceled(event.account_id, row.note_id), now=now)
    if row.order_stage not in AT_SHIPHERO | {CANCELED}:
        # The push died before it recorded that, or has not come to it yet.
        there = Standing(stage=DONE, reason="ShipHero has shipped it.")
        move(session, event, row.note_id, ORDER, there, now=now)


if __name__ == "__main__":
    main()
