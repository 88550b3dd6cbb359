"""The standing lists: what is new, what stays as a person decided, what is gone."""

from datetime import timedelta

import pytest

from shared.accounts import MAPPED, UNDECIDED, account_settings
from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE
from shared.db.account_tables import ShippingMethodMapping, WarehouseMapping
from shared.db.vendor_tables import Channel, ShipHeroProduct, ShipHeroWarehouse
from shared.outcome import Delivered
from shared.vendors.brightpearl.account_models import (
    AccountConfiguration,
    ShippingMethod,
    Warehouse,
)
from shared.vendors.shiphero.account_models import Account, Product
from shared.vendors.shiphero.account_models import Warehouse as Building
from shared.vendors.shiphero.api import Page
from tests.fakes.vendors import FakeShipHero
from tests.unit.core.notebook import ACCOUNT, NOON
from tests.unit.order_ingest.fetching.fetching import Fetching


def a_mapping() -> WarehouseMapping:
    return WarehouseMapping(
        account_id=ACCOUNT,
        brightpearl_warehouse_id=2,
        brightpearl_name="Old name",
        decision=MAPPED,
        shiphero_warehouse_id="WAREHOUSE-1",
        shiphero_name="Before",
    )


def test_one_request_fetches_every_part(fetching: Fetching) -> None:
    fetching.run()

    assert {fetching.progress(part).state for part in Part} == {DONE}
    assert [row.name for row in fetching.rows(Channel)] == ["Web shop"]
    assert [row.name for row in fetching.rows(ShipHeroWarehouse)] == ["Primary"]


def test_zone_unit_currency_and_postages_code_come_from_brightpearl(fetching: Fetching) -> None:
    configuration = {
        "timeZone": "America/New_York", "productWeightUnit": "POUND", "baseCurrencyCode": "USD",
        "shippingNominalCode": "4040",
    }  # fmt: skip
    fetching.brightpearl.lists.configuration = AccountConfiguration(configuration=configuration)

    fetching.run("configuration")

    account = fetching.account()
    assert account.time_zone == "America/New_York"
    assert (account.weight_unit, account.base_currency) == ("POUND", "USD")
    with fetching.book.open_session() as session:
        assert account_settings(session, ACCOUNT).shipping_nominal == "4040"


def test_a_zone_that_was_chosen_stays_whatever_brightpearl_tells(fetching: Fetching) -> None:
    account = fetching.account()
    account.time_zone = "Asia/Tokyo"
    fetching.book.keep(account)

    fetching.run("configuration")

    account = fetching.account()
    assert (account.time_zone, account.weight_unit) == ("Asia/Tokyo", "GRAM")


@pytest.mark.parametrize("told", [{}, {"timeZone": "Mars/Olympus"}, {"timeZone": "../etc/passwd"}])
def test_what_brightpearl_does_not_tell_stays(fetching: Fetching, told: dict[str, str]) -> None:
    fetching.run("configuration")
    fetching.brightpearl.lists.configuration = AccountConfiguration(configuration=told)

    fetching.run("configuration")

    account = fetching.account()
    assert (account.time_zone, account.weight_unit) == ("Europe/London", "GRAM")


def test_a_zone_that_nobody_knows_is_named(fetching: Fetching) -> None:
    told = {"timeZone": "Mars/Olympus"}
    fetching.brightpearl.lists.configuration = AccountConfiguration(configuration=told)

    [_, outcome] = fetching.run("configuration")

    assert isinstance(outcome, Delivered)
    assert "'Mars/Olympus' is not one we know" in outcome.summary


def test_a_new_warehouse_is_undecided_and_an_old_decision_stays(fetching: Fetching) -> None:
    fetching.book.keep(a_mapping())
    fetching.brightpearl.lists.warehouses = (
        Warehouse(id=2, name="Main"), Warehouse(id=3, name="Shop"),
    )  # fmt: skip

    fetching.run("warehouses")

    main, shop = sorted(
        fetching.rows(WarehouseMapping), key=lambda row: row.brightpearl_warehouse_id
    )
    assert (main.brightpearl_name, main.decision) == ("Main", MAPPED)
    assert main.shiphero_warehouse_id == "WAREHOUSE-1"
    assert (shop.brightpearl_name, shop.decision) == ("Shop", UNDECIDED)


def test_a_warehouse_that_is_gone_is_kept_and_named(fetching: Fetching) -> None:
    fetching.book.keep(a_mapping())
    fetching.brightpearl.lists.warehouses = (Warehouse(id=3, name="Shop"),)

    [_, outcome] = fetching.run("warehouses")

    assert isinstance(outcome, Delivered)
    assert "Not in Brightpearl any more, but kept: Old name (2)." in outcome.summary
    assert len(fetching.rows(WarehouseMapping)) == 2


def test_a_mapping_of_a_method_stays_and_a_new_method_is_unmapped(fetching: Fetching) -> None:
    fetching.book.keep(
        ShippingMethodMapping(
            account_id=ACCOUNT, brightpearl_method_id=5, brightpearl_name="Old", title="Standard"
        )
    )
    fetching.brightpearl.lists.methods = (
        ShippingMethod(id=5, name="Standard 48h"), ShippingMethod(id=6, name="Express"),
    )  # fmt: skip

    fetching.run("shipping_methods")

    rows = fetching.rows(ShippingMethodMapping)
    assert {(row.brightpearl_name, row.title) for row in rows} == {
        ("Standard 48h", "Standard"), ("Express", ""),
    }  # fmt: skip


def test_what_a_refresh_brings_is_counted_and_marked_once(fetching: Fetching) -> None:
    standard = ShippingMethod(id=5, name="Standard")
    fetching.brightpearl.lists.methods = (standard,)
    fetching.run("shipping_methods")
    first = fetching.progress(Part.SHIPPING_METHODS).added
    fetching.brightpearl.lists.methods = (standard, ShippingMethod(id=6, name="Express"))

    fetching.book.wait(hours=1)
    fetching.run("shipping_methods")
    second = fetching.progress(Part.SHIPPING_METHODS).added
    fetching.book.wait(hours=1)
    fetching.run("shipping_methods")

    rows = fetching.rows(ShippingMethodMapping)
    assert (first, second, fetching.progress(Part.SHIPPING_METHODS).added) == (None, 1, 0)
    assert {row.brightpearl_name: row.came_at for row in rows} == {
        "Standard": None,
        "Express": NOON + timedelta(hours=1),
    }


@pytest.mark.parametrize("part", ["warehouses", "shipping_methods"])
def test_a_row_that_is_new_raises_the_version_of_the_settings_once(
    fetching: Fetching, part: str
) -> None:
    version = fetching.account().settings_version

    fetching.run(part)
    fetching.run(part)

    assert fetching.account().settings_version == version + 1


def test_a_list_without_new_rows_leaves_the_version_alone(fetching: Fetching) -> None:
    fetching.book.keep(a_mapping())
    version = fetching.account().settings_version

    fetching.run("warehouses")
    fetching.run("channels")

    assert fetching.account().settings_version == version


def test_ids_and_names_that_no_column_holds_stop_nothing(fetching: Fetching) -> None:
    fetching.brightpearl.lists.warehouses = (
        Warehouse(id=0, name="None"), Warehouse(id=2**40, name="Huge"),
        Warehouse(id=2, name="Ma\0in\ud800"),
    )  # fmt: skip

    fetching.run("warehouses")

    assert [row.brightpearl_name for row in fetching.rows(WarehouseMapping)] == ["Ma�in�"]


def test_a_mapped_building_s_new_name_is_shown(fetching: Fetching) -> None:
    fetching.book.keep(a_mapping())
    buildings = (Building(id="WAREHOUSE-1", identifier="Dock 7"),)
    fetching.shiphero.who = Account(id="ACCOUNT-1", warehouses=buildings)

    fetching.run("shiphero_account")

    [row] = fetching.rows(WarehouseMapping)
    assert (row.shiphero_name, row.decision) == ("Dock 7", MAPPED)


def test_shiphero_s_skus_come_page_by_page(fetching: Fetching) -> None:
    fetching.shiphero.products = [Product(sku=f"SKU-{one}") for one in range(60)]
    fetching.ask("shiphero_products")

    fetching.settle()
    fetching.settle()

    assert fetching.progress(Part.SHIPHERO_PRODUCTS).words == "ShipHero SKUs: 25 so far"
    fetching.go_on()
    assert len(fetching.rows(ShipHeroProduct)) == 60
    assert fetching.progress(Part.SHIPHERO_PRODUCTS).words == "ShipHero SKUs: done, 60 fetched"


def test_a_sku_that_shifted_onto_the_next_page_is_kept_once(fetching: Fetching) -> None:
    fetching.shiphero.products = [Product(sku=f"SKU-{one}") for one in range(30)]
    fetching.ask("shiphero_products")
    fetching.settle()
    fetching.settle()
    fetching.shiphero.products.insert(0, Product(sku="NEW\0"))

    fetching.go_on()

    assert len(fetching.rows(ShipHeroProduct)) == 30


class StuckShipHero(FakeShipHero):
    """Says of each page that itself is the next one."""

    def products_page(self, *, after: str | None = None) -> Page[Product]:
        """Hand out one SKU."""
        self._called("products_page")
        return Page(rows=(Product(sku="TEA"),), cursor=after or "1")


def test_a_page_that_leads_to_itself_is_the_last(fetching: Fetching) -> None:
    fetching.shiphero = StuckShipHero()
    fetching.ask("shiphero_products")

    for _ in range(3):
        fetching.settle()

    assert list(fetching.waiting) == []
    assert fetching.progress(Part.SHIPHERO_PRODUCTS).state == DONE
