"""Brightpearl's webhooks against contract sections 12 and 13."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.deliveries import pause_after, wants_retry
from sandbox.world import World
from tests.contract.sandbox.playing import BrightpearlCaller

ANYWHERE = "http://127.0.0.1:9/hook"


def kept(world: World) -> list[dict[str, Any]]:
    return [json.loads(delivery["body"]) for delivery in world.store.all("delivery")]


def test_one_creation_is_told_with_one_id(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe(ANYWHERE, "goods-out-note.created")

    client.post("/control/sales-orders", json={})

    [body] = kept(world)
    assert body == {
        "accountCode": "demo",
        "resourceType": "goods-out-note",
        "id": "7001",
        "lifecycleEvent": "created",
        "fullEvent": "goods-out-note.created",
        "raisedOn": "2026-07-01T10:00:00.000Z",
    }


def test_a_burst_is_told_with_ranges(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe(ANYWHERE)

    client.post("/control/sales-orders", json={"count": 5, "burst_as_one_webhook": True})

    assert [body["id"] for body in kept(world)] == ["7001-7005"]


def test_without_id_sets_each_note_is_told_alone(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe(ANYWHERE, idSetAccepted=False)

    client.post("/control/sales-orders", json={"count": 2, "burst_as_one_webhook": True})

    assert [body["id"] for body in kept(world)] == ["7001", "7002"]


def test_shipping_tells_all_its_steps(
    brightpearl: BrightpearlCaller, world: World, note_id: int
) -> None:
    brightpearl.subscribe(ANYWHERE, "goods-out-note.modified")

    brightpearl.take_step(note_id, "SHW")

    steps = {body["fullEvent"].removeprefix("goods-out-note.modified.") for body in kept(world)}
    assert steps == {"shipped", "printed", "picked", "packed"}


def test_a_refused_change_tells_nothing(
    brightpearl: BrightpearlCaller, world: World, note_id: int
) -> None:
    brightpearl.subscribe(ANYWHERE)

    brightpearl.take_step(note_id, "UPR")

    assert kept(world) == []


def test_a_deletion_is_told(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World, note_id: int
) -> None:
    brightpearl.subscribe(ANYWHERE)

    client.delete(f"/control/goods-out-notes/{note_id}")

    assert [body["fullEvent"] for body in kept(world)] == ["goods-out-note.destroyed"]


@pytest.mark.parametrize(
    ("promise", "status", "again"),
    [
        ("qos0", 503, True),
        ("qos0", 500, False),
        ("qos0", None, False),
        ("qos1", 500, True),
        ("qos1", None, True),
        ("qos1", 302, True),
        ("qos1", 404, False),
        ("qos1", 204, False),
        ("shiphero", 204, True),
        ("shiphero", 404, True),
        ("shiphero", 200, False),
    ],
)
def test_each_promise_has_its_rule_for_trying_again(
    promise: str,
    status: int | None,
    again: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert wants_retry(promise, status) is again


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause_after(n) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_subscriptions_are_listed_as_kept_and_deleted(brightpearl: BrightpearlCaller) -> None:
    number = brightpearl.subscribe(ANYWHERE)

    listed = brightpearl.call("GET", f"/integration-service/webhook/{number}").get_json()
    gone = brightpearl.call("DELETE", f"/integration-service/webhook/{number}").get_json()
    again = brightpearl.call("DELETE", f"/integration-service/webhook/{number}")

    assert listed["response"][0]["subscribeTo"] == "goods-out-note"
    assert gone == {}
    assert again.status_code == 404
    assert again.get_json()["errors"][0]["message"] == f"Cannot find webhook: {number}"


def test_an_unknown_event_is_intc_064(brightpearl: BrightpearlCaller) -> None:
    body = {"subscribeTo": "contact", "httpMethod": "POST", "uriTemplate": ANYWHERE}

    answer = brightpearl.call("POST", "/integration-service/webhook", body)

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["code"] == "INTC-064"


def test_each_missing_variable_is_one_intc_057(brightpearl: BrightpearlCaller) -> None:
    body = {
        "subscribeTo": "goods-out-note",
        "httpMethod": "POST",
        "uriTemplate": ANYWHERE,
        "bodyTemplate": "${resource-id}",
        "contentType": "text/plain",
    }

    answer = brightpearl.call("POST", "/integration-service/webhook", body)

    assert [error["code"] for error in answer.get_json()["errors"]] == ["INTC-057"] * 3
