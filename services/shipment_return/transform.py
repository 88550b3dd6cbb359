"""What ShipHero shipped, as Brightpearl wants to be told. No clock, no network, no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.vendors.brightpearl.models import (
    REFERENCE_LIMIT,
    GoodsOutNote,
    NewNoteShipping,
    NoteDetails,
)
from shared.vendors.shiphero.models import ShipHeroOrder, Shipment, ShippingLabel

SEPARATOR = ", "
# ShipHero shows "valid"; what a voided label's status says is not known, so only refunds count.
PICKUP = "pickup"


@dataclass(frozen=True, kw_only=True)
class Parcels:
    """What has left the warehouse for one order.

    `shipped` and `ordered` are pieces; `tracking` holds each number once, in order.
    """

    shipped: int
    ordered: int
    boxes: int
    tracking: tuple[str, ...]
    last_shipped_at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether every piece of every line has shipped."""
        return 0 < self.ordered <= self.shipped


def parcels_of(order: ShipHeroOrder) -> Parcels:
    """Add up an order's shipments, leaving out what was refunded, a refunded label's pieces too."""
    shipments = [shipment for shipment in order.shipments if not shipment.refunded]
    labels = [label for shipment in shipments for label in _labels(shipment)]
    pieces: Counter[str] = Counter()
    refunded = {label.id for one in shipments for label in one.shipping_labels if label.refunded}
    for shipment in shipments:
        for line in shipment.line_items:
            if line.shipping_label_id not in refunded:
                pieces[line.line_item_id] += line.quantity
    made = [shipment.created_date for shipment in shipments if shipment.created_date]
    return Parcels(
        # No line may make up for another that ships too little.
        shipped=sum(min(line.quantity, pieces[line.id]) for line in order.line_items),
        ordered=sum(line.quantity for line in order.line_items),
        boxes=len(labels) or len(shipments),
        tracking=tuple(dict.fromkeys(filter(None, map(_tracking, labels)))),
        last_shipped_at=max(made, default=None),
    )


def _labels(shipment: Shipment) -> list[ShippingLabel]:
    return [label for label in shipment.shipping_labels if not label.refunded]


def _tracking(label: ShippingLabel) -> str:
    # The number may be "" or "Pickup" (contract §8, §10): neither can be tracked.
    number = label.tracking_number.strip()
    return "" if number.lower() == PICKUP else number


def tracking_reference(numbers: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Join as many whole numbers as Brightpearl's 64 characters hold; also gives the rest."""
    fitting = 0
    while fitting < len(numbers) and len(SEPARATOR.join(numbers[: fitting + 1])) <= REFERENCE_LIMIT:
        fitting += 1
    return SEPARATOR.join(numbers[:fitting]), tuple(numbers[fitting:])


def to_note_details(note: GoodsOutNote, parcels: Parcels) -> NoteDetails:
    """Write tracking and boxes; priority and method stay as the note has them.

    So does a reference that a person entered, when there is nothing to track.
    """
    reference, _ = tracking_reference(parcels.tracking)
    return NoteDetails(
        priority=note.priority,
        shipping=NewNoteShipping(
            reference=reference or note.shipping.reference or None,
            shipping_method_id=note.shipping.shipping_method_id or None,
            boxes=parcels.boxes,
        ),
    )
