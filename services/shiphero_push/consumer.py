"""The consumer of shiphero_push: goods-out notes into ShipHero orders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from services.shiphero_push.asked import cancel_orders, send_anew
from services.shiphero_push.desk import Desk
from services.shiphero_push.handler import push_goods_out_notes, report_destroyed
from services.shiphero_push.settings import ShipHeroPushSettings
from shared.catalogue.products import Catalogue
from shared.db.note_tables import SyncLogRow
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    ORDER_CANCEL_REQUESTED,
    ORDER_RESEND_REQUESTED,
    Event,
    Queue,
)
from shared.messaging.delivery import Handler, Unit
from shared.messaging.result import Result
from shared.notes.correcting import CorrectionBook
from shared.notes.persons import PersonDigests
from shared.notes.progress import Standing, move, standing_after
from shared.notes.shadow import ShadowBook
from shared.notes.state import AT_SHIPHERO, CANCELED, ORDER
from shared.outcome import Delivered, Skipped
from shared.process import ConsumerParts, run_consumer

# What a person asked for says where the order stands only when it was done.
ASKED = {ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED}
NO_LIVE_ORDER = "ShipHero shows no order of the note that is not cancelled."


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.SHIPHERO_PUSH, ShipHeroPushSettings, handlers, follow)


def handlers(parts: ConsumerParts[ShipHeroPushSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""
    persons = PersonDigests(parts.settings.secret_keys.get_secret_value())

    def at_desk(handler: Callable[..., Iterable[Unit]]) -> Handler:
        def handle(events: Sequence[Event]) -> Iterable[Unit]:
            return handler(events, desk=_desk(parts, events[0], persons))

        return handle

    return {
        GOODS_OUT_NOTE_CHANGED: at_desk(push_goods_out_notes),
        GOODS_OUT_NOTE_DESTROYED: at_desk(report_destroyed),
        ORDER_CANCEL_REQUESTED: at_desk(cancel_orders),
        ORDER_RESEND_REQUESTED: at_desk(send_anew),
    }


def _desk(parts: ConsumerParts[ShipHeroPushSettings], event: Event, persons: PersonDigests) -> Desk:
    account_id = event.account_id
    return Desk(
        settings=parts.account(account_id),
        notes=parts.notes(account_id),
        shadow=ShadowBook(parts.open_session, parts.open_reading, account_id, parts.now),
        brightpearl=parts.connections.brightpearl(account_id),
        shiphero=parts.connections.shiphero(account_id),
        catalogue=Catalogue(parts.open_session, parts.open_reading, account_id, parts.now),
        persons=persons,
        corrections=CorrectionBook(
            parts.open_session, parts.open_reading, account_id, parts.connections.box
        ),
        now=parts.now,
        patience=parts.settings.pace.after(parts.settings.checking_for),
    )


def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Show on the sync log where the order side of the note stands."""
    if isinstance(result, Skipped) and result.code == "echo":
        return
    if event.name in ASKED and not isinstance(result, Delivered):
        return
    standing = standing_after(result)
    if event.name == ORDER_RESEND_REQUESTED and _is_at_shiphero(session, event):
        # ShipHero shows no live order any more, which nobody had told us.
        gone = Standing(stage=CANCELED, code="canceled_at_shiphero", reason=NO_LIVE_ORDER)
        move(session, event, int(event.subject), ORDER, gone, now=now)
    if standing is not None:
        move(session, event, int(event.subject), ORDER, standing, now=now)


def _is_at_shiphero(session: Session, event: Event) -> bool:
    row = session.get(SyncLogRow, (event.account_id, int(event.subject)))
    return row is not None and row.order_stage in AT_SHIPHERO


if __name__ == "__main__":
    main()
