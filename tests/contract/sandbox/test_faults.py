"""Trouble made on purpose strikes the call it was made for, as often as told."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.playing import NOTE, BrightpearlCaller, FakeClock, ShipHeroCaller


def break_next(client: FlaskClient, **fault: Any) -> None:
    assert client.post("/control/faults", json=fault).status_code == 200


def test_a_status_fault_strikes_once_and_before_the_effect(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(
        client, vendor="brightpearl", operation="put-goods-out-note", kind="status", status=500
    )
    body = {"shipping": {"reference": "AB1GB"}}

    first = brightpearl.call("PUT", f"{NOTE}/{note_id}", body)
    reference = brightpearl.note(note_id)["shipping"]["reference"]
    second = brightpearl.call("PUT", f"{NOTE}/{note_id}", body)

    assert (first.status_code, reference, second.status_code) == (500, "", 200)
    assert first.get_json()["errors"][0]["code"] == "CMNU-003"


def test_a_gateway_page_can_hide_an_effect(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(client, vendor="brightpearl", kind="html_502", after_effect=True)

    answer = brightpearl.take_step(note_id, "SHW")

    assert (answer.status_code, answer.content_type) == (502, "text/html")
    assert brightpearl.note(note_id)["status"]["shipped"] is True


def test_an_unexpected_error_can_hide_an_order(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    fault = {"vendor": "shiphero", "operation": "order_create", "kind": "unexpected_error"}
    break_next(client, **fault, after_effect=True)

    answer = shiphero.ask(
        'mutation { order_create(data: {partner_order_id: "K", shipping_address: {}}) '
        "{ order { id } } }"
    )

    assert answer["errors"][0]["message"] == "Unexpected Error"
    assert answer["data"] == {"order_create": None}
    assert len(shiphero.orders('partner_order_id: "K"')) == 1


def test_a_fault_inside_a_multi_message_strikes_its_part(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(
        client, vendor="brightpearl", operation="put-goods-out-note", kind="status", status=503
    )
    put = {
        "label": "a",
        "uri": f"{NOTE}/{note_id}",
        "httpMethod": "PUT",
        "body": {"priority": True},
    }
    messages = [put, {**put, "label": "b"}]
    body = {"processingMode": "SEQUENTIAL", "onFail": "CONTINUE", "messages": messages}

    answer = brightpearl.call("POST", "/multi-message", body)

    parts = answer.get_json()["response"]["processedMessages"]
    assert [part["statusCode"] for part in parts] == [503, 200]


@pytest.mark.parametrize(("vendor", "status"), [("brightpearl", 503), ("shiphero", 200)])
def test_throttled_is_played_in_each_vendors_way(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    shiphero: ShipHeroCaller,
    vendor: str,
    status: int,
) -> None:
    break_next(client, vendor=vendor, kind="throttled")

    if_brightpearl = brightpearl.call("GET", "/warehouse-service/warehouse").status_code
    if_shiphero = shiphero.ask("{ user_quota { max_available } }")

    told = {"brightpearl": if_brightpearl, "shiphero": 200}
    assert told[vendor] == status
    assert ("errors" in if_shiphero) is (vendor == "shiphero")


def test_a_delay_lets_time_pass_and_changes_nothing(
    client: FlaskClient, brightpearl: BrightpearlCaller, clock: FakeClock
) -> None:
    before = clock.at
    break_next(client, vendor="brightpearl", kind="delay", seconds=4)

    answer = brightpearl.call("GET", "/warehouse-service/warehouse")

    assert (answer.status_code, clock.at - before) == (200, 4)


def test_a_fault_that_makes_no_sense_is_refused(client: FlaskClient) -> None:
    answer = client.post("/control/faults", json={"vendor": "brightpearl", "kind": "meteor"})

    assert answer.status_code == 400
    assert "meteor" not in client.get("/control/faults").get_data(as_text=True)
