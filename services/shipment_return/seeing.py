"""What a look at an order tells by itself, the note unread: cancelled, deleted, told before."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from services.shipment_return.desk import Desk, Look
from services.shipment_return.finding import OrdersOfNote, find_orders
from services.shipment_return.reading import read_notes
from services.shipment_return.records import Known, mark_canceled
from services.shipment_return.remarks import Remark, add_remark
from services.shipment_return.telling import told_of_cancel, told_of_change
from services.shipment_return.writing import NOTHING_SHIPPED, shipped_words
from shared.alerts import end_alert, order_canceled, raise_alert
from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.notes.state import DONE
from shared.notes.store import NoteLease
from shared.outcome import Busy, Delivered, Outcome, Skipped

# The reason codes with which a note's order, not its shipment, comes to an end.
ORDER_ENDED = frozenset(
    {"canceled_at_shiphero", "canceled_part_shipped", "order_canceled_for_deleted_note"}
)


def needs_no_note(look: Look, known: Known) -> bool:
    """Say whether a look is answered without reading the note at Brightpearl."""
    return look.told.is_cancel or known.is_deleted or known.told is not None


def see_order(look: Look, *, desk: Desk) -> Outcome:
    """Read the note's order and tell Brightpearl what is new of it. Safe to run twice."""
    with desk.notes.leased(look.note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {look.note_id}.")
        known = desk.records.known([look.note_id])[look.note_id]
        if look.told.is_cancel and known.is_canceled and look.told.key == known.key:
            return _known_before(known)
        orders = find_orders(look.told, known, desk.shiphero)
        seen = seen_without_note(lease, look, known, orders, desk=desk)
        # What this look was to find is not there any more: it comes back as another kind of look.
        return seen or Busy(reason=f"Note {look.note_id} changed meanwhile.")


def seen_without_note(
    lease: NoteLease, look: Look, known: Known, orders: OrdersOfNote, *, desk: Desk
) -> Outcome | None:
    """Answer what the order alone tells; None when the note has to be read and shipped.

    Raises Permanent when the note of a shipment was deleted.
    """
    if orders.is_canceled:
        return _canceled(lease, known, orders, desk=desk)
    if look.told.is_cancel:
        return Skipped(
            code="not_canceled",
            reason=f"ShipHero does not show order {orders.present.order_number} as cancelled.",
        )
    if known.told is not None:
        return _changed(lease, known, orders, desk=desk)
    return _deleted(known, orders) if known.is_deleted else None


def _canceled(
    lease: NoteLease, known: Known, orders: OrdersOfNote, *, desk: Desk
) -> Delivered | Skipped:
    if known.is_canceled:
        return _known_before(known)
    order = orders.present
    if known.is_deleted:
        return Delivered(
            reference=order.id,
            code="order_canceled_for_deleted_note",
            summary=f"Order {order.order_number} is cancelled, as its note was deleted.",
            keep=partial(_keep_canceled, desk.settings.id, orders.key, ""),
        )
    words = told_of_cancel(order.order_number, known.number, orders.parcels)
    order_id = known.order_id or _order_id(known, desk)
    if order_id:
        remark = Remark(
            order_id=order_id,
            words=words,
            about=f"GO-{known.note_id}-canceled",
            which="" if orders.key.generation == 1 else str(orders.key.generation),
        )
        add_remark(lease, remark, desk.brightpearl)
    return Delivered(
        reference=order.id,
        code="canceled_part_shipped" if orders.parcels.boxes else "canceled_at_shiphero",
        summary=words,
        keep=partial(_keep_canceled, desk.settings.id, orders.key, _sentence(words, known)),
    )


def _order_id(known: Known, desk: Desk) -> int:
    return read_notes([known.note_id], desk.brightpearl).note(known.note_id).order_id


def _sentence(words: str, known: Known) -> str:
    """Say what an alert says; "" where a person shipped the note from elsewhere already."""
    if known.told is None:
        return (
            f"{words} Delete the note in Brightpearl if it is not to be sent, or ship it from "
            "elsewhere."
        )
    if not known.told.boxes:
        return ""
    return f"{words} Brightpearl says that the note is shipped: look whether its goods have left."


def _keep_canceled(
    account_id: UUID, key: NoteKey, sentence: str, session: Session, now: datetime
) -> None:
    """Remember the cancellation and open its alert, or end it for no sentence."""
    mark_canceled(session, account_id, key, now=now)
    cause = order_canceled(account_id, key.note_id)
    if sentence:
        raise_alert(session, cause, sentence=sentence, raised_at=now)
    else:
        end_alert(session, cause, now=now)


def _known_before(known: Known) -> Skipped:
    words = f"It is known that the order of note {known.number} is cancelled."
    if known.is_deleted:
        return Skipped(code="echo", reason=words)
    return Skipped(code="already_canceled", reason=words)


def _changed(
    lease: NoteLease, known: Known, orders: OrdersOfNote, *, desk: Desk
) -> Delivered | Skipped:
    """Tell on the sales order what became of parcels since their note was shipped (§7b)."""
    assert known.told is not None
    now = orders.parcels.tally
    if now == known.told:
        return _unchanged(known)
    if not _shows_shipments(orders):
        # Absence is a suspicion, not a fact: a void leaves its label behind.
        return Skipped(code=NOTHING_SHIPPED, reason="ShipHero shows no shipment any more.")
    words = told_of_change(known.told, now)
    remark = Remark(
        order_id=known.order_id or 0,
        words=f"The parcels of note {known.number} changed after it was shipped: {words}.",
        about=f"GO-{known.note_id}-parcels",
        which=f"{known.told.digest()}-{now.digest()}",
    )
    if remark.order_id:
        add_remark(lease, remark, desk.brightpearl)
    desk.records.told(known.note_id, now)
    return Delivered(
        reference=known.number, summary=f"Its parcels changed, told in an order note: {words}."
    )


def _unchanged(known: Known) -> Delivered | Skipped:
    if known.shipment_stage != DONE:
        return Delivered(reference=known.number, summary=shipped_words(known.tracking))
    return Skipped(
        code="parcels_unchanged", reason="Brightpearl was told of these very parcels before."
    )


def _deleted(known: Known, orders: OrdersOfNote) -> Skipped:
    parcels, order = orders.parcels, orders.present
    if not parcels.boxes:
        return Skipped(code=NOTHING_SHIPPED, reason="ShipHero has not shipped it yet.")
    tracking = ", ".join(parcels.tracking) or "without a tracking number"
    raise Permanent(
        f"Note {known.number} was deleted in Brightpearl, but ShipHero shipped its order "
        f"{order.order_number} ({tracking}). Make the note again in Brightpearl and ship it there, "
        "or have the parcel come back.",
        code="note_deleted_but_shipped",
    )


def _shows_shipments(orders: OrdersOfNote) -> bool:
    return any(one.shipments for one in (orders.present, *orders.earlier))
