"""Each saving is kept, and the settings can be as they were after any of them."""

from datetime import timedelta

from sqlmodel import Session, delete

from shared.accounts import UNDECIDED
from shared.configuring.change import LEFT_OUT, MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.history import Restorable, restorable, saved_before
from shared.configuring.saving import read_known
from shared.db.account_tables import Account, SavedSettings, ShippingMethodMapping
from shared.db.vendor_tables import ShipHeroWarehouse
from tests.integration.configuring.shop import ANN, Shop


def test_the_first_saving_keeps_also_how_all_stood_before(shop: Shop) -> None:
    shop.save(channel_as="tag")

    with shop.books.open_session() as session:
        after, before = saved_before(session, shop.account)
    assert (before.saved_by, before.changes, before.settings["channel_as"]) == ("", [], "shop_name")
    assert (after.saved_by, after.settings["channel_as"]) == (ANN, "tag")
    assert after.changes == [
        {"subject": "Sales channel", "before": "as the order's shop name",
         "after": "as a tag of the order"}
    ]  # fmt: skip
    assert after.version == before.version + 1


def test_a_saving_that_changes_nothing_is_none(shop: Shop) -> None:
    shop.save(order_sync_on=True)

    with shop.books.open_session() as session:
        assert saved_before(session, shop.account) == []


def test_going_back_brings_everything_back_as_it_was(shop: Shop) -> None:
    shop.save(
        channel_as="tag",
        brightpearl_share=40,
        warehouses={3: LEFT_OUT},
        methods={5: MethodChoice(title="Changed")},
    )
    later = shop.save(go_live_at=None, warehouses={3: WarehouseChoice.to("WAREHOUSE-1")})

    part = going_back(shop, later.version - 2)
    shop.save(**part.change.model_dump(exclude_unset=True))

    with shop.books.open_session() as session:
        first, last = last_and_first(session, shop)
    assert part.left_out == ()
    assert last.settings == first.settings
    assert last.settings["warehouses"]["3"]["decision"] == UNDECIDED


def test_only_what_is_otherwise_is_restored(shop: Shop) -> None:
    saved = shop.save(channel_as="tag", create_products=True)
    shop.save(channel_as="shop_name")

    change = going_back(shop, saved.version).change

    assert change == SettingsChange(channel_as="tag")
    assert change.model_fields_set == {"channel_as"}


def test_what_is_gone_since_stays_as_it_is_and_is_told(shop: Shop) -> None:
    saved = shop.save(warehouses={3: WarehouseChoice.to("WAREHOUSE-1")}, channel_as="tag")
    shop.save(warehouses={3: LEFT_OUT}, methods={5: MethodChoice()}, channel_as="shop_name")
    with shop.books.session() as session:
        session.exec(delete(ShipHeroWarehouse))
        session.delete(session.get_one(ShippingMethodMapping, (shop.account, 5)))

    part = going_back(shop, saved.version)

    assert part.change.model_fields_set == {"channel_as"}
    assert [sentence.partition(" is not known")[0] for sentence in part.left_out] == [
        "ShipHero warehouse WAREHOUSE-1",
        "Brightpearl shipping method 5",
    ]


def test_a_setting_that_there_is_no_more_says_nothing(shop: Shop) -> None:
    saved = shop.save(channel_as="tag")
    with shop.books.session() as session:
        kept = session.get_one(SavedSettings, (shop.account, saved.version))
        kept.settings = {"long_gone": True, "channel_as": "shop_name"}

    assert going_back(shop, saved.version).change == SettingsChange(channel_as="shop_name")


def test_shadow_mode_and_who_ships_stay_as_they_are(shop: Shop) -> None:
    first = shop.save(shadow_on=True, channel_as="tag")
    shop.save(shadow_on=False, event_owner=None)

    assert going_back(shop, first.version).change == SettingsChange()


def test_a_go_live_comes_back_to_the_second(shop: Shop) -> None:
    at = shop.books.clock() + timedelta(seconds=7)
    saved = shop.save(go_live_at=at)
    shop.save(go_live_at=None)

    assert going_back(shop, saved.version).change.go_live_at == at


def going_back(shop: Shop, version: int) -> Restorable:
    with shop.books.open_session() as session:
        kept = session.get_one(SavedSettings, (shop.account, version))
        account = session.get_one(Account, shop.account)
        known = read_known(session, shop.account, now=shop.books.clock())
        return restorable(kept, account, known)


def last_and_first(session: Session, shop: Shop) -> tuple[SavedSettings, SavedSettings]:
    found = saved_before(session, shop.account)
    return found[-1], found[0]
