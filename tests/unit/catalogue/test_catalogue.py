"""The product cache: what is known, how long it counts, and who writes last."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from shared.catalogue.products import PRODUCTS_WATERMARK, Catalogue, KnownProduct
from shared.db.account_tables import Account
from shared.db.vendor_tables import Product as ProductRow
from shared.vendors.brightpearl.account_models import ProductStock, Weight
from shared.watermarks import move_watermark
from tests.builders import a_product
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Notebook]:
    book = Notebook(tmp_path)
    yield book
    book.engine.dispose()


@pytest.fixture
def catalogue(book: Notebook) -> Catalogue:
    return Catalogue(book.open_session, book.open_reading, ACCOUNT, lambda: book.now)


def compare(book: Notebook, *, reached: int) -> None:
    """Have all changes looked for up to so many hours after noon."""
    with book.session() as session:
        at = NOON + timedelta(hours=reached)
        move_watermark(session, ACCOUNT, PRODUCTS_WATERMARK, reached=at, now=at)
        session.commit()


def test_what_was_read_is_known(catalogue: Catalogue) -> None:
    catalogue.remember([a_product(id=7, sku="TEA", name="Tea")], fetched_at=NOON)

    assert catalogue.products([7, 8]) == {
        7: KnownProduct(id=7, sku="TEA", name="Tea", stock_tracked=True)
    }


def test_after_a_day_it_is_read_again(book: Notebook, catalogue: Catalogue) -> None:
    catalogue.remember([a_product(id=7)], fetched_at=NOON)

    book.wait(days=1)
    assert set(catalogue.products([7])) == {7}
    book.wait(seconds=1)
    assert catalogue.products([7]) == {}


def test_what_did_not_change_up_to_today_is_known_however_old(
    book: Notebook, catalogue: Catalogue
) -> None:
    catalogue.remember([a_product(id=7)], fetched_at=NOON)
    compare(book, reached=240)
    book.wait(days=10, hours=23)

    assert set(catalogue.products([7])) == {7}


def test_a_comparison_of_long_ago_proves_nothing(book: Notebook, catalogue: Catalogue) -> None:
    catalogue.remember([a_product(id=7)], fetched_at=NOON)
    compare(book, reached=24)
    book.wait(days=3)

    assert catalogue.products([7]) == {}


def test_what_was_read_earlier_does_not_replace_what_was_read_later(
    catalogue: Catalogue,
) -> None:
    catalogue.remember([a_product(id=7, sku="NEW")], fetched_at=NOON)

    catalogue.remember([a_product(id=7, sku="OLD")], fetched_at=NOON - timedelta(minutes=1))

    assert catalogue.products([7])[7].sku == "NEW"


def test_another_account_s_products_are_not_ours(book: Notebook, catalogue: Catalogue) -> None:
    other = Account(code="other", name="Other", created_at=NOON, id=UUID(int=2))
    book.keep(other)
    theirs = Catalogue(book.open_session, book.open_reading, other.id, lambda: book.now)

    theirs.remember([a_product(id=7)], fetched_at=NOON)

    assert catalogue.products([7]) == {}


def test_numbers_that_no_column_holds_stop_nothing(book: Notebook, catalogue: Catalogue) -> None:
    heavy = ProductStock(weight=Weight(magnitude=Decimal("1e30")))
    products = [a_product(id=2**40), a_product(id=7, stock=heavy, sku="A\0B\ud800")]

    catalogue.remember(products, fetched_at=NOON)

    with book.session() as session:
        [row] = session.exec(select(ProductRow)).all()
    assert (row.product_id, row.weight, row.sku) == (7, Decimal(0), "A�B�")
    assert catalogue.products([2**40, 0, -1]) == {}


def test_a_thousand_and_more_are_kept_and_found(catalogue: Catalogue) -> None:
    products = [a_product(id=one) for one in range(1, 1202)]

    catalogue.remember(products, fetched_at=NOON)

    assert len(catalogue.products(range(1, 5000))) == 1201
