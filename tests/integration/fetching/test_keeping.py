"""Rows are kept alike on both databases, whatever the vendors write and however many write."""

import threading
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from services.order_ingest.fetching.fetched import Desk
from services.order_ingest.fetching.shiphero_lists import fetch_products
from shared.catalogue.products import put_products
from shared.db.engine import reading_session_maker
from shared.db.vendor_tables import FetchProgress
from shared.db.vendor_tables import Product as ProductRow
from shared.db.vendor_tables import ShipHeroProduct as SkuRow
from shared.vendors.shiphero.account_models import Product
from tests.builders import a_product
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.integration.journal.books import MORNING, Books

RUN = FetchProgress(
    part="shiphero_products",
    run_id=UUID(int=1),
    state="running",
    account_id=UUID(int=1),
    started_at=MORNING,
    moved_at=MORNING,
)


def test_skus_that_a_database_keeps_alike_are_one_row(books: Books) -> None:
    shiphero = FakeShipHero()
    shiphero.products = [Product(sku="A\0"), Product(sku="A\ufffd"), Product(sku="a\ufffd")]
    desk = Desk(
        account_id=books.account,
        brightpearl=FakeBrightpearl,
        shiphero=lambda: shiphero,
        open_reading=reading_session_maker(books.engine),
        now=books.clock,
    )

    with books.session() as session:
        fetch_products(desk, "").write(session, RUN)

    with books.session() as session:
        assert {row.sku for row in session.exec(select(SkuRow))} == {"A\ufffd", "a\ufffd"}


def test_writers_of_the_same_products_do_not_stop_each_other(books: Books) -> None:
    ids, together = list(range(1, 1501)), threading.Barrier(4)

    def write(turn: int) -> None:
        products = [a_product(id=one, sku=f"{turn}") for one in (ids if turn % 2 else ids[::-1])]
        together.wait()
        with books.session() as session:
            at = MORNING + timedelta(minutes=turn)
            put_products(session, books.account, products, fetched_at=at)

    writers = [threading.Thread(target=write, args=(turn,)) for turn in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with books.session() as session:
        assert {row.sku for row in session.exec(select(ProductRow))} == {"3"}
