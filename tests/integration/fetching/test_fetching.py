"""A merchant's lists are fetched from both vendors: whole, once, and however it is interrupted."""

import json
from datetime import timedelta

from shared.accounts import UNDECIDED
from shared.alerts import WAREHOUSE_NEW
from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE, FAILED
from shared.clock import utc_now
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.vendor_tables import Alert, Product, ShipHeroProduct
from shared.events import PRODUCTS_ANNOUNCED
from tests.integration.fetching.hall import PRODUCTS, Hall, Killer
from tests.waiting import until


def product_ids(hall: Hall) -> list[int]:
    return sorted(row.product_id for row in hall.rows(Product))


def test_everything_is_fetched_from_both_vendors(hall: Hall) -> None:
    hall.ask()

    hall.go_on()

    progress = hall.progress()
    assert {part: one.state for part, one in progress.items()} == dict.fromkeys(Part, DONE)
    assert product_ids(hall) == hall.merchant.product_ids()
    assert len(product_ids(hall)) >= PRODUCTS
    assert progress[Part.PRODUCTS].done == len(product_ids(hall))
    assert len(hall.rows(ShipHeroProduct)) >= PRODUCTS
    assert progress[Part.SHIPHERO_PRODUCTS].done == len(hall.rows(ShipHeroProduct))
    assert {row.decision for row in hall.rows(WarehouseMapping)} == {UNDECIDED}
    assert {row.title for row in hall.rows(ShippingMethodMapping)} == {""}
    [account] = hall.rows(Account)
    assert (account.weight_unit, account.base_currency) == ("GRAM", "GBP")
    assert account.time_zone == "Europe/London"


def test_a_warehouse_that_was_not_there_before_is_announced(hall: Hall) -> None:
    hall.ask("warehouses")
    hall.go_on()
    before = hall.rows(Alert)
    new, *_ = hall.rows(WarehouseMapping)
    hall.forget(new)
    hall.books.clock.pass_(minutes=1)

    hall.ask("warehouses")
    hall.go_on()

    [alert] = hall.rows(Alert)
    assert before == []
    assert (alert.kind, alert.subject) == (WAREHOUSE_NEW, str(new.brightpearl_warehouse_id))
    assert f"a new warehouse, {new.brightpearl_name} (" in alert.sentence


def test_nothing_is_asked_for_twice(hall: Hall) -> None:
    hall.ask()

    hall.go_on()

    calls = hall.merchant.control("counts")["operations"]
    pages = -(-len(product_ids(hall)) // 500)
    assert calls["search-product"] == pages
    assert calls["get-product"] <= -(-len(product_ids(hall)) // 100) + pages
    assert calls["get-warehouse"] == calls["get-shipping-method"] == 1


def test_kills_between_pages_and_around_commits_lose_and_double_nothing(
    hall: Hall, killer: Killer
) -> None:
    killer.every = 5
    hall.ask()

    hall.go_on_after_kills()

    progress = hall.progress()
    assert killer.kills > 3
    assert {part: one.state for part, one in progress.items()} == dict.fromkeys(Part, DONE)
    assert product_ids(hall) == hall.merchant.product_ids()
    assert progress[Part.PRODUCTS].done == len(product_ids(hall))
    assert progress[Part.SHIPHERO_PRODUCTS].done == len(hall.rows(ShipHeroProduct))


def test_products_that_are_deleted_between_pages_hide_no_other(hall: Hall) -> None:
    all_ids = hall.merchant.product_ids()
    hall.ask("products")
    hall.go_on(until=lambda: bool(hall.rows(Product)))

    for one in all_ids[:70]:
        hall.merchant.control(f"products/{one}", method="DELETE")
    hall.go_on()

    assert product_ids(hall) == all_ids


def test_a_refused_part_fails_alone(hall: Hall) -> None:
    hall.merchant.refuse("search-product")
    hall.ask()

    hall.go_on()

    progress = hall.progress()
    failed = progress.pop(Part.PRODUCTS)
    assert failed.state == FAILED
    assert "Brightpearl" in failed.sentence
    assert {one.state for one in progress.values()} == {DONE}


def test_two_requests_at_once_fetch_everything_once_more_at_most(hall: Hall) -> None:
    hall.ask()
    hall.deliver()
    hall.deliver()
    hall.books.clock.pass_(seconds=1)
    hall.ask()

    hall.go_on()

    assert {one.state for one in hall.progress().values()} == {DONE}
    assert product_ids(hall) == hall.merchant.product_ids()
    assert all(row.outcome in {"delivered", "skipped"} for row in hall.books.rows())


def test_the_next_day_only_changes_are_read(hall: Hall) -> None:
    hall.books.clock.time = utc_now() + timedelta(hours=1)
    since = utc_now()
    hall.ask("products")
    hall.go_on()
    until(lambda: utc_now() > since + timedelta(milliseconds=5))
    changed = product_ids(hall)[600]
    hall.merchant.control(f"products/{changed}", {"sku": "NEW-SKU"})
    hall.merchant.control("counts/reset", {})
    hall.books.clock.pass_(days=1)

    hall.ask("products")
    hall.go_on()

    calls = hall.merchant.control("counts")["operations"]
    assert calls == {"search-product": 2, "get-product": 1}
    assert [row.sku for row in hall.rows(Product) if row.product_id == changed] == ["NEW-SKU"]


def test_a_product_webhook_has_the_product_read_again(hall: Hall) -> None:
    hall.ask("products")
    hall.go_on()
    changed = product_ids(hall)[0]
    hall.merchant.control(f"products/{changed}", {"sku": "NEW-SKU"})
    body = {
        "accountCode": hall.merchant.code, "resourceType": "product", "id": str(changed),
        "lifecycleEvent": "modified", "fullEvent": "product.modified",
    }  # fmt: skip
    hall.books.clock.pass_(minutes=1)

    hall.books.announce(name=PRODUCTS_ANNOUNCED, payload={"body": json.dumps(body)})
    hall.go_on()

    assert [row.sku for row in hall.rows(Product) if row.product_id == changed] == ["NEW-SKU"]
