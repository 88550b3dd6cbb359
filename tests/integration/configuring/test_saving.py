"""Saving settings: all of it or nothing, one version, and only what the change concerns."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.accounts import account_settings
from shared.configuring.change import (
    LEFT_OUT,
    NOT_DECIDED,
    EventOwner,
    MethodChoice,
    SettingsChange,
    WarehouseChoice,
)
from shared.configuring.effect import Effect
from shared.configuring.faults import Unfit
from shared.db.account_tables import WarehouseMapping
from shared.events import GOODS_OUT_NOTE_CHANGED, RECONCILIATION_REQUESTED, SHIPMENT_SUSPECTED, Lane
from tests.integration.configuring.shop import Shop
from tests.integration.journal.books import MORNING

EVERYTHING: dict[str, Any] = {
    "order_sync_on": False,
    "shipment_sync_on": False,
    "go_live_at": datetime(2026, 2, 1, 8, 30, tzinfo=UTC),
    "event_owner": EventOwner(contact_id=77, name="Ben Ash"),
    "order_number_template": "{channel}-{order_id}",
    "release_policy": "keep_back",
    "hold_minutes": 20,
    "deleted_policy": "ask",
    "shipped_when": "first",
    "create_products": True,
    "channel_as": "tag",
    "packing_note_field": "PCF_PACKING",
    "gift_note_field": "PCF_GIFT",
    "batch_writes": False,
    "brightpearl_share": 40,
    "shiphero_share": 60,
    "cut_off": "15:30",
    "report_at": "06:30",
    "report_quiet_days": False,
    "warehouses": {
        2: LEFT_OUT,
        3: WarehouseChoice.to("WAREHOUSE-1"),
        9: NOT_DECIDED,
    },
    "methods": {5: MethodChoice(), 6: MethodChoice(title="Fast", carrier="ups", method="Ground")},
}


def test_everything_is_saved_at_once_under_one_version(shop: Shop) -> None:
    before = shop.settings().settings_version

    saved = shop.save(**EVERYTHING)

    account = shop.settings()
    assert (saved.version, saved.is_new) == (before + 1, True)
    assert account.settings_version == before + 1
    assert (account.event_owner_contact_id, account.event_owner_name) == (77, "Ben Ash")
    assert {name: getattr(account, name) for name in EVERYTHING if hasattr(account, name)} == {
        name: value for name, value in EVERYTHING.items() if hasattr(account, name)
    }


def test_mappings_are_saved_with_the_name_that_people_know(shop: Shop) -> None:
    shop.save(**EVERYTHING)

    with shop.books.open_session() as session:
        settings = account_settings(session, shop.account)
        mapped = session.get_one(WarehouseMapping, (shop.account, 3))
    decisions = {one: warehouse.decision for one, warehouse in settings.warehouses.items()}
    assert decisions == {2: "not_sent", 3: "mapped", 4: "undecided", 9: "undecided"}
    assert (mapped.shiphero_warehouse_id, mapped.shiphero_name) == ("WAREHOUSE-1", "Main")
    assert (settings.methods[5].title, settings.methods[6].title) == ("", "Fast")
    assert (settings.methods[6].carrier, settings.methods[6].method) == ("ups", "Ground")


def test_what_is_read_afterwards_is_what_was_reckoned_with(shop: Shop) -> None:
    change = SettingsChange(**EVERYTHING)
    with shop.books.open_session() as session:
        reckoned = change.applied_to(account_settings(session, shop.account))

    version = shop.save(**EVERYTHING).version

    with shop.books.open_session() as session:
        read = account_settings(session, shop.account)
    assert read.version == version
    assert reckoned.warehouses == read.warehouses
    assert reckoned.methods == read.methods
    assert reckoned.order_number_template == read.order_number_template


def test_saving_what_is_so_already_changes_nothing(shop: Shop) -> None:
    first = shop.save(**EVERYTHING)

    again = shop.save(**EVERYTHING)

    assert (again.version, again.is_new, again.effect) == (first.version, False, Effect())
    assert shop.settings().settings_version == first.version


def test_one_wrong_field_leaves_all_others_as_they_were(shop: Shop) -> None:
    before = shop.settings()

    with pytest.raises(Unfit) as refused:
        shop.save(**{**EVERYTHING, "order_number_template": "{ref}"})

    assert refused.value.faults.keys() == {"order_number_template"}
    assert shop.settings() == before


def test_a_change_that_brings_a_cause_releases_nothing(shop: Shop) -> None:
    waiting = shop.make_note_that_waits()
    shop.work()

    saved = shop.save(order_sync_on=False, warehouses={2: NOT_DECIDED}, go_live_at=None)

    assert saved.effect.is_none
    assert shop.waits_for(waiting) == "warehouse_undecided:4"


def test_another_accounts_notes_are_left_alone(shop: Shop) -> None:
    other = shop.books.open_account("other")
    theirs = shop.books.announce("501", account_id=other)
    shop.books.rewrite(theirs, hold_cause="warehouse_undecided:3", hold_version=1)

    saved = shop.save(warehouses={3: WarehouseChoice.to("WAREHOUSE-1")})

    assert saved.effect.is_none
    assert shop.waits_for(theirs) == "warehouse_undecided:3"


def test_a_warehouse_that_is_left_out_frees_its_notes_to_be_skipped(shop: Shop) -> None:
    shop.make_note(501, warehouse_id=3)
    shop.work()

    saved = shop.save(warehouses={3: LEFT_OUT})
    shop.work()

    assert saved.effect.released == {"warehouse_undecided:3": 1}
    assert shop.shown(501).order_reason_code == "warehouse_not_sent"


def test_notes_skipped_for_their_warehouse_are_sent_once_it_is_mapped(shop: Shop) -> None:
    shop.make_note(501, warehouse_id=9)
    shop.make_note(502, warehouse_id=2, shipped=True)
    shop.work()

    saved = shop.save(warehouses={9: WarehouseChoice.to("WAREHOUSE-1")})

    looks = [row for row in shop.recorded(GOODS_OUT_NOTE_CHANGED) if row.settled_at is None]
    assert saved.effect.looked_at_again == {"warehouse_not_sent": 1}
    assert [(row.subject, row.lane) for row in looks] == [("501", Lane.BACKFILL.value)]
    shop.work()
    assert shop.shown(501).order_stage == "done"
    assert shop.shown(502).order_reason_code == "already_shipped"


def test_a_deleted_note_is_not_looked_at_again(shop: Shop) -> None:
    skipped = {"order_stage": "skipped", "order_reason_code": "warehouse_not_sent"}
    shop.keep_note(501, warehouse_id=9, deleted_at=MORNING, **skipped)

    saved = shop.save(warehouses={9: WarehouseChoice.to("WAREHOUSE-1")})

    assert saved.effect.is_none


def test_notes_with_unknown_skus_are_tried_again_once_products_may_be_made(shop: Shop) -> None:
    shop.keep_note(501, order_stage="failed", order_reason_code="sku_unknown")
    shop.keep_note(502, order_stage="failed", order_reason_code="address_missing")

    saved = shop.save(create_products=True)

    assert saved.effect.looked_at_again == {"sku_unknown": 1}
    assert [row.subject for row in shop.recorded(GOODS_OUT_NOTE_CHANGED)] == ["501"]


def test_notes_part_shipped_are_looked_at_once_the_first_shipment_counts(shop: Shop) -> None:
    shop.keep_note(501, order_stage="done", shipment_stage="waiting")
    shop.keep_note(502, order_stage="done", shipment_stage="done")

    saved = shop.save(shipped_when="first")

    assert saved.effect.looked_at_again == {"waiting_for_rest": 1}
    assert [row.subject for row in shop.recorded(SHIPMENT_SUSPECTED)] == ["501"]


def test_a_note_about_which_two_events_wait_is_one_held_order(shop: Shop) -> None:
    shop.save(order_sync_on=False)
    waiting = [shop.books.announce("501"), shop.books.announce("501")]
    for one in waiting:
        shop.books.rewrite(one, hold_cause="order_sync_off", hold_version=1)

    saved = shop.save(order_sync_on=True)

    assert saved.effect.released == {"order_sync_off": 1}
    assert [shop.books.row(one).hold_cause for one in waiting] == [None, None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"release_policy": "keep_back"}, {"release_policy": "hold"}),
        ({"hold_minutes": 15}, {"hold_minutes": 5}),
    ],
    ids=["until their date", "while they may be changed"],
)
def test_notes_kept_back_go_at_once_when_they_need_not_wait(
    shop: Shop, before: dict[str, Any], after: dict[str, Any]
) -> None:
    shop.save(**before)
    kept_back, retried = shop.books.announce("501"), shop.books.announce("502")
    in_a_week = MORNING + timedelta(days=7)
    shop.books.rewrite(kept_back, due_at=in_a_week, reason_code="kept_back")
    shop.books.rewrite(retried, due_at=in_a_week, reason_code="vendor_trouble")

    saved = shop.save(**after)

    assert saved.effect.released == {"kept_back": 1}
    assert shop.books.row(kept_back).due_at == MORNING
    assert shop.books.row(retried).due_at == in_a_week


@pytest.mark.parametrize("before", [None, MORNING])
def test_an_earlier_go_live_has_brightpearls_list_compared_from_there(
    shop: Shop, before: datetime | None
) -> None:
    shop.save(go_live_at=before)
    earlier = MORNING - timedelta(days=2)

    saved = shop.save(go_live_at=earlier)

    [request] = shop.recorded(RECONCILIATION_REQUESTED)
    assert saved.effect.compared_from == earlier
    assert (request.subject, request.payload["from"]) == ("acme", earlier.isoformat())


def test_a_note_skipped_for_a_later_go_live_is_sent_once_that_is_taken_back(shop: Shop) -> None:
    shop.save(order_sync_on=False)
    shop.make_note(501)
    shop.work()
    shop.save(go_live_at=MORNING + timedelta(hours=1))
    shop.save(order_sync_on=True)
    shop.work()
    skipped = shop.shown(501).order_reason_code

    saved = shop.save(go_live_at=MORNING)
    shop.work()

    assert skipped == "before_go_live"
    assert saved.effect.looked_at_again == {"before_go_live": 1}
    assert shop.shown(501).order_stage == "done"


def test_a_later_go_live_compares_nothing(shop: Shop) -> None:
    saved = shop.save(go_live_at=MORNING + timedelta(days=2))

    assert saved.effect.is_none
    assert shop.recorded(RECONCILIATION_REQUESTED) == []


def test_the_effect_is_told_beforehand_and_nothing_is_written(shop: Shop) -> None:
    shop.make_note(501, warehouse_id=3)
    shop.make_note(502, warehouse_id=9)
    shop.make_note_that_waits()
    shop.work()
    change = {
        "warehouses": {
            3: WarehouseChoice.to("WAREHOUSE-1"),
            9: WarehouseChoice.to("WAREHOUSE-1"),
        },
        "go_live_at": MORNING - timedelta(days=1),
    }
    before = shop.books.rows()

    foreseen = shop.effect_of(**change)

    assert shop.books.rows() == before
    assert foreseen.released == {"warehouse_undecided:3": 1}
    assert foreseen.looked_at_again == {"warehouse_not_sent": 1}
    assert shop.save(**change).effect == foreseen


def test_the_effect_of_what_cannot_be_saved_is_refused(shop: Shop) -> None:
    with pytest.raises(Unfit, match="ShipHero warehouse X is not known"):
        shop.effect_of(warehouses={3: WarehouseChoice.to("X")})


def test_what_a_session_read_before_is_read_anew(postgresql_shop: Shop) -> None:
    shop = postgresql_shop
    with shop.books.session() as session:
        read_before = session.get_one(WarehouseMapping, (shop.account, 3))
        shop.save(warehouses={3: LEFT_OUT})
        settings = account_settings(session, shop.account)

    assert settings.warehouses[3].decision == "not_sent"
    assert read_before.decision == "not_sent"
