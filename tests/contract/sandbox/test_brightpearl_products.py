"""Products, their stock and their webhooks against contract sections 9 and 12."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.world import World
from tests.contract.sandbox.playing import BrightpearlCaller, FakeClock

PRODUCT = "/product-service/product"
SEARCH = f"{PRODUCT}-search"
AVAILABILITY = "/warehouse-service/product-availability"
CONTROL = "/control/accounts/demo/products"
ANYWHERE = "http://127.0.0.1:9/hook"
YESTERDAY = "2026-06-30T12:00:00.000Z"


def found(brightpearl: BrightpearlCaller, query: str) -> list[Any]:
    answer = brightpearl.call("GET", f"{SEARCH}?columns=productId,updatedOn&{query}")
    rows: list[Any] = answer.get_json()["response"]["results"]
    return rows


def events(world: World) -> list[tuple[str, str]]:
    bodies = [json.loads(delivery["body"]) for delivery in world.store.all("delivery")]
    return [(body["fullEvent"], body["id"]) for body in bodies]


def test_a_changed_product_is_found_by_when(
    client: FlaskClient, brightpearl: BrightpearlCaller, clock: FakeClock
) -> None:
    clock.turn(3600)
    client.post(f"{CONTROL}/1503", json={"sku": "TEA-NEW", "weight": 111})

    rows = found(brightpearl, f"updatedOn={YESTERDAY}/")
    product = brightpearl.call("GET", f"{PRODUCT}/1503").get_json()["response"][0]

    assert rows == [[1503, "2026-07-01T12:00:00.000+01:00"]]
    assert product["identity"]["sku"] == "TEA-NEW"
    assert product["stock"]["weight"] == {"magnitude": 111.0}


def test_a_product_is_found_by_sku_without_regard_to_case(brightpearl: BrightpearlCaller) -> None:
    rows = found(brightpearl, "SKU=tea-brk-125")

    assert [row[0] for row in rows] == [1501]


def test_products_are_made_changed_and_destroyed_with_a_webhook_each(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe(ANYWHERE, "product")

    number = client.post(CONTROL, json={"sku": "NEW-1", "name": "New"}).get_json()["id"]
    client.post(f"{CONTROL}/{number}", json={"name": "Newer"})
    client.delete(f"{CONTROL}/{number}")

    told = [f"product.{word}" for word in ("created", "modified", "destroyed")]
    assert events(world) == [(event, str(number)) for event in told]
    assert brightpearl.call("GET", f"{PRODUCT}/{number}").status_code == 404


def test_stock_webhooks_come_only_if_switched_so(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe(ANYWHERE, "product")
    client.post("/control/sales-orders", json={"lines": 1})
    client.post("/control/switches", json={"stock_webhooks": True})

    client.post("/control/sales-orders", json={"lines": 1})

    assert [event for event, _ in events(world)] == ["product.modified.on-hand-modified"]


@pytest.mark.parametrize(
    ("change", "path"), [({"colour": "red"}, f"{CONTROL}/1501"), ({}, f"{CONTROL}/9")]
)
def test_a_change_that_cannot_be_is_refused(
    client: FlaskClient, change: dict[str, str], path: str
) -> None:
    assert client.post(path, json=change).status_code == 400


def row_of(brightpearl: BrightpearlCaller, note_id: int) -> tuple[int, int]:
    [row] = [line for lines in brightpearl.note(note_id)["orderRows"].values() for line in lines]
    return row["productId"], row["quantity"]


def test_a_note_holds_stock_and_takes_it_when_it_ships(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/sales-orders", json={"lines": 1, "warehouseId": 2})
    product, quantity = row_of(brightpearl, 7001)

    def stock() -> Any:
        body = brightpearl.call("GET", f"{AVAILABILITY}/{product}").get_json()
        return body["response"][str(product)]["warehouses"]["2"]

    held = stock()
    brightpearl.take_step(7001, "SHW")
    taken = stock()

    left = 5000 - quantity
    assert held == {"inStock": 5000, "onHand": left, "allocated": quantity, "inTransit": 0}
    assert taken == {"inStock": left, "onHand": left, "allocated": 0, "inTransit": 0}


def test_a_deleted_note_gives_its_stock_back(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/sales-orders", json={"lines": 1})
    product, _ = row_of(brightpearl, 7001)

    client.delete("/control/goods-out-notes/7001")

    body = brightpearl.call("GET", f"{AVAILABILITY}/{product}").get_json()
    assert body["response"][str(product)]["total"]["onHand"] == 15_000


def test_availability_without_ids_is_whsc_020(brightpearl: BrightpearlCaller) -> None:
    answer = brightpearl.call("GET", AVAILABILITY)

    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (400, "WHSC-020")


def test_availability_leaves_out_what_is_not_stock_tracked(brightpearl: BrightpearlCaller) -> None:
    bundle = 1501 + 28

    body = brightpearl.call("GET", f"{AVAILABILITY}/{bundle - 1}-{bundle}").get_json()

    assert list(body["response"]) == [str(bundle - 1)]
