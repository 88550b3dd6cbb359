"""What ShipHero is asked to make of a product of Brightpearl's."""

from decimal import Decimal

import pytest

from services.shiphero_push.new_product import ounces_of, to_new_product
from shared.catalogue.products import KnownProduct
from shared.vendors.shiphero.new_product import NewProduct
from tests.builders import a_new_order

[LINE] = a_new_order().line_items


def made_of(product: KnownProduct) -> NewProduct:
    """Ask for a product in the first warehouse."""
    return to_new_product(product, LINE, warehouse_id="WAREHOUSE-1", weight_unit="GRAM")


@pytest.mark.parametrize(
    ("unit", "weight", "ounces"),
    [
        ("GRAM", "100", "3.53"),
        ("KILOGRAM", "0.5", "17.64"),
        ("pound", "1", "16.00"),
        ("OUNCE", "2", "2.00"),
        ("GRAM", "0.01", "0.01"),
    ],
)
def test_a_weight_is_told_in_ounces(unit: str, weight: str, ounces: str) -> None:
    assert ounces_of(Decimal(weight), unit) == Decimal(ounces)


@pytest.mark.parametrize(("unit", "weight"), [("STONE", "1"), ("", "1"), ("GRAM", "0")])
def test_a_weight_that_is_not_known_is_not_told(unit: str, weight: str) -> None:
    assert ounces_of(Decimal(weight), unit) is None
    assert made_of(KnownProduct(id=1501, weight=Decimal(0))).dimensions is None


def test_a_product_without_a_name_bears_that_of_its_row_and_no_barcode() -> None:
    made = made_of(KnownProduct(id=1501, barcode=" "))

    assert (made.name, made.barcode) == ("Earl Grey, loose", None)


def test_nothing_is_on_hand_in_the_notes_warehouse() -> None:
    made = made_of(KnownProduct(id=1501, name="Earl Grey"))

    assert [(row.warehouse_id, row.on_hand) for row in made.warehouse_products] == [
        ("WAREHOUSE-1", 0)
    ]
