"""Brightpearl's units of weight; ShipHero's is the ounce."""

from collections.abc import Mapping
from decimal import Decimal

GRAMS_IN_AN_OUNCE = Decimal("28.349523125")
# Brightpearl's productWeightUnit; GRAM is documented (contract §9), the others are its kin. For a
# unit that is not known no weight is told at all, rather than a wrong one.
GRAMS_IN: Mapping[str, Decimal] = {
    "GRAM": Decimal(1),
    "KILOGRAM": Decimal(1000),
    "OUNCE": GRAMS_IN_AN_OUNCE,
    "POUND": 16 * GRAMS_IN_AN_OUNCE,
}


def grams_in(unit: str) -> Decimal | None:
    """Say how many grams one of Brightpearl's `unit` is; None where that is not known."""
    return GRAMS_IN.get(unit.strip().upper())
