"""A shipment at ShipHero, what was written of it, and the note in Brightpearl, side by side; pure.

The note takes no more than one reference of 64 characters, so what was written may be less than
what ShipHero has: a difference is only what is neither there nor in an order note of ours.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from services.portal.log.differences import Field, otherwise, time_of
from services.portal.log.meanings import alike
from services.portal.log.sent import Sent
from shared.accounts import AccountSettings
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.shiphero.models import ShipHeroOrder, ShippingLabel

GROUP = "Shipment"


def compare_back(
    note: GoodsOutNote, shiphero: ShipHeroOrder, *, settings: AccountSettings, sent: Sent
) -> Sequence[Field]:
    """Compare them field by field; none where nothing has shipped and nothing was written."""
    if not (shiphero.shipments or sent.details or note.shipped):
        return ()
    return list(_fields(note, shiphero, settings, sent))


def _fields(
    note: GoodsOutNote, shiphero: ShipHeroOrder, settings: AccountSettings, sent: Sent
) -> Iterator[Field]:
    labels = [one for one in _labels(shiphero) if one.tracking_number]
    yield _tracking(note, labels, sent)
    yield _method(note, labels, settings, sent)
    yield _boxes(note, labels, sent)
    yield _weight(note, labels, sent)
    yield _shipped(note, shiphero, sent)


def _tracking(note: GoodsOutNote, labels: Sequence[ShippingLabel], sent: Sent) -> Field:
    numbers, reference = [one.tracking_number for one in labels], note.shipping.reference
    wrote = sent.of_details("shipping", "reference")
    return Field(
        group=GROUP, label="Tracking", shiphero=", ".join(numbers), sent=wrote,
        brightpearl=reference,
        # Whichever number Brightpearl has must be one of ShipHero's.
        differs=bool(reference and numbers) and not any(one in reference for one in numbers),
        sent_differs=otherwise(wrote, reference),
    )  # fmt: skip


def _method(
    note: GoodsOutNote, labels: Sequence[ShippingLabel], settings: AccountSettings, sent: Sent
) -> Field:
    method = settings.methods.get(note.shipping.shipping_method_id)
    asked = sent.of_details("shipping", "shippingMethodId")
    chosen = settings.methods.get(int(asked)) if asked.isdecimal() else None
    wrote, here = chosen.name if chosen else asked, method.name if method else ""
    carried = {" ".join(filter(None, (one.carrier, one.shipping_method))) for one in labels}
    return Field(
        group=GROUP, label="Shipping method", shiphero=", ".join(sorted(carried - {""})),
        sent=wrote, brightpearl=here, sent_differs=otherwise(wrote, here),
    )  # fmt: skip


def _boxes(note: GoodsOutNote, labels: Sequence[ShippingLabel], sent: Sent) -> Field:
    wrote, boxes = sent.of_details("shipping", "boxes"), note.shipping.boxes
    return Field(
        group=GROUP, label="Boxes", shiphero=str(len(labels) or ""), sent=wrote,
        brightpearl="" if boxes is None else str(boxes),
        sent_differs=boxes is not None and otherwise(wrote, str(boxes)),
    )  # fmt: skip


def _weight(note: GoodsOutNote, labels: Sequence[ShippingLabel], sent: Sent) -> Field:
    wrote, weight = sent.of_details("shipping", "weight"), note.shipping.weight
    here = "" if weight is None else f"{weight.normalize():f}"
    return Field(
        group=GROUP, label="Weight", shiphero=_weights(labels), sent=wrote, brightpearl=here,
        sent_differs=otherwise(wrote, here, _same_number),
    )  # fmt: skip


def _shipped(note: GoodsOutNote, shiphero: ShipHeroOrder, sent: Sent) -> Field:
    made = [one.created_date for one in shiphero.shipments if one.created_date]
    return Field(
        group=GROUP, label="Shipped", shiphero=time_of(min(made, default=None)),
        sent=sent.shipped_on,
        brightpearl=time_of(note.status.shipped_on) or ("yes" if note.shipped else "no"),
        differs=bool(sent.shipped_on) and not note.shipped,
    )  # fmt: skip


def _labels(shiphero: ShipHeroOrder) -> Iterator[ShippingLabel]:
    for shipment in shiphero.shipments:
        yield from (one for one in shipment.shipping_labels if not one.refunded)


def _weights(labels: Sequence[ShippingLabel]) -> str:
    known = [one.dimensions.weight for one in labels if one.dimensions.weight is not None]
    return " + ".join(f"{one:f}" for one in known)


def _same_number(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return alike(one, other)
