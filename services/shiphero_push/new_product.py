"""Brightpearl's product in, what ShipHero is asked to make out. No clock, network or database."""

from decimal import ROUND_HALF_UP, Decimal

from shared.catalogue.products import KnownProduct
from shared.pushing.addresses import fitting
from shared.vendors.shiphero.new_order import NewLineItem
from shared.vendors.shiphero.new_product import NewDimensions, NewProduct, NewStock
from shared.weights import GRAMS_IN_AN_OUNCE, grams_in

# Names are cut as those on orders are; ShipHero documents no length (contract §6).
NAME = 255
WEIGHT_STEP = Decimal("0.01")


def to_new_product(
    product: KnownProduct, line: NewLineItem, *, warehouse_id: str, weight_unit: str
) -> NewProduct:
    """Ask ShipHero for the product that `line` names, with nothing on hand.

    The price is the line's: Brightpearl's product has none of its own. `weight_unit` is the unit
    of Brightpearl's weights; where it is not known ShipHero is told no weight.
    """
    ounces = ounces_of(product.weight, weight_unit)
    return NewProduct(
        sku=line.sku,
        name=fitting(product.name or line.product_name or line.sku, NAME),
        warehouse_products=(NewStock(warehouse_id=warehouse_id),),
        barcode=product.barcode.strip() or None,
        price=line.price,
        dimensions=None if ounces is None else NewDimensions(weight=ounces),
    )


def ounces_of(weight: Decimal, unit: str) -> Decimal | None:
    """Turn a weight in Brightpearl's `unit` into ounces; None where there is none to tell."""
    grams = grams_in(unit)
    if grams is None or weight <= 0:
        return None
    ounces = weight * grams / GRAMS_IN_AN_OUNCE
    # What weighs a little must not weigh nothing: rates are bought by it.
    return max(ounces.quantize(WEIGHT_STEP, ROUND_HALF_UP), WEIGHT_STEP)
