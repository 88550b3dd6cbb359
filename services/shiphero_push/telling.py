"""Tell ShipHero once what changed of a note's order since it was told last, while it can be."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.shiphero_push.cancelling import cancel_for_deleted, has_left
from services.shiphero_push.desk import Desk
from services.shiphero_push.header import (
    BILLING_ADDRESS,
    EMAIL,
    GIFT_NOTE,
    HOLD_UNTIL,
    PACKING_NOTE,
    PRIORITY,
    REQUIRED_SHIP_DATE,
    SHIPPING_ADDRESS,
    SHIPPING_LINES,
    SHOP,
    TAGS,
    header_of,
)
from services.shiphero_push.words import sent_words
from shared.errors import Permanent, Transient
from shared.events import SHIPMENT_SUSPECTED, Event, NewEvent
from shared.notes.known import Link
from shared.outcome import Busy, Delivered, Outcome
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.shiphero.models import ShipHeroOrder
from shared.vendors.shiphero.new_order import NewOrder, OrderChange

IN_WORDS = {
    SHIPPING_LINES: "shipping method",
    PRIORITY: "priority",
    SHIPPING_ADDRESS: "delivery address",
    BILLING_ADDRESS: "billing address",
    REQUIRED_SHIP_DATE: "required ship date",
    HOLD_UNTIL: "release date",
    PACKING_NOTE: "packing note",
    GIFT_NOTE: "gift note",
    TAGS: "tags",
    EMAIL: "e-mail address",
    SHOP: "shop name",
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What of a note's order is otherwise now than ShipHero was told, `known` when it was read.

    `fields` can be told; `by_hand` are those that ShipHero's interface cannot change.
    """

    note: GoodsOutNote
    new: NewOrder
    known: Link
    fields: frozenset[str]
    by_hand: frozenset[str]

    @property
    def what(self) -> str:
        """Name what is told, for a person."""
        return _listed(self.fields)

    @property
    def advice(self) -> str:
        """Say what a person has to change at ShipHero, "" where nothing is left."""
        if not self.by_hand:
            return ""
        return (
            f"ShipHero's interface cannot change the {_listed(self.by_hand)} of order "
            f"{self.known.order_number}: change it there by hand if it matters."
        )


def tell_change(change: Change, event: Event, *, desk: Desk) -> Outcome:
    """Change the order's header at ShipHero, unless it is too late. Safe to run twice."""
    note_id, known = change.note.id, change.known
    with desk.notes.leased(note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {note_id}.")
        if desk.notes.deleted(note_id):
            return cancel_for_deleted(lease, desk=desk)
        if desk.notes.link(note_id) != known:
            # What was read of the note may be older than what another has told since.
            return Busy(reason=f"ShipHero was told of note {note_id} meanwhile.")
        order = desk.shiphero.order(known.shiphero_order_id)
        if order is None:
            raise Transient(
                f"ShipHero does not show order {known.order_number}.", code="order_not_found"
            )
        if order.canceled:
            return _canceled(order, event, note_id, desk=desk)
        if _all_left(order):
            return _too_late(order, change, "it has been shipped")
        lease.renew()
        return _update(order, change, desk=desk)


def only_by_hand(change: Change) -> Delivered:
    """Tell a person of a change that ShipHero cannot be told."""
    return Delivered(
        reference=change.known.shiphero_order_id, summary=change.advice, code="change_by_hand"
    )


def _update(order: ShipHeroOrder, change: Change, *, desk: Desk) -> Delivered:
    try:
        desk.shiphero.update_order(_asked(order.id, change))
    except Permanent as refusal:
        if refusal.code != "shiphero_invalid_argument":
            raise
        return _too_late(order, change, str(refusal))
    header = header_of(change.new)
    # What a person has to change stays as it was told, so that it is not forgotten.
    kept = {name: words for name, words in change.known.sent.items() if name in change.by_hand}
    sent = {name: words for name, words in header.items() if name not in change.by_hand} | kept
    words = sent_words(change.new.shipping_lines)
    desk.notes.told(change.note.id, sent=sent, method_sent=words)
    told = f"Order {order.order_number} at ShipHero has the note's new {change.what}."
    return Delivered(
        reference=order.id,
        summary=f"{told} {change.advice}".strip(),
        code="change_by_hand" if change.by_hand else "",
    )


def _asked(order_id: str, change: Change) -> OrderChange:
    """Name what changed, and clear what is no longer set.

    Whether null clears a date is not known (contract §7): a hold is ended with the note's own
    release date.
    """
    new, note = change.new, change.note
    values: dict[str, object] = {
        SHIPPING_LINES: new.shipping_lines,
        PRIORITY: bool(new.priority_flag),
        SHIPPING_ADDRESS: new.shipping_address,
        BILLING_ADDRESS: new.billing_address,
        REQUIRED_SHIP_DATE: new.required_ship_date,
        HOLD_UNTIL: new.hold_until_date or note.release_date or note.created_on,
        PACKING_NOTE: new.packing_note or "",
        GIFT_NOTE: new.gift_note or "",
        TAGS: new.tags or (),
    }
    fields = {name: values[name] for name in change.fields}
    return OrderChange.model_validate({"order_id": order_id, **fields})


def _all_left(order: ShipHeroOrder) -> bool:
    """Say whether nothing is left to send; what is goes by the order as it is then."""
    is_pending = any(line.quantity_pending_fulfillment for line in order.line_items)
    return order.fulfilled or (has_left(order) and not is_pending)


def _too_late(order: ShipHeroOrder, change: Change, why: str) -> Delivered:
    return Delivered(
        reference=order.id,
        summary=f"Order {order.order_number} did not get the note's new {change.what}: {why}. "
        "If it matters, tell the warehouse or the carrier.",
        code="change_too_late",
    )


def _canceled(order: ShipHeroOrder, event: Event, note_id: int, *, desk: Desk) -> Delivered:
    """Tell that the warehouse cancelled it; the shipment side writes it where people look."""
    look = NewEvent(
        account_id=event.account_id,
        name=SHIPMENT_SUSPECTED,
        subject=str(note_id),
        dedupe_key=f"{desk.settings.code}:canceled:{order.id}",
        payload={"key": order.partner_order_id, "order_id": order.id, "canceled": True},
        lane=event.lane,
        traceparent=event.traceparent,
    )
    return Delivered(
        reference=order.id,
        summary=f"Order {order.order_number} was cancelled in ShipHero.",
        code="canceled_at_shiphero",
        follow_ons=(look,),
    )


def _listed(names: Iterable[str]) -> str:
    words = [words for name, words in IN_WORDS.items() if name in names]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
