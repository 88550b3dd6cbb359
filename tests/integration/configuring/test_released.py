"""Each cause: what waits for it goes through once it is gone, and nothing else moves."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.configuring.change import EventOwner, MethodChoice, WarehouseChoice
from shared.journal.release import Swept
from tests.integration.configuring.shop import OTHER_CAUSE, Shop
from tests.integration.journal.books import MORNING


@dataclass(frozen=True, kw_only=True)
class Case:
    """A cause: how it comes, which note meets it, and what removes it."""

    cause: str
    comes: dict[str, Any] = field(default_factory=dict)
    note: dict[str, Any] = field(default_factory=dict)
    removed_by: dict[str, Any]


OF_ORDERS = (
    Case(
        cause="order_sync_off",
        comes={"order_sync_on": False},
        removed_by={"order_sync_on": True},
    ),
    Case(
        cause="go_live_unset",
        comes={"go_live_at": None},
        removed_by={"go_live_at": MORNING},
    ),
    Case(
        cause="warehouse_undecided:3",
        note={"warehouse_id": 3},
        removed_by={"warehouses": {3: WarehouseChoice.to("WAREHOUSE-1")}},
    ),
    Case(
        cause="shipping_method_unmapped:6",
        note={"method": 6},
        removed_by={"methods": {6: MethodChoice(title="Next day")}},
    ),
)
OF_SHIPMENTS = (
    Case(
        cause="shipment_sync_off",
        comes={"shipment_sync_on": False},
        removed_by={"shipment_sync_on": True},
    ),
    Case(
        cause="event_owner_unset",
        comes={"event_owner": None},
        removed_by={"event_owner": EventOwner(contact_id=31, name="Ann Moss")},
    ),
)


def _name(case: Case) -> str:
    return case.cause.partition(":")[0]


@pytest.mark.parametrize("case", OF_ORDERS, ids=_name)
def test_notes_that_waited_for_a_setting_become_orders(shop: Shop, case: Case) -> None:
    other = shop.make_note_that_waits()
    shop.work()
    shop.save(**case.comes)
    note = shop.make_note(501, **case.note)
    shop.work()
    held = shop.waits_for(note)

    saved = shop.save(**case.removed_by)
    shop.work()

    assert held == case.cause
    assert saved.effect.released == {case.cause: 1}
    assert [order.partner_order_id for order in shop.shiphero.orders] == ["GO-acme-501"]
    assert shop.shown(501).order_stage == "done"
    assert (shop.waits_for(other), shop.books.row(other).generation) == (OTHER_CAUSE, 2)


@pytest.mark.parametrize("case", OF_SHIPMENTS, ids=_name)
def test_shipments_that_waited_for_a_setting_are_written_back(shop: Shop, case: Case) -> None:
    other = shop.make_note_that_waits()
    shop.make_note(501)
    shop.work()
    shop.save(**case.comes)
    shipment = shop.ship(501)
    shop.work()
    held = shop.waits_for(shipment)

    saved = shop.save(**case.removed_by)
    shop.work()

    assert held == case.cause
    assert saved.effect.released == {case.cause: 1}
    assert shop.brightpearl.notes[501].shipped
    assert shop.shown(501).shipment_stage == "done"
    assert (shop.waits_for(other), shop.books.row(other).generation) == (OTHER_CAUSE, 2)


def test_notes_that_waited_for_a_connection_become_orders(shop: Shop) -> None:
    other = shop.make_note_that_waits()
    shop.work()
    shop.break_shiphero()
    note = shop.make_note(501)
    shop.work()
    held = shop.waits_for(note)

    shop.mend_shiphero()
    shop.work()

    assert held == "connection_broken:shiphero"
    assert shop.shown(501).order_stage == "done"
    assert (shop.waits_for(other), shop.books.row(other).generation) == (OTHER_CAUSE, 2)


def test_settings_release_nothing_that_waits_for_a_connection(shop: Shop) -> None:
    shop.break_shiphero()
    note = shop.make_note(501)
    shop.work()
    shop.save(order_sync_on=False)

    saved = shop.save(order_sync_on=True)

    assert saved.effect.is_none
    assert shop.waits_for(note) == "connection_broken:shiphero"


@pytest.mark.parametrize(
    "cause",
    [
        "order_sync_off", "go_live_unset", "warehouse_undecided:2", "shipping_method_unmapped:5",
        "shipment_sync_off", "event_owner_unset", "connection_broken:shiphero",
    ],
)  # fmt: skip
def test_what_a_release_forgot_is_found_by_the_sweep_and_goes_through(
    shop: Shop, cause: str
) -> None:
    note = shop.make_note(501)
    shop.books.rewrite(note, hold_cause=cause, hold_version=1)
    other = shop.make_note_that_waits()
    shop.work()

    swept = shop.books.sweep()
    shop.work()

    assert swept == Swept(lost=0, abandoned=0, forgotten=1)
    assert shop.shown(501).order_stage == "done"
    assert shop.waits_for(other) == OTHER_CAUSE


def test_a_saving_leaves_to_the_sweep_what_it_did_not_free(shop: Shop) -> None:
    note = shop.make_note(501)
    shop.books.rewrite(note, hold_cause="order_sync_off", hold_version=1)

    saved = shop.save(shipment_sync_on=False)

    assert saved.effect.is_none
    assert shop.waits_for(note) == "order_sync_off"
