"""A row without a SKU: the product tells it, and no request is spent on what is known."""

import pytest
from sqlmodel import select

from shared.accounts import NOT_SENT, Warehouse
from shared.db.portal_tables import NoteSku
from shared.errors import Permanent, Throttled
from tests.builders import a_goods_out_note, a_product, a_sales_order, an_order_row
from tests.unit.core.notebook import NOON, Notebook, settings
from tests.unit.shiphero_push.pushing import Pushing

NOT_FROM_MAIN = {2: Warehouse(name="Main", decision=NOT_SENT)}


@pytest.fixture
def pushing(book: Notebook) -> Pushing:
    """Stand before a note whose sales order does not tell the SKU."""
    pushing = Pushing(book, a_goods_out_note(), a_sales_order(an_order_row(product_sku="")))
    pushing.brightpearl.stocked[1501] = a_product(sku="TEA-EARL")
    return pushing


def skus(pushing: Pushing) -> list[str]:
    return [line.sku for order in pushing.shiphero.asked for line in order.line_items]


def test_a_known_product_tells_its_sku_without_a_request(pushing: Pushing) -> None:
    pushing.catalogue.remember([a_product(sku="TEA-KNOWN")], fetched_at=NOON)

    pushing.push()

    assert skus(pushing) == ["TEA-KNOWN"]
    assert "products" not in pushing.brightpearl.calls


def test_the_note_is_found_by_its_sku_afterwards(pushing: Pushing) -> None:
    pushing.push()

    with pushing.book.open_reading() as session:
        found = session.exec(select(NoteSku)).all()
    assert [(one.sku, one.note_id) for one in found] == [("tea-earl", 501)]


def test_an_unknown_product_is_read_and_remembered(pushing: Pushing) -> None:
    pushing.push()

    assert skus(pushing) == ["TEA-EARL"]
    assert pushing.brightpearl.calls.count("products") == 1
    assert pushing.catalogue.products([1501])[1501].sku == "TEA-EARL"


def test_what_was_known_a_day_ago_is_read_again(pushing: Pushing) -> None:
    pushing.catalogue.remember([a_product(sku="TEA-OLD")], fetched_at=NOON)
    pushing.book.wait(days=1, seconds=1)

    pushing.push()

    assert skus(pushing) == ["TEA-EARL"]


def test_a_product_that_got_its_sku_since_is_read_again(pushing: Pushing) -> None:
    pushing.catalogue.remember([a_product(sku="")], fetched_at=NOON)

    pushing.push()

    assert skus(pushing) == ["TEA-EARL"]


@pytest.mark.parametrize("sku", ["", "  "])
def test_a_product_without_sku_is_for_a_person(pushing: Pushing, sku: str) -> None:
    pushing.brightpearl.stocked[1501] = a_product(sku=sku)

    with pytest.raises(Permanent, match="has no SKU") as raised:
        pushing.push()

    assert raised.value.code == "product_without_sku"
    assert pushing.shiphero.asked == []


def test_the_order_s_own_sku_stands_and_needs_no_product(book: Notebook) -> None:
    pushing = Pushing(book)

    pushing.push()

    assert skus(pushing) == ["TEA-EARL"]
    assert pushing.brightpearl.calls == ["goods_out_notes", "sales_orders"]


def test_no_product_is_read_for_a_note_that_is_not_sent(pushing: Pushing) -> None:
    pushing.settings = settings(warehouses=NOT_FROM_MAIN)

    pushing.push()

    assert "products" not in pushing.brightpearl.calls


def test_an_outage_passes_through(pushing: Pushing) -> None:
    pushing.brightpearl.fails_on = {"products": Throttled("No requests left.", until=NOON)}

    with pytest.raises(Throttled):
        pushing.push()
