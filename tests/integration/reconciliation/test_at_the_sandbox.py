"""Comparisons with the real sandbox through the real clients."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services.shipment_return.comparison_window import SETTLING
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTE_MISSED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    SHIPMENT_SUSPECTED,
)
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.new_order import NewOrder
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.builders import a_new_order
from tests.integration.reconciliation.merchant import Merchant
from tests.integration.registration.served import Sandbox, a_sandbox
from tests.waiting import until


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with a_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def real(merchant: Merchant, sandbox: Sandbox) -> Merchant:
    """Connect the account with a fresh sandbox, whose webhooks go nowhere."""
    sandbox.control("reset", {})
    app = StaffApp(app_ref="demo_goodsout", staff_token="sandbox-staff-token")
    base_url = f"{sandbox.address}/public-api/demo"
    merchant.brightpearl = Brightpearl(brightpearl_http(), app, base_url=base_url)
    merchant.shiphero = connected(sandbox)
    merchant.books.clock.time = datetime.now(UTC)
    merchant.go_live_at = merchant.books.clock() - timedelta(hours=1)
    return merchant


def connected(sandbox: Sandbox) -> ShipHero:
    tokens = ShipHeroTokens(shiphero_http(), base_url=sandbox.address)
    got = tokens.exchange_password("demo@sandbox.test", "sandbox")
    bearer = BearerToken(
        access_token=got.access_token, refresh_token=got.refresh_token, tokens=tokens
    )
    return ShipHero(shiphero_http(), bearer, base_url=sandbox.address)


def an_order_of_what_is_there(sandbox: Sandbox) -> NewOrder:
    new = a_new_order(partner_order_id="GO-acme-501")
    sku = connected(sandbox).products_page().rows[0].sku
    lines = tuple(line.model_copy(update={"sku": sku}) for line in new.line_items)
    return new.model_copy(update={"line_items": lines})


def ship(sandbox: Sandbox, *note_ids: int) -> list[int | None]:
    """Have ShipHero ship new orders of notes; gives their ids."""
    shiphero, new = connected(sandbox), an_order_of_what_is_there(sandbox)
    orders = []
    for one in note_ids:
        given = {"partner_order_id": f"GO-acme-{one}", "order_number": f"{one}"}
        orders.append(shiphero.create_order(new.model_copy(update=given)).legacy_id)
        sandbox.control(f"shiphero-orders/{orders[-1]}/ship", {"parcels": 1})
    return orders


def make_notes(sandbox: Sandbox, count: int) -> list[int]:
    asked = {"count": count, "notes": 1, "lines": 1}
    made = sandbox.control("sales-orders", asked)
    return [one for order in made["orders"] for one in order["noteIds"]]


def test_dropped_webhooks_are_all_found_and_not_twice(real: Merchant, sandbox: Sandbox) -> None:
    notes = make_notes(sandbox, 120)
    real.books.clock.time = datetime.now(UTC) + timedelta(seconds=1)

    real.compare_notes()
    real.books.clock.pass_(minutes=5)
    real.compare_notes()

    assert real.recorded(GOODS_OUT_NOTE_CHANGED) == [str(one) for one in sorted(notes)]


def test_an_empty_list_cancels_nothing(real: Merchant, sandbox: Sandbox) -> None:
    notes = make_notes(sandbox, 20)
    real.send(*notes)
    real.books.clock.time = datetime.now(UTC) + timedelta(seconds=1)
    sandbox.control("faults", {"vendor": "brightpearl", "kind": "empty", "times": 2})

    real.compare_notes()

    assert real.missing_notes() == {}
    assert real.recorded(GOODS_OUT_NOTE_MISSED) == []


def test_an_id_that_a_set_leaves_out_is_not_deleted(real: Merchant, sandbox: Sandbox) -> None:
    notes = make_notes(sandbox, 3)
    real.send(*notes)
    real.books.clock.time = datetime.now(UTC) + timedelta(seconds=1)
    empty = {"vendor": "brightpearl", "kind": "empty", "times": 2}
    sandbox.control("faults", empty)
    skip = {"vendor": "brightpearl", "kind": "skip_id", "operation": "get-goods-out-note"}
    sandbox.control("faults", skip)

    real.compare_notes()
    real.books.clock.pass_(minutes=2)
    real.work()

    assert real.recorded(GOODS_OUT_NOTE_MISSED) != []
    assert real.recorded(GOODS_OUT_NOTE_DESTROYED) == []
    assert real.missing_notes() == {}


@pytest.mark.parametrize("answer", ["empty_list", "empty_map", "not_found"])
def test_a_note_that_was_really_deleted_is_destroyed_once(
    real: Merchant, sandbox: Sandbox, answer: str
) -> None:
    notes = make_notes(sandbox, 3)
    real.send(*notes)
    sandbox.control("switches", {"all_missing_notes": answer})
    sandbox.control(f"goods-out-notes/{notes[1]}", method="DELETE")
    real.books.clock.time = datetime.now(UTC) + timedelta(seconds=1)

    real.compare_notes()
    real.books.clock.pass_(minutes=2)
    real.work()

    assert real.recorded(GOODS_OUT_NOTE_DESTROYED) == [str(notes[1])]


def test_a_shipment_whose_webhook_was_dropped_is_found(real: Merchant, sandbox: Sandbox) -> None:
    order = connected(sandbox).create_order(an_order_of_what_is_there(sandbox))
    sandbox.control(f"shiphero-orders/{order.legacy_id}/ship", {"parcels": 2})
    real.books.clock.time = datetime.now(UTC) + timedelta(minutes=2)

    real.compare_orders()
    real.compare_orders()

    assert real.recorded(SHIPMENT_SUSPECTED) == ["501"]


def test_orders_that_change_while_pages_are_read_hide_no_shipment(
    real: Merchant, sandbox: Sandbox
) -> None:
    orders = ship(sandbox, *range(1, 61))
    end = datetime.now(UTC)
    real.books.clock.time = end + SETTLING
    until(lambda: datetime.now(UTC) > end + timedelta(seconds=1), what="the window to be past")
    real.books.announce("acme", name=SHIPHERO_RECONCILIATION_REQUESTED)

    while real.step():
        # An order that was on an earlier page leaves the window, and all others move up by one.
        sandbox.control(f"shiphero-orders/{orders.pop(0)}/holds", {"operator_hold": True})
    real.books.clock.pass_(minutes=5)
    real.compare_orders()

    assert real.recorded(SHIPMENT_SUSPECTED) == [str(one) for one in range(1, 61)]


@pytest.mark.parametrize("hours", [-5, 5])
def test_filters_that_are_read_in_another_zone_hide_no_shipment(
    real: Merchant, sandbox: Sandbox, hours: int
) -> None:
    sandbox.control("switches", {"filter_utc_offset": hours})
    ship(sandbox, 501)
    real.books.clock.time = datetime.now(UTC) + timedelta(minutes=2)

    real.compare_orders()

    assert real.recorded(SHIPMENT_SUSPECTED) == ["501"]
