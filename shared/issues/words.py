"""What a line is called, wherever a person meets it; pure."""

from collections.abc import Mapping
from typing import Final

from shared.accounts import SHIPPING_METHOD_UNMAPPED, WAREHOUSE_UNDECIDED, Warehouse
from shared.issues.issue import TO_BRIGHTPEARL, TO_SHIPHERO, Issue
from shared.reasons.listed import REASONS

WAY_WORDS: Final[Mapping[str, str]] = {
    TO_SHIPHERO: "to ShipHero",
    TO_BRIGHTPEARL: "to Brightpearl",
}
NO_REASON: Final = "No reason was kept"


def title_of(issue: Issue, warehouses: Mapping[int, Warehouse]) -> str:
    """Say in a short sentence what is the matter, with what in particular."""
    if issue.key and issue.code == SHIPPING_METHOD_UNMAPPED:
        return f"Shipping method {issue.key} is not mapped"
    if issue.key and issue.code == WAREHOUSE_UNDECIDED:
        known = warehouses.get(int(issue.key)) if issue.key.isdecimal() else None
        name = f"{known.name} ({issue.key})" if known else issue.key
        return f"Warehouse {name} is not decided"
    if not issue.code:
        return NO_REASON
    known_code = REASONS.get(issue.code)
    words = known_code.sentence if known_code else issue.code.replace("_", " ").capitalize()
    return words.rstrip(".")
