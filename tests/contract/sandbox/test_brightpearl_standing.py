"""How far orders have come and what has moved, against contract sections 6a, 7d, 8 and 9."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.playing import BrightpearlCaller, FakeClock

MOVEMENTS = "/warehouse-service/goods-movement-search"
NOTES = "/warehouse-service/goods-note/goods-out-search"


def read(brightpearl: BrightpearlCaller, path: str) -> Any:
    return brightpearl.call("GET", path).get_json()["response"]


def found(brightpearl: BrightpearlCaller, path: str) -> list[Any]:
    return [row[0] for row in read(brightpearl, path)["results"]]


def test_fulfilment_status_tells_what_is_on_notes_and_what_has_left(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    wish = {"lines": 1, "notes": 2, "warehouseId": 2}
    [made] = client.post("/control/sales-orders", json=wish).get_json()["orders"]
    brightpearl.take_step(made["noteIds"][0], "SHW")
    [lines] = brightpearl.note(made["noteIds"][0])["orderRows"].values()

    [row] = read(
        brightpearl, f"/warehouse-service/order/{made['orderId']}/fulfilment-status"
    ).values()

    assert row["fulfilled"] == row["quantity"] == row["fulfilmentLocations"]["2"]
    assert row["shipped"] == lines[0]["quantity"] < row["quantity"]


def test_a_row_on_no_note_has_no_place(client: FlaskClient, brightpearl: BrightpearlCaller) -> None:
    wish = {"lines": 1, "notes": 0}
    [made] = client.post("/control/sales-orders", json=wish).get_json()["orders"]

    [row] = read(
        brightpearl, f"/warehouse-service/order/{made['orderId']}/fulfilment-status"
    ).values()

    assert (row["fulfilled"], row["shipped"]) == (0, 0)
    assert "fulfilmentLocations" not in row


def test_movements_show_what_left_by_when(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/sales-orders", json={"count": 2})
    brightpearl.take_step(7002, "SHW")

    everything = found(brightpearl, MOVEMENTS)
    later = found(brightpearl, f"{MOVEMENTS}?updatedOn=2026-07-01T09:31:00.000Z/")

    assert (everything, later) == ([7002], [])


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("shipped=false", [7002, 7003]),
        ("shipped=true", [7001]),
        ("createdOn=2026-07-01T10:00:10.000Z/", [7002, 7003]),
        ("createdOn=/2026-07-01T10:00:05.000Z", [7001]),
        ("shippedOn=2026-07-01T09:30:00.000Z/", [7001]),
        ("orderId=4102", [7002]),
        ("orderId=4102&shipped=true", []),
        ("createdOn=2026-07-01T10:00:10.000Z/&orderId=4101", []),
        ("createdOn=2026-07-01T10:00:10.000Z/&sort=goodsOutNoteId.DESC", [7003, 7002]),
    ],
)
def test_a_search_that_looks_at_few_notes_finds_the_same(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    clock: FakeClock,
    query: str,
    numbers: list[int],
) -> None:
    client.post("/control/sales-orders", json={})
    clock.turn(20)
    client.post("/control/sales-orders", json={"count": 2})
    brightpearl.take_step(7001, "SHW")

    assert found(brightpearl, f"{NOTES}?{query}") == numbers


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("updatedOn=2026-07-01T10:00:10.000Z/", [4101]),
        ("createdOn=2026-07-01T10:00:10.000Z/", [4102]),
        ("orderId=4102", [4102]),
        ("orderId=4101-4102", [4101, 4102]),
        ("orderId=9", []),
    ],
)
def test_orders_are_found_by_when_they_were_made_or_changed(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    clock: FakeClock,
    query: str,
    numbers: list[int],
) -> None:
    client.post("/control/sales-orders", json={})
    clock.turn(20)
    client.post("/control/sales-orders", json={})
    brightpearl.call("PUT", "/order-service/order/4101/status", {"orderStatusId": 4})

    assert found(brightpearl, f"/order-service/order-search?{query}") == numbers


def test_a_bundle_is_as_many_as_its_parts_give(brightpearl: BrightpearlCaller) -> None:
    path = "/warehouse-service/bundle-availability"

    bundle = read(brightpearl, f"{path}/1529")["1529"]
    none = brightpearl.call("GET", f"{path}/1501")

    assert bundle["warehouses"]["2"] == {"onHand": 2500}
    assert none.get_json()["errors"][0]["code"] == "WHSC-097"


def test_order_statuses_are_listed(brightpearl: BrightpearlCaller) -> None:
    one = read(brightpearl, "/order-service/order-status/5")

    assert [(each["statusId"], each["name"]) for each in one] == [(5, "Cancelled")]
    assert len(read(brightpearl, "/order-service/order-status")) == 4
