"""What a saving leaves behind for people: the audit trail, and alerts that end."""

from shared.alerts import warehouse_new
from shared.configuring.change import LEFT_OUT, NOT_DECIDED
from tests.integration.configuring.shop import ANN, Shop
from tests.integration.configuring.test_saving import EVERYTHING


def test_each_thing_that_became_otherwise_is_in_the_audit_trail(shop: Shop) -> None:
    shop.save(**EVERYTHING)

    trail = {(entry.act, entry.subject): (entry.before, entry.after) for entry in shop.trail()}
    assert {entry.who for entry in shop.trail()} == {ANN}
    assert trail == {
        ("settings_saved", "Order sync"): ("on", "off"),
        ("settings_saved", "Shipment sync"): ("on", "off"),
        ("settings_saved", "Go-live"): ("2 Mar 2026 09:00 (UTC)", "1 Feb 2026 08:30 (UTC)"),
        ("staff_chosen", "Who ships in Brightpearl"): ("31", "Ben Ash (77)"),
        ("settings_saved", "Order number"): ("{reference}", "{channel}-{order_id}"),
        ("settings_saved", "Notes with a release date ahead"): (
            "sent at once; ShipHero holds the order until then",
            "kept back here, and sent on that date",
        ),
        ("settings_saved", "Minutes in which a new note may be changed"): ("0", "20"),
        ("settings_saved", "The order of a deleted note"): (
            "cancelled in ShipHero at once, while it can be",
            "left as it is until a person has it cancelled",
        ),
        ("settings_saved", "When a note counts as shipped"): (
            "when all of it has left",
            "with its first shipment",
        ),
        ("settings_saved", "Create missing products"): ("off", "on"),
        ("settings_saved", "Sales channel"): ("as the order's shop name", "as a tag of the order"),
        ("settings_saved", "Packing note field"): ("not set", "PCF_PACKING"),
        ("settings_saved", "Gift note field"): ("not set", "PCF_GIFT"),
        ("settings_saved", "Several notes in one request"): ("on", "off"),
        ("settings_saved", "Share of Brightpearl's calls"): ("as usual", "40%"),
        ("settings_saved", "Share of ShipHero's credits"): ("as usual", "60%"),
        ("settings_saved", "Cut-off of the warehouse"): ("not set", "15:30"),
        ("settings_saved", "Daily report at"): ("07:00", "06:30"),
        ("settings_saved", "Daily report on quiet days"): ("on", "off"),
        ("mapping_saved", "Warehouse Warehouse 2 (2)"): ("Main (WAREHOUSE-1)", "not sent"),
        ("mapping_saved", "Warehouse Warehouse 3 (3)"): ("undecided", "Main (WAREHOUSE-1)"),
        ("mapping_saved", "Warehouse Warehouse 9 (9)"): ("not sent", "undecided"),
        ("mapping_saved", "Shipping method Method 5 (5)"): ("Standard", "not mapped"),
        ("mapping_saved", "Shipping method Method 6 (6)"): ("not mapped", "Fast / ups / Ground"),
    }


def test_what_is_so_already_leaves_nothing_in_the_audit_trail(shop: Shop) -> None:
    shop.save(**EVERYTHING)
    entries = len(shop.trail())

    shop.save(**EVERYTHING)

    assert len(shop.trail()) == entries


def test_a_decision_ends_the_alert_about_a_new_warehouse(shop: Shop) -> None:
    shop.alert_about(warehouse_new(shop.account, 3), warehouse_new(shop.account, 4))

    shop.save(warehouses={3: LEFT_OUT, 4: NOT_DECIDED})

    assert shop.open_alerts() == ["4"]
