"""What order and product mutations refuse, keep and change (contract sections 6, 7 and 9)."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.shiphero.ids import global_id
from tests.contract.sandbox.playing import ShipHeroCaller, a_line

CREATE = (
    "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id holds "
    "{ address_hold } shipping_address { address1 zip first_name } "
    "billing_address { address1 zip } line_items(first: 5) { edges { node "
    "{ partner_line_item_id } } } } } }"
)
UPDATE = (
    "mutation ($data: UpdateOrderInput!) { order_update(data: $data) { order { priority_flag } } }"
)
CANCEL = "mutation ($data: CancelOrderInput!) { order_cancel(data: $data) { request_id } }"
GOOD = {
    "first_name": "Ada",
    "address1": "12 Main street",
    "city": "Norfolk",
    "state": "VA",
    "zip": "23507",
    "country": "US",
    "country_code": "US",
}


def create(shiphero: ShipHeroCaller, **data: Any) -> Any:
    wanted = {"shipping_address": {}, **data}
    return shiphero.ask(CREATE, data=wanted)


def made(shiphero: ShipHeroCaller, **data: Any) -> Any:
    return create(shiphero, **data)["data"]["order_create"]["order"]


def switch(client: FlaskClient, **switches: Any) -> None:
    assert client.post("/control/switches", json=switches).status_code == 200


def test_a_shipping_address_comes_back_normalised_and_billing_as_given(
    shiphero: ShipHeroCaller,
) -> None:
    order = made(shiphero, shipping_address=GOOD, billing_address=GOOD)

    assert order["shipping_address"]["address1"] == "12 MAIN STREET"
    assert order["shipping_address"]["zip"].startswith("23507-")
    assert order["shipping_address"]["first_name"] == "Ada"
    assert order["billing_address"] == {"address1": "12 Main street", "zip": "23507"}


@pytest.mark.parametrize(
    ("more", "is_held"),
    [
        ({}, True),
        ({"ignore_address_validation_errors": True}, False),
        ({"skip_address_validation": True}, False),
    ],
)
def test_a_bad_us_address_is_a_hold_and_no_error(
    shiphero: ShipHeroCaller, *, more: dict[str, bool], is_held: bool
) -> None:
    order = made(shiphero, shipping_address={**GOOD, "zip": "nowhere"}, **more)

    assert order["holds"]["address_hold"] is is_held


def test_an_address_outside_the_us_is_not_validated(shiphero: ShipHeroCaller) -> None:
    order = made(shiphero, shipping_address={"address1": "1 High Street", "country": "GB"})

    assert order["holds"]["address_hold"] is False
    assert order["shipping_address"]["address1"] == "1 High Street"


@pytest.mark.parametrize(("how", "length"), [("keep", 50), ("cut", 45), ("refuse", None)])
def test_over_long_texts_are_kept_cut_or_refused(
    client: FlaskClient, shiphero: ShipHeroCaller, how: str, length: int | None
) -> None:
    switch(client, long_strings=how)

    answer = create(shiphero, line_items=[a_line("TEA-BRK-125", 1, "x" * 50)])

    order = answer["data"]["order_create"]
    edges = order["order"]["line_items"]["edges"] if order else []
    assert [len(edge["node"]["partner_line_item_id"]) for edge in edges] == (
        [] if length is None else [length]
    )
    assert ("errors" in answer) is (length is None)


def test_a_used_partner_order_id_can_be_refused(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    switch(client, refuse_reused_partner_order_id=True)
    shiphero.make_order("K")

    answer = create(shiphero, partner_order_id="K")

    assert answer["errors"][0]["message"] == "An order with partner_order_id K already exists"


def test_an_unknown_sku_can_be_refused(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    switch(client, unknown_sku="error")

    answer = create(shiphero, line_items=[a_line("NO-SUCH", 1, "x")])

    assert answer["errors"][0]["message"] == "Not product with sku NO-SUCH exists"
    assert client.get("/control/shiphero-orders").get_json() == []


@pytest.mark.parametrize("act", ["ship", "tote"])
def test_what_the_floor_has_begun_is_not_cancelled_unless_the_switch_or_force_says(
    client: FlaskClient, shiphero: ShipHeroCaller, act: str
) -> None:
    order = shiphero.make_order("K")
    path = {"ship": "shiphero-orders/{}/ship", "tote": "shiphero/orders/{}/tote"}[act]
    one_tea = {"lines": {"TEA-BRK-125": 1}}
    client.post(f"/control/{path.format(order['legacy_id'])}", json=one_tea)

    refused = shiphero.ask(CANCEL, data={"order_id": order["id"]})
    switch(client, cancel_shipped="allow", cancel_in_tote="allow")
    allowed = shiphero.ask(CANCEL, data={"order_id": order["id"]})

    assert refused["errors"][0]["code"] == 3
    assert "errors" not in allowed


@pytest.mark.parametrize("end", ["ship", "cancel"])
def test_an_order_that_has_ended_is_not_updated_unless_the_switch_says(
    client: FlaskClient, shiphero: ShipHeroCaller, end: str
) -> None:
    order = shiphero.make_order("K")
    client.post(f"/control/shiphero-orders/{order['legacy_id']}/{end}", json={})
    wanted = {"order_id": order["id"], "priority_flag": True}

    refused = shiphero.ask(UPDATE, data=wanted)
    switch(client, update_ended="allow")
    allowed = shiphero.ask(UPDATE, data=wanted)

    assert refused["errors"][0]["code"] == 3
    assert allowed["data"]["order_update"]["order"]["priority_flag"] is True


def test_an_order_nobody_made_is_not_updated(shiphero: ShipHeroCaller) -> None:
    answer = shiphero.ask(UPDATE, data={"order_id": "T3JkZXI6OTk5OTk5OTk5"})

    assert answer["errors"][0]["code"] == 5


def test_lines_are_added_changed_and_removed(shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")
    shown = "order { line_items(first: 9) { edges { node { id sku quantity } } } }"

    added = shiphero.ask(
        "mutation ($data: AddLineItemsInput!) { order_add_line_items(data: $data) "
        f"{{ {shown} }} }}",
        data={"order_id": order["id"], "line_items": [a_line("TEA-LAP-100", 1, "new")]},
    )
    first, second, third = added["data"]["order_add_line_items"]["order"]["line_items"]["edges"]
    shiphero.ask(
        "mutation ($data: UpdateLineItemsInput!) { order_update_line_items(data: $data) "
        "{ request_id } }",
        data={"order_id": order["id"], "line_items": [{"id": first["node"]["id"], "quantity": 9}]},
    )
    removed = shiphero.ask(
        "mutation ($data: RemoveLineItemsInput!) { order_remove_line_items(data: $data) "
        f"{{ {shown} }} }}",
        data={"order_id": order["id"], "line_item_ids": [second["node"]["id"]]},
    )

    left = removed["data"]["order_remove_line_items"]["order"]["line_items"]["edges"]
    assert third["node"]["sku"] == "TEA-LAP-100"
    assert [(edge["node"]["sku"], edge["node"]["quantity"]) for edge in left] == [
        ("TEA-BRK-125", 9),
        ("TEA-LAP-100", 1),
    ]


def test_an_order_moves_to_another_warehouse(shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")

    answer = shiphero.ask(
        "mutation ($data: ChangeOrderWarehouseInput!) { order_change_warehouse(data: $data) "
        "{ order { allocations { warehouse_id line_items { quantity_allocated } } } } }",
        data={"order_id": order["id"], "warehouse_id": global_id("Warehouse", 80_752)},
    )

    [given] = answer["data"]["order_change_warehouse"]["order"]["allocations"]
    assert given["warehouse_id"] == global_id("Warehouse", 80_752)
    assert [line["quantity_allocated"] for line in given["line_items"]] == [2, 1]


def test_tags_holds_and_history_change_and_stay(shiphero: ShipHeroCaller) -> None:
    order = {"order_id": shiphero.make_order("K")["id"]}
    answer = shiphero.ask(
        "mutation ($tags: UpdateTagsInput!, $more: UpdateTagsInput!, "
        "$holds: UpdateOrderHoldsInput!, $note: AddHistoryInput!) { "
        "order_update_tags(data: $tags) { request_id } "
        "order_add_tags(data: $more) { request_id } order_update_holds(data: $holds) { request_id }"
        " order_add_history_entry(data: $note) { order { tags holds { operator_hold } "
        "order_history { information username } } } }",
        tags={**order, "tags": ["a"]},
        more={**order, "tags": ["a", "b"]},
        holds={**order, "operator_hold": True},
        note={**order, "history_entry": {"source": "us", "message": "for note 7001"}},
    )

    shown = answer["data"]["order_add_history_entry"]["order"]
    assert shown["tags"] == ["a", "b"]
    assert shown["holds"] == {"operator_hold": True}
    assert shown["order_history"][-1] == {"information": "for note 7001", "username": "us"}


def test_a_product_is_changed_by_its_sku_and_tags_replace(shiphero: ShipHeroCaller) -> None:
    update = (
        "mutation ($data: UpdateProductInput!) { product_update(data: $data) "
        "{ product { sku name barcode tags } } }"
    )
    sku = "TEA-BRK-125"

    shiphero.ask(update, data={"sku": sku, "tags": ["old"], "barcode": "501"})
    answer = shiphero.ask(update, data={"sku": sku, "tags": ["new"], "name": "Tea"})
    missing = shiphero.ask(update, data={"sku": "NO"})

    assert answer["data"]["product_update"]["product"] == {
        "sku": sku,
        "name": "Tea",
        "barcode": "501",
        "tags": ["new"],
    }
    assert missing["errors"][0]["message"] == "Not product with sku NO exists"
