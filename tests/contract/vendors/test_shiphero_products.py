"""What our fake, the sandbox and ShipHero promise alike about single products."""

from decimal import Decimal

import pytest

from shared.vendors.shiphero.faults import AlreadyThere
from shared.vendors.shiphero.new_product import NewDimensions, NewProduct, NewStock
from tests.contract.vendors.sides import ShipHeroSide


def a_new_product(shiphero: ShipHeroSide) -> NewProduct:
    """Build a product that nobody has yet."""
    place = shiphero.client.account().warehouses[0].id
    return NewProduct(
        sku=shiphero.label.upper(),
        name="Contract tea",
        warehouse_products=(NewStock(warehouse_id=place),),
        barcode="4006381333931",
        price=Decimal("4.50"),
        dimensions=NewDimensions(weight=Decimal("3.53")),
    )


def test_a_product_is_found_by_its_sku(shiphero: ShipHeroSide) -> None:
    found = shiphero.client.products_like(shiphero.sku)

    assert shiphero.sku in {one.sku for one in found}


def test_a_sku_that_nobody_has_finds_nothing(shiphero: ShipHeroSide) -> None:
    assert shiphero.client.products_like("goodsout-no-such-sku") == ()


@pytest.mark.staged
def test_a_product_is_made_once_and_stands_in_its_warehouse(shiphero: ShipHeroSide) -> None:
    wanted = a_new_product(shiphero)

    made = shiphero.client.create_product(wanted)
    with pytest.raises(AlreadyThere):
        shiphero.client.create_product(wanted)

    [found] = shiphero.client.products_like(wanted.sku)
    assert (made.sku, found.name) == (wanted.sku, "Contract tea")
    assert [row.warehouse_id for row in found.warehouse_products] == [
        row.warehouse_id for row in wanted.warehouse_products
    ]


@pytest.mark.staged
def test_a_row_in_a_warehouse_that_is_there_stays(shiphero: ShipHeroSide) -> None:
    wanted = a_new_product(shiphero)
    [row] = wanted.warehouse_products
    shiphero.client.create_product(wanted)

    for _ in range(2):
        shiphero.client.add_product_to_warehouse(wanted.sku, warehouse_id=row.warehouse_id)

    [found] = shiphero.client.products_like(wanted.sku)
    assert [one.warehouse_id for one in found.warehouse_products] == [row.warehouse_id]
