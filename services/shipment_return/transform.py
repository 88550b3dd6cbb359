"""What ShipHero shipped, as Brightpearl wants to be told. No clock, no network, no database."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from services.shipment_return.parcels import Parcels
from shared.vendors.brightpearl.models import (
    REFERENCE_LIMIT,
    WEIGHT_LIMIT,
    GoodsOutNote,
    NewNoteShipping,
    NoteDetails,
)

SEPARATOR = ", "

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
    fitting: list[str] = []
    rest: list[str] = []
    for number in numbers:
        fits = len(SEPARATOR.join([*fitting, number])) <= REFERENCE_LIMIT
        (fitting if fits else rest).append(number)
    return SEPARATOR.join(fitting), tuple(rest)


def overflow_of(parcels: Parcels) -> tuple[str, ...]:
    """Pick the tracking numbers that do not fit into the note's reference."""
    return tracking_reference(parcels.tracking)[1]


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
