"""The control room's JSON, its switches and its pages."""

import pytest
from flask.testing import FlaskClient

from sandbox.shiphero.warehouse import ship_what_is_due
from sandbox.world import World
from tests.contract.sandbox.playing import BrightpearlCaller, FakeClock, ShipHeroCaller


def test_the_ledger_sees_a_doubled_key(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    shiphero.make_order("GO-demo-1")
    shiphero.make_order("GO-demo-1")
    shiphero.make_order("GO-demo-2")

    ledger = client.get("/control/ledger").get_json()

    assert ledger["live_orders_by_key"] == {"max": 2, "keys": 2}
    assert ledger["doubled_keys"] == ["GO-demo-1"]


def test_the_ledger_follows_a_note_round(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    shiphero: ShipHeroCaller,
    clock: FakeClock,
    note_id: int,
) -> None:
    clock.turn(2)
    order = shiphero.make_order(f"GO-demo-{note_id}-2")
    clock.turn(3)
    client.post(f"/control/shiphero-orders/{order['legacy_id']}/ship", json={})
    clock.turn(4)
    brightpearl.take_step(note_id, "SHW")

    ledger = client.get("/control/ledger").get_json()

    [timing] = ledger["note_timings"]
    assert (ledger["notes"], ledger["notes_shipped"], ledger["shipped_events"]) == (1, 1, 1)
    assert timing["shiphero_order_at"] - timing["created_at"] == 2
    assert timing["shiphero_shipped_at"] - timing["created_at"] == 5
    assert timing["note_shipped_at"] - timing["created_at"] == 9


def test_the_warehouse_ships_what_is_due_and_not_held(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock, world: World
) -> None:
    client.post("/control/switches", json={"ship_after": 10})
    shiphero.make_order("free")
    shiphero.make_order("held", holds={"operator_hold": True})
    shiphero.make_order("unknown", line_items=[{**NOWHERE}])

    early = ship_what_is_due(world)
    clock.turn(10)
    due = ship_what_is_due(world)

    assert (early, due) == (0, 1)
    assert shiphero.orders('fulfillment_status: "fulfilled"')[0]["partner_order_id"] == "free"


NOWHERE = {"sku": "NO-SUCH", "quantity": 1, "partner_line_item_id": "n", "price": "1"}


def test_calls_are_counted_by_operation(
    client: FlaskClient, brightpearl: BrightpearlCaller, shiphero: ShipHeroCaller
) -> None:
    brightpearl.call("GET", "/warehouse-service/warehouse")
    shiphero.make_order()

    calls = client.get("/control/calls").get_json()

    assert calls["requests"] == {"brightpearl": 1, "shiphero": 1}
    assert calls["operations"]["brightpearl"]["demo"] == {"get-warehouse": 1}
    assert calls["operations"]["shiphero"]["51077"] == {"order_create": 1}


@pytest.mark.parametrize(
    "wanted",
    [{"no_such": 1}, {"repeated_event": "418"}, {"ship_after": "soon"}, {"newer_schema": 3}],
)
def test_a_switch_that_cannot_be_is_refused(client: FlaskClient, wanted: dict[str, object]) -> None:
    assert client.post("/control/switches", json=wanted).status_code == 400


def test_reset_goes_back_to_the_first_day(client: FlaskClient, note_id: int) -> None:
    client.post("/control/switches", json={"throttle_limit": 5})

    client.post("/control/reset")

    again = client.post("/control/sales-orders", json={}).get_json()
    assert client.get("/control/switches").get_json()["throttle_limit"] == 200
    assert again["orders"][0]["noteIds"] == [note_id]


@pytest.mark.parametrize("floor", ["", "notes", "orders", "webhooks", "mail", "calls", "switches"])
def test_every_page_shows(
    client: FlaskClient, shiphero: ShipHeroCaller, note_id: int, floor: str
) -> None:
    shiphero.make_order(f"GO-demo-{note_id}")

    answer = client.get(f"/{floor}")

    assert answer.status_code == 200
    assert "Sandbox" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("act", "form", "said"),
    [
        ("order", {"count": "2", "notes": "1", "lines": "1"}, "Made 2 sales orders"),
        ("delete", {"number": "7001"}, "Deleted goods-out note 7001"),
        ("delete", {"number": "9"}, "There is no goods-out note 9."),
        ("switch", {"name": "ship_after", "value": "3"}, "Turned ship_after"),
        ("switch", {"name": "unknown_note", "value": "400"}, "Turned unknown_note"),
        ("ship", {"number": "1"}, "Order not found"),
    ],
)
def test_every_button_says_what_it_did(
    client: FlaskClient, note_id: int, act: str, form: dict[str, str], said: str
) -> None:
    page = client.post(f"/page/{act}", data=form, follow_redirects=True)

    assert note_id == 7001
    assert said in page.get_data(as_text=True)
