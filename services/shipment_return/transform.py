"""What ShipHero shipped, as Brightpearl wants to be told. No clock, no network, no database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from shared.vendors.brightpearl.models import (
    REFERENCE_LIMIT,
    WEIGHT_LIMIT,
    GoodsOutNote,
    NewNoteShipping,
    NoteDetails,
)
from shared.vendors.shiphero.models import ShipHeroOrder, Shipment, ShippingLabel

SEPARATOR = ", "
# ShipHero shows "valid"; what a voided label's status says is not known, so only refunds count.
PICKUP = "pickup"

# ShipHero weighs in the unit of its account, which no call tells; ounces unless changed (contract
# §9, "Oz by default" in the schema).
GRAMS_IN_AN_OUNCE = Decimal("28.349523125")
# Brightpearl's productWeightUnit; GRAM is documented (contract §9), the others are its kin. For a
# word that is not here no weight is written: a wrong one is worse than none, boxes always are.
GRAMS_IN: Mapping[str, Decimal] = {
    "GRAM": Decimal(1),
    "KILOGRAM": Decimal(1000),
    "OUNCE": GRAMS_IN_AN_OUNCE,
    "POUND": 16 * GRAMS_IN_AN_OUNCE,
}
WEIGHT_STEP = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class Parcels:
    """What has left the warehouse for one order.

    `shipped` and `ordered` are pieces; `tracking` holds each number once, in order. `ounces` is
    None unless every parcel tells its weight.
    """

    shipped: int
    ordered: int
    boxes: int
    tracking: tuple[str, ...]
    ounces: Decimal | None
    last_shipped_at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether every piece of every line has shipped."""
        return 0 < self.ordered <= self.shipped

    @property
    def overflow(self) -> tuple[str, ...]:
        """The tracking numbers that do not fit into the note's reference."""
        return tracking_reference(self.tracking)[1]


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
        ounces=_sum_of_all([label.dimensions.weight for label in labels]),
        last_shipped_at=max(made, default=None),
    )


def _labels(shipment: Shipment) -> list[ShippingLabel]:
    return [label for label in shipment.shipping_labels if not label.refunded]


def _tracking(label: ShippingLabel) -> str:
    # The number may be "" or "Pickup" (contract §8, §10): neither can be tracked.
    number = label.tracking_number.strip()
    return "" if number.lower() == PICKUP else number


def _sum_of_all(weights: Sequence[Decimal | None]) -> Decimal | None:
    known = [weight for weight in weights if weight is not None and weight > 0]
    return sum(known, start=Decimal(0)) if known and len(known) == len(weights) else None


def weight_in(unit: str, ounces: Decimal | None) -> Decimal | None:
    """Turn ounces into Brightpearl's `unit`; None where it cannot be told, or not be written."""
    grams = GRAMS_IN.get(unit.strip().upper())
    if ounces is None or grams is None:
        return None
    weight = ounces * GRAMS_IN_AN_OUNCE / grams
    if weight > WEIGHT_LIMIT:
        return None
    return weight.quantize(WEIGHT_STEP, ROUND_HALF_UP) or None


def tracking_reference(numbers: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Join as many whole numbers as Brightpearl's 64 characters hold; also gives the rest."""
    fitting = 0
    while fitting < len(numbers) and len(SEPARATOR.join(numbers[: fitting + 1])) <= REFERENCE_LIMIT:
        fitting += 1
    return SEPARATOR.join(numbers[:fitting]), tuple(numbers[fitting:])


def numbers_lacking(reference: str, numbers: Sequence[str]) -> tuple[str, ...]:
    """Pick the tracking numbers that a note's reference does not hold; spaces and case aside."""
    held = _plain(reference)
    return tuple(number for number in numbers if _plain(number) not in held)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def to_note_details(note: GoodsOutNote, parcels: Parcels, *, weight_unit: str) -> NoteDetails:
    """Write tracking, boxes and weight; priority and method stay as the note has them.

    So does a reference that a person entered, when there is nothing to track. `weight_unit` is the
    account's at Brightpearl, "" while it is not known.
    """
    reference, _ = tracking_reference(parcels.tracking)
    return NoteDetails(
        priority=note.priority,
        shipping=NewNoteShipping(
            reference=reference or note.shipping.reference or None,
            shipping_method_id=note.shipping.shipping_method_id or None,
            boxes=parcels.boxes,
            weight=weight_in(weight_unit, parcels.ounces),
        ),
    )
