"""What has left the warehouse for a note, from its orders at ShipHero. Pure.

Labels are voided, made anew and refunded (contract §8, §10), and a kit may ship as its components:
what the contract leaves open is read so that either answer is safe.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Self

from shared.vendors.shiphero.models import LineItem, ShipHeroOrder, Shipment, ShippingLabel

PICKUP = "pickup"
# ShipHero shows "valid"; what a voided label says is not known (contract §8), so every word that
# begins like this is taken for it, and any other for a label that stands.
GONE = ("void", "cancel", "refund")


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The parcels that Brightpearl is told of: how many, and each tracking number."""

    boxes: int
    tracking: frozenset[str]

    def written(self) -> str:
        """Write it for our table; equal tallies are written alike."""
        return json.dumps([self.boxes, *sorted(self.tracking)], ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `written` wrote; None for ""."""
        if not text:
            return None
        boxes, *numbers = json.loads(text)
        return cls(boxes=boxes, tracking=frozenset(numbers))

    def digest(self) -> str:
        """Name it in a few characters."""
        return sha256(self.written().encode()).hexdigest()[:8]


@dataclass(frozen=True, kw_only=True)
class Parcels:
    """What has left the warehouse for one note.

    `shipped` and `ordered` are pieces of the note's own lines; `tracking` holds each number once,
    in order. `ounces` is None unless every parcel tells its weight. `fulfilled` is ShipHero's word
    that nothing more will come.
    """

    shipped: int
    ordered: int
    boxes: int
    tracking: tuple[str, ...]
    ounces: Decimal | None
    last_shipped_at: datetime | None
    fulfilled: bool = False

    @property
    def complete(self) -> bool:
        """Whether every piece has left; a kit's pieces may be lines that are not ours."""
        return 0 < self.ordered <= self.shipped or (self.fulfilled and self.boxes > 0)

    @property
    def tally(self) -> Tally:
        """What Brightpearl is told of it."""
        return Tally(boxes=self.boxes, tracking=frozenset(self.tracking))


def parcels_of(order: ShipHeroOrder, *earlier: ShipHeroOrder) -> Parcels:
    """Add up a note's shipments; `earlier` are orders that a deliberate re-create replaced."""
    of_each = [_parcels_of_one(one) for one in (order, *earlier)]
    if not earlier:
        return of_each[0]
    best = next((one for one in of_each if one.complete), of_each[0])
    weights = [one.ounces for one in of_each if one.boxes]
    made = [one.last_shipped_at for one in of_each if one.last_shipped_at]
    return replace(
        best,
        boxes=sum(one.boxes for one in of_each),
        tracking=tuple(dict.fromkeys(number for one in of_each for number in one.tracking)),
        ounces=_sum_of_all(weights),
        last_shipped_at=max(made, default=None),
    )


def _parcels_of_one(order: ShipHeroOrder) -> Parcels:
    shipments = [shipment for shipment in order.shipments if not shipment.refunded]
    labels = [label for shipment in shipments for label in _labels(shipment)]
    pieces, withdrawn = _pieces(order)
    # A shipment without any label at all is one box; one whose labels are all void is none.
    unlabelled = [shipment for shipment in shipments if not shipment.shipping_labels]
    left_at = [one.created_date for one in shipments if one.created_date and _has_left(one)]
    lines = _lines_of_ours(order)
    return Parcels(
        # No line may make up for another that ships too little.
        shipped=sum(min(line.quantity, pieces[line.id]) for line in lines),
        ordered=sum(line.quantity for line in lines),
        boxes=len(labels) + len(unlabelled),
        tracking=tuple(dict.fromkeys(filter(None, map(_tracking, labels)))),
        ounces=_sum_of_all([label.dimensions.weight for label in labels]),
        last_shipped_at=max(left_at, default=None),
        fulfilled=order.fulfilled and not _is_short(order, pieces, withdrawn),
    )


def _lines_of_ours(order: ShipHeroOrder) -> Sequence[LineItem]:
    """Leave out lines that the warehouse added, such as a kit's components."""
    ours = [
        line
        for line in order.line_items
        if line.partner_line_item_id.startswith(f"{order.partner_order_id}-")
    ]
    return ours or order.line_items


def _pieces(order: ShipHeroOrder) -> tuple[Counter[str], Counter[str]]:
    """Count by line what left, and what did not after all: its label voided, or refunded."""
    left: Counter[str] = Counter()
    withdrawn: Counter[str] = Counter()
    for shipment in order.shipments:
        void = _void_labels(shipment)
        for line in shipment.line_items:
            is_back = shipment.refunded or line.shipping_label_id in void
            (withdrawn if is_back else left)[line.line_item_id] += line.quantity
    return left, withdrawn


def _void_labels(shipment: Shipment) -> set[str]:
    """Give the voided labels that nothing replaced.

    Whether the lines of a label that is made anew go to the new one is not known: a label without
    lines of its own stands in for the one that was voided.
    """
    with_lines = {line.shipping_label_id for line in shipment.line_items}
    if any(label.id not in with_lines for label in _labels(shipment)):
        return set()
    return {label.id for label in shipment.shipping_labels if not _stands(label)}


def _is_short(order: ShipHeroOrder, left: Counter[str], withdrawn: Counter[str]) -> bool:
    """Say whether pieces came back and did not leave again; the order stays "fulfilled" then."""
    ordered = {line.id: line.quantity for line in order.line_items}
    return any(left[line_id] < ordered.get(line_id, 1) for line_id in withdrawn)


def _labels(shipment: Shipment) -> list[ShippingLabel]:
    return [label for label in shipment.shipping_labels if _stands(label)]


def _has_left(shipment: Shipment) -> bool:
    return bool(_labels(shipment)) or not shipment.shipping_labels


def _stands(label: ShippingLabel) -> bool:
    return not label.refunded and not label.status.strip().lower().startswith(GONE)


def _tracking(label: ShippingLabel) -> str:
    # The number may be "" or "Pickup" (contract §8, §10): neither can be tracked.
    number = label.tracking_number.strip()
    return "" if number.lower() == PICKUP else number


def _sum_of_all(weights: Sequence[Decimal | None]) -> Decimal | None:
    known = [weight for weight in weights if weight is not None and weight > 0]
    return sum(known, start=Decimal(0)) if known and len(known) == len(weights) else None
