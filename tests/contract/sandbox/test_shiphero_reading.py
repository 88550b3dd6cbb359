"""What ShipHero's lists show, when, and by which filters (contract sections 5, 8 and 9)."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.shiphero.ids import global_id
from tests.contract.sandbox.playing import FakeClock, ShipHeroCaller, a_line

HOUR = 3600.0
CHANGED = (
    "query ($from: ISODateTime, $to: ISODateTime, $after: String) { orders(updated_from: $from, "
    "updated_to: $to) { data(first: 2, after: $after) { pageInfo { hasNextPage endCursor } "
    "edges { node { partner_order_id updated_at line_items(first: 1) { pageInfo { hasNextPage } "
    "edges { node { sku } } } shipments { id created_date line_items(first: 5) { edges { node "
    "{ quantity line_item { partner_line_item_id } } } } shipping_labels { status "
    "tracking_number } } } } } } }"
)


def changed(shiphero: ShipHeroCaller, **window: Any) -> list[dict[str, Any]]:
    edges = shiphero.ask(CHANGED, **window)["data"]["orders"]["data"]["edges"]
    return [edge["node"] for edge in edges]


def switch(client: FlaskClient, **switches: Any) -> None:
    assert client.post("/control/switches", json=switches).status_code == 200


def control(client: FlaskClient, path: str, **body: Any) -> Any:
    answer = client.post(f"/control/{path}", json=body)
    assert answer.status_code == 200
    return answer.get_json()


def test_one_poll_gives_state_and_shipments_and_cuts_lines_silently(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    order = shiphero.make_order("K")
    clock.turn(2 * HOUR)
    control(client, f"shiphero-orders/{order['legacy_id']}/ship", tracking=["T1"])

    [node] = changed(shiphero, **{"from": "2026-07-01T11:59:00", "to": "2026-07-01 12:01:00"})

    assert node["updated_at"] == "2026-07-01T12:00:00"
    assert node["line_items"]["pageInfo"]["hasNextPage"] is True
    assert len(node["line_items"]["edges"]) == 1
    [shipment] = node["shipments"]
    assert shipment["shipping_labels"] == [{"status": "valid", "tracking_number": "T1"}]
    assert len(shipment["line_items"]["edges"]) == 2


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ({"from": "2026-07-01T10:00:00", "to": "2026-07-01T10:00:00"}, 1),
        ({"from": "2026-07-01 10:00:01"}, 0),
        ({"to": "2026-07-01 09:59:59"}, 0),
        ({"from": "2026-07-01", "to": "2026-07-02"}, 1),
        ({"from": "2026-07-02"}, 0),
    ],
)
def test_both_ends_belong_to_a_window_and_a_day_is_its_midnight(
    shiphero: ShipHeroCaller, window: dict[str, str], found: int
) -> None:
    shiphero.make_order("K")

    assert len(changed(shiphero, **window)) == found


def test_times_of_filters_may_be_of_another_zone(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    shiphero.make_order("K")
    switch(client, filter_utc_offset=-4.0)

    assert changed(shiphero, **{"from": "2026-07-01T09:00:00"}) == []
    assert len(changed(shiphero, **{"from": "2026-07-01T06:00:00"})) == 1


@pytest.mark.parametrize(
    "act",
    [
        ("shiphero-orders/{}/ship", {}),
        ("shiphero-orders/{}/holds", {"operator_hold": True}),
        ("shiphero-orders/{}/cancel", {}),
        ("shiphero/orders/{}/status", {"fulfillment_status": "Tomorrow"}),
        ("shiphero/orders/{}/tote", {}),
    ],
)
def test_every_change_moves_updated_at(
    client: FlaskClient,
    shiphero: ShipHeroCaller,
    clock: FakeClock,
    act: tuple[str, dict[str, Any]],
) -> None:
    order = shiphero.make_order("K")
    clock.turn(60)

    control(client, act[0].format(order["legacy_id"]), **act[1])

    assert len(changed(shiphero, **{"from": "2026-07-01T10:01:00"})) == 1


def test_rows_that_move_while_paging_are_skipped(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    first, *_ = [shiphero.make_order(f"K{at}") for at in range(4)]
    window = {"from": "2026-07-01", "to": "2026-07-01T10:00:30"}
    page = shiphero.ask(CHANGED, **window)["data"]["orders"]["data"]
    clock.turn(60)

    control(client, f"shiphero-orders/{first['legacy_id']}/holds", operator_hold=True)
    rest = changed(shiphero, **window, after=page["pageInfo"]["endCursor"])

    assert [edge["node"]["partner_order_id"] for edge in page["edges"]] == ["K0", "K1"]
    assert [node["partner_order_id"] for node in rest] == ["K3"]


@pytest.mark.parametrize(
    ("switched", "filters"),
    [
        ("order_number_match", 'order_number: "101/"'),
        ("partner_order_id_match", 'partner_order_id: "demo"'),
        ("sku_match", 'sku: "BRK"'),
    ],
)
def test_a_part_of_a_text_is_found_only_where_the_switch_says(
    client: FlaskClient, shiphero: ShipHeroCaller, switched: str, filters: str
) -> None:
    shiphero.make_order()
    exactly = shiphero.orders(filters)

    switch(client, **{switched: "contains"})

    assert (len(exactly), len(shiphero.orders(filters))) == (0, 1)


def test_a_created_window_of_more_than_a_year_is_refused_and_one_end_means_30_days(
    shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    shiphero.make_order("K")
    clock.turn(40 * 24 * HOUR)
    shiphero.make_order("late")

    long = shiphero.ask(
        '{ orders(created_from: "2024-01-01", created_to: "2026-01-01") { data { edges { cursor } '
        "} } }"
    )
    half = shiphero.orders('created_from: "2026-06-30"')

    assert long["errors"][0]["code"] == 3
    assert [order["partner_order_id"] for order in half] == ["K"]


def test_ids_are_taken_in_both_forms(shiphero: ShipHeroCaller) -> None:
    order = shiphero.make_order("K")
    number = str(order["legacy_id"])
    query = "query ($id: String!) { order(id: $id) { data { id } } }"

    by_number = shiphero.ask(query, id=number)["data"]["order"]["data"]
    by_id = shiphero.ask(query, id=order["id"])["data"]["order"]["data"]

    assert by_number == by_id == {"id": order["id"]}
    assert len(shiphero.orders(f'ids: ["{number}", "{order["id"]}"]')) == 1


def test_a_uuid_of_a_product_is_a_product_info(shiphero: ShipHeroCaller) -> None:
    answer = shiphero.ask("{ uuid(legacy_id: 7, entity: Product) { data { id } } }")

    assert answer["data"]["uuid"]["data"]["id"] == global_id("ProductInfo", 7)


def test_the_history_of_an_order_tells_what_happened(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    order = shiphero.make_order("K")
    control(client, f"shiphero/orders/{order['legacy_id']}/tote")

    answer = shiphero.ask(
        'query ($id: String!) { order_history(order_id: $id, date_from: "2026-07-01") '
        "{ data { edges { node { information } } } } }",
        id=order["id"],
    )

    told = [
        edge["node"]["information"] for edge in answer["data"]["order_history"]["data"]["edges"]
    ]
    assert told == ["Order created through the public API", "Picked into a tote"]


def test_a_page_without_first_has_a_hundred_rows(shiphero: ShipHeroCaller) -> None:
    lines = [a_line("TEA-BRK-125", 1, f"l{at}") for at in range(120)]
    order = shiphero.make_order("K", line_items=lines)

    answer = shiphero.ask(
        "query ($id: String!) { order(id: $id) { data { line_items { total_count pageInfo "
        "{ hasNextPage } edges { cursor } } } } }",
        id=order["id"],
    )

    shown = answer["data"]["order"]["data"]["line_items"]
    assert (len(shown["edges"]), shown["total_count"]) == (100, 120)
    assert shown["pageInfo"]["hasNextPage"] is True
