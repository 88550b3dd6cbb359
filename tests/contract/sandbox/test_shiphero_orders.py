"""ShipHero's orders, products and shipments against contract sections 4 to 9."""

import pytest
from flask.testing import FlaskClient

from sandbox.shiphero.ids import global_id
from tests.contract.sandbox.playing import FakeClock, ShipHeroCaller, a_line

CANCEL = (
    "mutation ($data: CancelOrderInput!) "
    "{ order_cancel(data: $data) { order { fulfillment_status } } }"
)


def test_two_equal_calls_make_two_orders(shiphero: ShipHeroCaller) -> None:
    first, second = shiphero.make_order("K"), shiphero.make_order("K")

    assert first["id"] != second["id"]
    assert len(shiphero.orders('partner_order_id: "K"')) == 2


def test_reused_line_ids_can_be_refused(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    client.post("/control/switches", json={"refuse_reused_line_ids": True})
    shiphero.make_order("K")

    answer = shiphero.ask(
        "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id } } }",
        data={"shipping_address": {}, "line_items": [a_line("TEA-BRK-125", 1, "K-1")]},
    )

    assert answer["data"] == {"order_create": None}
    assert "K-1" in answer["errors"][0]["message"]


def test_ids_are_base64_of_type_and_number(shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order()

    assert order["id"] == global_id("Order", order["legacy_id"])


def test_an_unknown_sku_is_a_line_without_product(shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order(line_items=[a_line("NO-SUCH", 3, "x")])

    [edge] = order["line_items"]["edges"]
    assert edge["node"] == {"sku": "NO-SUCH", "quantity_allocated": 0, "product": None}


def test_lists_lag_behind_when_told_to(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    client.post("/control/switches", json={"index_lag": 30})
    shiphero.make_order("K")

    before = shiphero.orders('partner_order_id: "K"')
    clock.turn(31)
    after = shiphero.orders('partner_order_id: "K"')

    assert (len(before), len(after)) == (0, 1)


def test_orders_are_found_by_when_they_changed(shiphero: ShipHeroCaller, clock: FakeClock) -> None:
    shiphero.make_order("early")
    clock.turn(7200)
    shiphero.make_order("late")

    found = shiphero.orders('updated_from: "2026-07-01T11:00:00", updated_to: "2026-07-02"')

    assert [order["partner_order_id"] for order in found] == ["late"]


def test_an_order_is_cancelled_once_and_stays_cancelled(shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")

    answer = shiphero.ask(CANCEL, data={"order_id": order["id"], "reason": "test"})

    assert answer["data"]["order_cancel"]["order"]["fulfillment_status"] == "canceled"
    assert shiphero.orders('fulfillment_status: "canceled"')[0]["partner_order_id"] == "K"


def test_a_shipped_order_is_not_cancelled_without_force(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    order = shiphero.make_order()
    client.post(f"/control/shiphero-orders/{order['legacy_id']}/ship", json={})

    refused = shiphero.ask(CANCEL, data={"order_id": order["id"]})
    forced = shiphero.ask(CANCEL, data={"order_id": order["id"], "force": True})

    assert refused["data"] == {"order_cancel": None}
    assert forced["data"]["order_cancel"]["order"]["fulfillment_status"] == "canceled"


def test_an_unknown_order_is_code_5_and_an_invalid_id_code_3(shiphero: ShipHeroCaller) -> None:
    unknown = shiphero.ask(CANCEL, data={"order_id": global_id("Order", 1)})
    invalid = shiphero.ask(
        '{ shipments(order_id: "FAKE") { request_id data { edges { cursor } } } }'
    )

    request_id = unknown["errors"][0].pop("request_id")
    assert len(request_id) == 24
    assert int(request_id[:8], 16) == 1_782_900_000
    assert unknown["errors"] == [
        {
            "message": "Order not found",
            "operation": "order_cancel",
            "field": "order_cancel",
            "code": 5,
        }
    ]
    assert invalid["errors"][0]["code"] == 3
    assert invalid["errors"][0]["field"] == "data"
    assert invalid["data"]["shipments"]["data"] is None


def test_a_document_against_the_schema_has_locations_and_no_code(
    shiphero: ShipHeroCaller,
) -> None:
    answer = shiphero.ask("{ orders { nonsense } }")

    assert "locations" in answer["errors"][0]
    assert "code" not in answer["errors"][0]


def test_the_schema_of_2024_refuses_what_is_newer(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    newer = '{ orders(ids: ["1"]) { complexity } webhooks { data { edges { node { health } } } } }'
    known = shiphero.ask(newer)
    client.post("/control/switches", json={"newer_schema": False})

    refused = shiphero.ask(newer)

    assert "errors" not in known
    assert len(refused["errors"]) == 2


def test_a_shipment_is_shared_between_its_parcels(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    order = shiphero.make_order()
    body = {"parcels": 2, "tracking": ["A1", "B2"]}
    client.post(f"/control/shiphero-orders/{order['legacy_id']}/ship", json=body)

    answer = shiphero.ask(
        "query ($id: String!) { order(id: $id) { data { fulfillment_status shipments { "
        "total_packages shipping_labels { tracking_number } line_items(first: 9) { edges { node { "
        "quantity line_item { partner_line_item_id } } } } } } } }",
        id=order["id"],
    )

    shown = answer["data"]["order"]["data"]
    [shipment] = shown["shipments"]
    assert shown["fulfillment_status"] == "fulfilled"
    assert [label["tracking_number"] for label in shipment["shipping_labels"]] == ["A1", "B2"]
    assert sum(edge["node"]["quantity"] for edge in shipment["line_items"]["edges"]) == 3


def test_what_is_not_shipped_stays_pending(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")
    path = f"/control/shiphero-orders/{order['legacy_id']}/ship"

    client.post(path, json={"lines": {"TEA-BRK-125": 1}})
    part = shiphero.orders('partner_order_id: "K"')[0]["fulfillment_status"]
    client.post(path, json={})

    assert part == "pending"
    assert shiphero.orders('partner_order_id: "K"')[0]["fulfillment_status"] == "fulfilled"


def test_pages_follow_the_cursor(shiphero: ShipHeroCaller) -> None:
    for at in range(3):
        shiphero.make_order(f"K{at}")
    query = (
        "query ($after: String) { orders { data(first: 2, after: $after) { pageInfo { hasNextPage "
        "endCursor } edges { node { partner_order_id } } } } }"
    )

    first = shiphero.ask(query)["data"]["orders"]["data"]
    second = shiphero.ask(query, after=first["pageInfo"]["endCursor"])["data"]["orders"]["data"]

    assert first["pageInfo"]["hasNextPage"] is True
    assert second["pageInfo"]["hasNextPage"] is False
    assert [edge["node"]["partner_order_id"] for edge in second["edges"]] == ["K2"]


def test_a_second_product_of_a_sku_is_refused(shiphero: ShipHeroCaller) -> None:
    answer = shiphero.ask(
        "mutation ($data: CreateProductInput!) { product_create(data: $data) { product { id } } }",
        data={"name": "Tea", "sku": "TEA-BRK-125", "warehouse_products": []},
    )

    assert answer["errors"][0]["message"] == "A product with sku TEA-BRK-125 already exists"


def test_a_missing_product_is_an_error_alone_and_an_empty_list_in_the_plural(
    shiphero: ShipHeroCaller,
) -> None:
    alone = shiphero.ask('{ product(sku: "NO") { data { id } } }')
    plural = shiphero.ask('{ products(sku: "NO") { data(first: 1) { edges { node { id } } } } }')

    assert alone["errors"][0]["message"] == "Not product with sku NO exists"
    assert plural["data"]["products"]["data"]["edges"] == []


@pytest.mark.parametrize("token", ["", "Bearer wrong"])
def test_a_bad_token_is_401(client: FlaskClient, token: str) -> None:
    answer = client.post(
        "/graphql",
        json={"query": "{ user_quota { max_available } }"},
        headers={"Authorization": token},
    )

    assert answer.status_code == 401


def test_tokens_come_by_password_and_by_refresh(client: FlaskClient) -> None:
    login = {"username": "demo@sandbox.test", "password": "sandbox"}
    first = client.post("/auth/token", json=login).get_json()

    second = client.post("/auth/refresh", json={"refresh_token": first["refresh_token"]}).get_json()

    assert set(second) == {"access_token", "expires_in", "scope", "token_type"}
    assert second["expires_in"] == 2_419_200
    assert client.post("/auth/token", json={**login, "password": "no"}).status_code == 401


def test_a_token_ends_after_28_days(client: FlaskClient, clock: FakeClock) -> None:
    issued = client.post(
        "/auth/refresh", json={"refresh_token": "sandbox-refresh-token"}
    ).get_json()
    clock.turn(2_419_201)

    answer = client.post(
        "/graphql",
        json={"query": "{ user_quota { max_available } }"},
        headers={"Authorization": f"Bearer {issued['access_token']}"},
    )

    assert answer.status_code == 401
