"""SKUs that ShipHero does not have: what a person is told of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from shared.errors import Permanent
from shared.vendors.shiphero.new_order import NewLineItem

SKU_UNKNOWN: Final = "sku_unknown"
LET_US_OR_YOU: Final = "Have Goodsout create what is missing (create_products), or create it in"

# By SKU, how others there are spelt that nearly are it.
Nearly = Mapping[str, Sequence[str]]


def unknown(lines: Iterable[NewLineItem], nearly: Nearly, *, what_to_do: str) -> Permanent:
    """Name all that is missing; `what_to_do` ends where "ShipHero" follows."""
    named = ", ".join(_named(line, nearly) for line in lines)
    return Permanent(
        f"ShipHero does not have {named}. {what_to_do} ShipHero, spelt exactly so, then retry.",
        code=SKU_UNKNOWN,
    )


def _named(line: NewLineItem, nearly: Nearly) -> str:
    words = [line.product_name] if line.product_name else []
    if alike := nearly.get(line.sku):
        spelt = " and ".join(f'"{sku}"' for sku in alike)
        words.append(f"it has {spelt}, which is spelt otherwise")
    return f"{line.sku} ({'; '.join(words)})" if words else line.sku
