"""Products: all of them once, page by page over a list that moves, then what changed."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE, FAILED
from shared.db.vendor_tables import Product as ProductRow
from shared.errors import Transient
from shared.events import Lane
from shared.outcome import Delivered
from shared.vendors.brightpearl.account_models import (
    Identity,
    Product,
    ProductComposition,
    ProductStock,
    Weight,
)
from tests.builders import a_product
from tests.fakes.vendors import FakeBrightpearl
from tests.unit.core.notebook import NOON
from tests.unit.order_ingest.fetching.fetching import Fetching

UNREADABLE = Transient("the answer cannot be read", code="brightpearl_unreadable")


def stock(fetching: Fetching, *ids: int) -> None:
    for one in ids:
        fetching.brightpearl.stocked[one] = a_product(
            id=one, sku=f"SKU-{one}", updated_on=fetching.book.now
        )


def begin(fetching: Fetching) -> None:
    """Fetch the first page of 500."""
    fetching.ask("products")
    fetching.settle()
    fetching.settle()


def test_all_products_are_kept_in_six_requests_a_page(fetching: Fetching) -> None:
    stock(fetching, *range(1, 501))

    fetching.run("products")

    assert fetching.product_ids() == list(range(1, 501))
    assert fetching.brightpearl.calls == ["found_products", *["products"] * 5]


def test_what_is_asked_about_a_product_is_kept(fetching: Fetching) -> None:
    fetching.brightpearl.stocked[7] = Product(
        id=7,
        identity=Identity(sku="TEA", barcode="5012345678900"),
        stock=ProductStock(stock_tracked=True, weight=Weight(magnitude=Decimal("0.125"))),
        composition=ProductComposition(bundle=True),
    )

    fetching.run("products")

    [row] = fetching.rows(ProductRow)
    assert (row.sku, row.barcode, row.weight) == ("TEA", "5012345678900", Decimal("0.125"))
    assert (row.stock_tracked, row.bundle, row.fetched_at) == (True, True, NOON)


def test_progress_is_counted_page_by_page(fetching: Fetching) -> None:
    stock(fetching, *range(1, 1301))

    begin(fetching)

    assert fetching.progress(Part.PRODUCTS).words == "Products: 500 of 1,300"
    fetching.go_on()
    assert fetching.progress(Part.PRODUCTS).words == "Products: done, 1,300 fetched"
    assert fetching.product_ids() == list(range(1, 1301))


def test_pages_of_products_yield_to_live_work(fetching: Fetching) -> None:
    stock(fetching, *range(1, 502))

    begin(fetching)

    assert [event.lane for event in fetching.waiting] == [Lane.BACKFILL]


@pytest.mark.parametrize("destroyed", [3, 60, 450, 499, 500])
def test_no_product_falls_between_two_pages_when_rows_move_up(
    fetching: Fetching, destroyed: int
) -> None:
    stock(fetching, *range(1, 1101))
    begin(fetching)
    for one in range(1, destroyed + 1):
        del fetching.brightpearl.stocked[one]

    fetching.go_on()

    assert fetching.product_ids() == list(range(1, 1101))


def test_when_the_whole_rest_moved_up_it_is_found_all_the_same(fetching: Fetching) -> None:
    stock(fetching, *range(1, 521))
    begin(fetching)
    for one in range(1, 101):
        del fetching.brightpearl.stocked[one]

    fetching.go_on()

    assert fetching.product_ids() == list(range(1, 521))
    assert fetching.progress(Part.PRODUCTS).state == DONE


def test_a_product_made_meanwhile_is_found_too(fetching: Fetching) -> None:
    stock(fetching, *range(1, 601))
    begin(fetching)
    stock(fetching, 601, 602)

    fetching.go_on()

    assert fetching.product_ids()[-2:] == [601, 602]


def test_the_next_day_only_what_is_new_or_changed_is_read(fetching: Fetching) -> None:
    stock(fetching, *range(1, 1201))
    fetching.book.wait(hours=2)
    fetching.run("products")
    fetching.book.wait(days=1)
    stock(fetching, 1201)
    fetching.brightpearl.stocked[17] = a_product(id=17, sku="NEW", updated_on=fetching.book.now)
    fetching.brightpearl.calls.clear()

    fetching.run("products")

    assert fetching.brightpearl.calls == ["found_products", "products"] * 2
    assert fetching.progress(Part.PRODUCTS).done == 3
    assert {row.sku for row in fetching.rows(ProductRow) if row.product_id in {17, 1201}} == {
        "NEW", "SKU-1201",
    }  # fmt: skip


def test_a_new_product_that_was_never_changed_is_found_by_its_id(fetching: Fetching) -> None:
    stock(fetching, *range(1, 11))
    fetching.run("products")
    fetching.book.wait(days=1)
    fetching.brightpearl.stocked[11] = a_product(id=11, updated_on=None)

    fetching.run("products")

    assert fetching.product_ids()[-1] == 11


def test_a_new_product_is_found_although_many_old_ones_were_destroyed(fetching: Fetching) -> None:
    stock(fetching, *range(1, 1201))
    fetching.run("products")
    fetching.book.wait(days=1)
    for one in range(1, 801):
        del fetching.brightpearl.stocked[one]
    fetching.brightpearl.stocked[1201] = a_product(id=1201, updated_on=None)

    fetching.run("products")

    assert fetching.product_ids() == list(range(1, 1202))


def test_what_changed_while_all_were_read_is_read_again_the_next_day(fetching: Fetching) -> None:
    stock(fetching, *range(1, 601))
    begin(fetching)
    fetching.book.wait(minutes=5)
    fetching.brightpearl.stocked[1] = a_product(id=1, sku="NEW", updated_on=fetching.book.now)
    fetching.book.wait(minutes=5)
    fetching.go_on()
    fetching.book.wait(days=1)

    fetching.run("products")

    assert [row.sku for row in fetching.rows(ProductRow) if row.product_id == 1] == ["NEW"]


def test_once_a_week_all_are_read_again(fetching: Fetching) -> None:
    stock(fetching, 1, 2)
    fetching.book.wait(hours=2)
    fetching.run("products")
    fetching.book.wait(days=8)
    fetching.brightpearl.stocked[1] = a_product(id=1, sku="SILENT", updated_on=NOON)

    fetching.run("products")

    assert {row.sku for row in fetching.rows(ProductRow)} == {"SILENT", "SKU-2"}


class SpoiledBrightpearl(FakeBrightpearl):
    """Answers with rubbish whenever product 41 is among what is asked for."""

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Hand out the products that are there."""
        wanted = list(ids)
        if 41 in wanted:
            raise UNREADABLE
        return super().products(wanted)


def test_one_product_that_cannot_be_read_keeps_no_other_back(fetching: Fetching) -> None:
    fetching.brightpearl = SpoiledBrightpearl()
    stock(fetching, *range(1, 101))

    [_, outcome] = fetching.run("products")

    assert isinstance(outcome, Delivered)
    assert "answer about product 41 cannot be read" in outcome.summary
    assert fetching.product_ids() == [one for one in range(1, 101) if one != 41]


def test_an_answer_that_is_all_rubbish_is_the_vendor_s_trouble(fetching: Fetching) -> None:
    stock(fetching, *range(1, 101))
    fetching.brightpearl.fails_on = {"products": UNREADABLE}
    fetching.ask("products")
    fetching.settle()

    assert fetching.fail() is UNREADABLE
    assert len(fetching.brightpearl.calls) < 15
    assert fetching.progress(Part.PRODUCTS).state != FAILED


def test_an_interrupted_run_is_gone_on_with_by_the_next(fetching: Fetching) -> None:
    stock(fetching, *range(1, 1101))
    begin(fetching)
    fetching.waiting.clear()
    fetching.brightpearl.calls.clear()
    fetching.book.now += timedelta(days=1)

    fetching.run("products")

    assert fetching.product_ids() == list(range(1, 1101))
