"""Drop-ship notes against contract sections 6 and 7d."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.world import World
from tests.contract.sandbox.playing import BrightpearlCaller

CONTROL = "/control/accounts/demo/drop-ship-notes"
OF_ANY_ORDER = "/warehouse-service/order/*/goods-note/drop-ship"
EVENT = {"eventCode": "SHS", "occured": "2026-07-01T09:30:00.000Z", "eventOwnerId": 31}


@pytest.fixture
def made(client: FlaskClient) -> dict[str, int]:
    body: dict[str, int] = client.post(CONTROL, json={}).get_json()
    return body


def read(brightpearl: BrightpearlCaller, ids: object) -> Any:
    return brightpearl.call("GET", f"{OF_ANY_ORDER}/{ids}").get_json()["response"]


def test_a_drop_ship_note_stands_under_its_id(
    brightpearl: BrightpearlCaller, made: dict[str, int]
) -> None:
    body = read(brightpearl, f"1-400,{made['noteId']}")

    note = body[str(made["noteId"])]
    assert (note["orderId"], note["status"]) == (made["orderId"], {"shipped": False})
    assert [line["quantity"] for lines in note["orderRows"].values() for line in lines] == [1]


def test_the_notes_of_an_order_are_read_by_the_order(
    brightpearl: BrightpearlCaller, made: dict[str, int]
) -> None:
    path = f"/warehouse-service/order/{made['orderId']}/goods-note/drop-ship"

    body = brightpearl.call("GET", path).get_json()["response"]

    assert list(body) == [str(made["noteId"])]


def test_it_is_not_a_goods_out_note(brightpearl: BrightpearlCaller, made: dict[str, int]) -> None:
    path = f"/warehouse-service/order/{made['orderId']}/goods-note/goods-out"

    assert brightpearl.call("GET", path).get_json() == {"response": []}


def test_none_at_all_is_an_empty_list(brightpearl: BrightpearlCaller) -> None:
    assert read(brightpearl, 999) == []


def test_it_is_shipped_with_tracking_beside_the_event(
    brightpearl: BrightpearlCaller, made: dict[str, int]
) -> None:
    path = f"/warehouse-service/goods-note/drop-ship/{made['noteId']}/event"
    body = {"events": [EVENT], "trackingReference": "1Z-TEST-0002", "shippingMethodId": 5}

    answer = brightpearl.call("POST", path, body)
    again = brightpearl.call("POST", path, body)

    note = read(brightpearl, made["noteId"])[str(made["noteId"])]
    assert (answer.get_json(), again.status_code) == ({}, 409)
    assert note["shipping"] == {"reference": "1Z-TEST-0002", "shippingMethodId": 5}
    assert note["status"]["shippedById"] == 31


@pytest.mark.parametrize("event", [{"eventCode": "SHW"}, {**EVENT, "occured": "soon"}])
def test_any_other_event_is_refused(
    brightpearl: BrightpearlCaller, made: dict[str, int], event: dict[str, Any]
) -> None:
    path = f"/warehouse-service/goods-note/drop-ship/{made['noteId']}/event"

    assert brightpearl.call("POST", path, {"events": [event]}).status_code == 400


def test_what_becomes_of_it_is_told(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe("http://127.0.0.1:9/hook", "drop-ship-note")
    number = client.post(CONTROL, json={}).get_json()["noteId"]

    client.post(f"{CONTROL}/{number}/ship", json={"tracking": "AB1GB"})
    client.delete(f"{CONTROL}/{number}")

    told = [json.loads(delivery["body"])["fullEvent"] for delivery in world.store.all("delivery")]
    assert told == [
        "drop-ship-note.created",
        "drop-ship-note.modified.shipped",
        "drop-ship-note.destroyed",
    ]
