"""The warehouse's own life: labels, parcels, totes, returns (contract sections 7, 8 and 10)."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.shiphero.warehouse import ship_what_is_due
from sandbox.world import World
from tests.contract.sandbox.playing import FakeClock, Receiver, ShipHeroCaller, sample
from tests.contract.sandbox.served import Served
from tests.contract.sandbox.test_shapes import listen, missing, shape
from tests.waiting import until

READ = (
    "query ($id: String!) { order(id: $id) { data { fulfillment_status updated_at shipments "
    "{ completed created_date total_packages shipping_labels { id legacy_id status "
    "tracking_number } line_items(first: 9) { edges { node { shipping_label_id quantity } } } } "
    "returns { status total_items_expected total_items_restocked line_items { quantity_received "
    "condition line_item { partner_line_item_id } } } } } }"
)
VOIDED = "{ shipments(voided: true) { data { edges { node { legacy_id } } } } }"


def control(client: FlaskClient, path: str, **body: Any) -> Any:
    answer = client.post(f"/control/{path}", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def read(shiphero: ShipHeroCaller, order: dict[str, Any]) -> Any:
    return shiphero.ask(READ, id=order["id"])["data"]["order"]["data"]


def test_a_label_made_anew_takes_the_lines_and_only_the_order_tells(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    order = shiphero.make_order("K")
    control(client, f"shiphero-orders/{order['legacy_id']}/ship", tracking=["OLD"])
    [before] = read(shiphero, order)["shipments"]
    clock.turn(3600)

    old = before["shipping_labels"][0]["legacy_id"]
    control(client, f"shiphero/labels/{old}/void", remake=True, tracking="NEW")

    after = read(shiphero, order)
    [shipment] = after["shipments"]
    labels = {label["tracking_number"]: label for label in shipment["shipping_labels"]}
    carried = {edge["node"]["shipping_label_id"] for edge in shipment["line_items"]["edges"]}
    assert {number: label["status"] for number, label in labels.items()} == {
        "OLD": "voided",
        "NEW": "valid",
    }
    assert carried == {labels["NEW"]["id"]}
    assert shipment["created_date"] == before["created_date"]
    assert after["updated_at"] == "2026-07-01T11:00:00"


def test_voided_shipments_are_found_by_their_filter_and_may_be_cancelled(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    order = shiphero.make_order("K")
    path = f"shiphero-orders/{order['legacy_id']}"
    control(client, f"{path}/ship", lines={"TEA-BRK-125": 1})
    [shipment] = read(shiphero, order)["shipments"]
    none = shiphero.ask(VOIDED)["data"]["shipments"]["data"]["edges"]

    control(client, f"shiphero/labels/{shipment['shipping_labels'][0]['legacy_id']}/void")
    cancelled = control(client, f"{path}/cancel")

    assert none == []
    assert len(shiphero.ask(VOIDED)["data"]["shipments"]["data"]["edges"]) == 1
    assert cancelled["canceled"] is True


@pytest.mark.parametrize("tracking", ["", "Pickup", "1Z" * 120])
def test_a_tracking_number_may_be_anything(
    client: FlaskClient, shiphero: ShipHeroCaller, tracking: str
) -> None:
    order = shiphero.make_order("K")

    control(client, f"shiphero-orders/{order['legacy_id']}/ship", tracking=[tracking])

    [shipment] = read(shiphero, order)["shipments"]
    assert shipment["shipping_labels"][0]["tracking_number"] == tracking


def test_one_order_leaves_in_several_shipments(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    order = shiphero.make_order("K")
    path = f"shiphero-orders/{order['legacy_id']}/ship"

    control(client, path, lines={"TEA-BRK-125": 1}, bulk=True)
    part = read(shiphero, order)
    control(client, path, parcels=2)

    whole = read(shiphero, order)
    assert (part["fulfillment_status"], part["shipments"][0]["completed"]) == ("pending", False)
    assert whole["fulfillment_status"] == "fulfilled"
    assert [each["total_packages"] for each in whole["shipments"]] == [1, 2]


def test_a_status_is_the_merchants_own_word(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")

    control(client, f"shiphero/orders/{order['legacy_id']}/status", fulfillment_status="QMS-Large")

    assert len(shiphero.orders('fulfillment_status: "QMS-Large"')) == 1


def test_a_hold_does_not_stop_what_is_in_a_tote(
    client: FlaskClient, shiphero: ShipHeroCaller, world: World
) -> None:
    control(client, "switches", ship_after=0)
    order = shiphero.make_order("K", holds={"operator_hold": True})
    held = ship_what_is_due(world)

    control(client, f"shiphero/orders/{order['legacy_id']}/tote")

    assert (held, ship_what_is_due(world)) == (0, 1)


def test_a_return_is_announced_and_received(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")
    control(client, f"shiphero-orders/{order['legacy_id']}/ship")

    made = control(
        client, f"shiphero/orders/{order['legacy_id']}/returns", lines={"TEA-BRK-125": 2}
    )
    control(client, f"shiphero/returns/{made['legacy_id']}/receive", restock=True)

    [shown] = read(shiphero, order)["returns"]
    listed = shiphero.ask(
        "query ($id: String) { returns(order_id: $id) { data { edges { node { legacy_id } } } } }",
        id=order["id"],
    )
    assert (shown["status"], shown["total_items_expected"]) == ("complete", 2)
    assert shown["total_items_restocked"] == 2
    assert shown["line_items"] == [
        {
            "quantity_received": 2,
            "condition": "good",
            "line_item": {"partner_line_item_id": "K-1"},
        }
    ]
    assert listed["data"]["returns"]["data"]["edges"] == [
        {"node": {"legacy_id": made["legacy_id"]}}
    ]


@pytest.mark.parametrize(
    ("webhook", "file"),
    [
        ("Return Update", "webhook_return_update.json"),
        ("Package Added", "webhook_package_added.json"),
        ("Order Deallocated", "webhook_order_deallocated.json"),
    ],
)
def test_the_other_webhooks_have_the_documented_shape(
    client: FlaskClient, shiphero: ShipHeroCaller, webhook: str, file: str
) -> None:
    wanted = json.loads(sample(f"shiphero/samples/{file}"))
    listen(client, webhook)
    shipped = shiphero.make_order("shipped")
    canceled = shiphero.make_order("canceled")
    control(client, f"shiphero-orders/{shipped['legacy_id']}/ship")
    control(client, f"shiphero/orders/{shipped['legacy_id']}/returns", lines={"TEA-BRK-125": 1})
    control(client, f"shiphero-orders/{canceled['legacy_id']}/cancel")

    sent = client.get("/control/webhook-deliveries").get_json()

    assert missing(shape(wanted), shape(json.loads(sent[0]["body"]))) == []


def test_packed_out_names_the_order_by_its_ids_only(served: Served, receiver: Receiver) -> None:
    served.subscribe(receiver, "Order Packed Out")
    number = served.make_order("K")
    served.control(f"shiphero/orders/{number}/tote")
    served.control(f"shiphero-orders/{number}/ship")

    until(lambda: receiver.got, what="the tote's webhook")

    [body] = receiver.bodies()
    assert body["order_id"] == number
    assert "order_number" not in body
    assert "account_id" not in body


@pytest.mark.parametrize(("is_told", "told"), [(False, 1), (True, 2)])
def test_a_changed_label_is_told_again_only_by_a_switch(
    client: FlaskClient, shiphero: ShipHeroCaller, *, is_told: bool, told: int
) -> None:
    control(client, "switches", shipment_update_on_label_change=is_told)
    listen(client, "Shipment Update")
    order = shiphero.make_order("K")
    control(client, f"shiphero-orders/{order['legacy_id']}/ship")
    [shipment] = read(shiphero, order)["shipments"]

    control(client, f"shiphero/labels/{shipment['shipping_labels'][0]['legacy_id']}/void")

    assert len(client.get("/control/webhook-deliveries").get_json()) == told


KIT_LINES = (
    "query ($id: String!) { order(id: $id) { data { fulfillment_status line_items(first: 9) { "
    "edges { node { id sku quantity partner_line_item_id quantity_shipped } } } shipments { "
    "line_items(first: 9) { edges { node { line_item_id quantity } } } } } } }"
)


@pytest.mark.parametrize(
    ("kits_ship_as", "shipped"),
    [("parts", {("TEA-CHA-P20", 4), ("TEA-EGS-125", 2)}), ("kit", {("TEA-BRK-125", 2)})],
)
def test_a_kit_ships_as_its_parts_or_by_its_own_line(
    client: FlaskClient, shiphero: ShipHeroCaller, kits_ship_as: str, shipped: set[tuple[str, int]]
) -> None:
    control(client, "switches", kits_ship_as=kits_ship_as)
    parts = {"TEA-CHA-P20": 2, "TEA-EGS-125": 1}
    control(client, "shiphero/kits", sku="TEA-BRK-125", parts=parts)
    order = shiphero.make_order("K")

    control(client, f"shiphero-orders/{order['legacy_id']}/ship")

    told = shiphero.ask(KIT_LINES, id=order["id"])["data"]["order"]["data"]
    lines = {edge["node"]["id"]: edge["node"] for edge in told["line_items"]["edges"]}
    [shipment] = told["shipments"]
    left = [edge["node"] for edge in shipment["line_items"]["edges"]]
    mug = {("MUG-STN-OAT", 1)}
    assert {(lines[one["line_item_id"]]["sku"], one["quantity"]) for one in left} - mug == shipped
    assert {one["quantity_shipped"] for one in lines.values()} == {
        one["quantity"] for one in lines.values()
    }
    assert told["fulfillment_status"] == "fulfilled"


def test_a_kit_of_what_is_not_there_is_refused(client: FlaskClient) -> None:
    answer = client.post("/control/shiphero/kits", json={"sku": "TEA-BRK-125", "parts": {"NO": 1}})

    assert answer.status_code == 409
