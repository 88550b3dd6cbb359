"""Credentials, budget, headers and limits against contract sections 2 to 5 and 15."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.seed import APP_REF, EXPIRED_TOKEN
from tests.contract.sandbox.playing import NOTE, STAFF, BrightpearlCaller, FakeClock

WAREHOUSES = "/public-api/demo/warehouse-service/warehouse"


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (None, "Not authenticated. You must provide a valid authentication token."),
        ("no-such-token", "Invalid instance token: no-such-token"),
        (EXPIRED_TOKEN, "Authorization token expired"),
    ],
)
def test_bad_credentials_are_told_apart(client: FlaskClient, token: str | None, text: str) -> None:
    sent = {"brightpearl-app-ref": APP_REF}
    headers = sent if token is None else {**sent, "brightpearl-staff-token": token}

    answer = client.get(WAREHOUSES, headers=headers)

    assert (answer.status_code, answer.get_json()) == (401, {"response": text})
    assert answer.headers["Message-Type"] == "api-proxy"
    assert answer.headers["Brightpearl-Requests-Remaining"] == "199"


def test_every_answer_tells_what_is_left_of_the_window(
    client: FlaskClient, clock: FakeClock
) -> None:
    clock.at = 1_782_900_023.0

    answer = client.get(WAREHOUSES, headers=STAFF)

    assert answer.headers["Brightpearl-Requests-Remaining"] == "199"
    assert answer.headers["Brightpearl-Next-Throttle-Period"] == "37000"
    assert answer.headers["Brightpearl-Installed-Integration-Instance-Id"] == "13"
    assert len(answer.headers["Ruid"]) == 36


def test_past_the_limit_503_until_the_next_window(
    client: FlaskClient, brightpearl: BrightpearlCaller, clock: FakeClock
) -> None:
    client.post("/control/switches", json={"throttle_limit": 2})
    statuses = [brightpearl.call("GET", "/warehouse-service/warehouse").status_code]
    statuses.append(brightpearl.call("GET", "/no-such/resource").status_code)

    refused = brightpearl.call("GET", "/warehouse-service/warehouse")
    clock.turn(60)
    allowed = brightpearl.call("GET", "/warehouse-service/warehouse")

    assert statuses == [200, 404]
    assert (refused.status_code, allowed.status_code) == (503, 200)
    assert refused.get_json() == {
        "response": "You have sent too many requests. Please wait before sending another request"
    }


def test_a_long_uri_is_414(brightpearl: BrightpearlCaller) -> None:
    ids = ",".join(str(number) for number in range(7001, 8001))

    answer = brightpearl.call("GET", f"/warehouse-service/order/*/goods-note/goods-out/{ids}")

    assert answer.status_code == 414


@pytest.mark.parametrize(
    "path",
    [
        "/warehouse-service/order/*/goods-note/goods-out/1-501",
        "/order-service/order/1-201",
        "/order-service/sales-order/1-201",
        "/product-service/product/1-101",
        "/product-service/product/9-1",
        "/product-service/product/one",
    ],
)
def test_a_set_too_long_or_unreadable_is_refused(brightpearl: BrightpearlCaller, path: str) -> None:
    assert brightpearl.call("GET", path).status_code == 400


@pytest.mark.parametrize("ids", ["1501-1503", "1501,1502,1503", "1501.1502.1503", "1501-1502,1503"])
def test_every_form_of_id_set_is_read(brightpearl: BrightpearlCaller, ids: str) -> None:
    answer = brightpearl.call("GET", f"/product-service/product/{ids}/")

    assert [product["id"] for product in answer.get_json()["response"]] == [1501, 1502, 1503]


def test_options_gives_the_existing_ids_in_chunks(brightpearl: BrightpearlCaller) -> None:
    found = brightpearl.call("OPTIONS", "/product-service/product/1-1505,1507")
    none = brightpearl.call("OPTIONS", "/order-service/order/1-100,320")

    assert found.get_json() == {"response": {"getUris": ["/product/1501-1505,1507"]}}
    assert none.get_json() == {"response": {"getUris": []}}


def ship_message(number: int, label: str) -> dict[str, Any]:
    event = {"eventCode": "SHW", "occured": "2026-07-01T09:30:00.000Z", "eventOwnerId": 31}
    uri = f"{NOTE}/{number}/event"
    return {"label": label, "uri": uri, "httpMethod": "POST", "body": {"events": [event]}}


def put_message(number: int, label: str) -> dict[str, Any]:
    body = {"shipping": {"reference": "AB1GB"}}
    return {"label": label, "uri": f"{NOTE}/{number}", "httpMethod": "PUT", "body": body}


def test_a_multi_message_counts_as_one_request(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    messages = [put_message(note_id, "put"), ship_message(note_id, "ship")]
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": messages}

    answer = brightpearl.call("POST", "/multi-message", body)

    assert answer.status_code == 200
    assert answer.headers["Brightpearl-Requests-Remaining"] == "199"
    assert answer.headers["Message-Type"] == "post-multi-message"
    assert answer.get_json()["response"] == {
        "processedMessages": [
            {"label": "put", "statusCode": 200, "body": {"content": "{}"}},
            {"label": "ship", "statusCode": 200, "body": {"content": "{}"}},
        ],
        "unprocessedMessages": [],
    }


def test_a_multi_message_takes_as_long_as_one_call_and_its_messages(
    client: FlaskClient, brightpearl: BrightpearlCaller, clock: FakeClock, note_id: int
) -> None:
    client.post("/control/switches", json={"brightpearl_latency": 0.3, "message_latency": 0.05})
    messages = [put_message(note_id, "put"), ship_message(note_id, "ship")]
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": messages}
    begun = clock()

    brightpearl.call("POST", "/multi-message", body)

    assert clock() - begun == pytest.approx(0.3 + 2 * 0.05)


def test_stop_leaves_what_follows_a_failure_undone(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    messages = [put_message(999999, "put"), ship_message(note_id, "ship")]
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": messages}

    answer = brightpearl.call("POST", "/multi-message", body)

    assert answer.status_code == 207
    assert answer.get_json()["response"]["unprocessedMessages"] == ["ship"]
    assert brightpearl.note(note_id)["status"]["shipped"] is False


def test_continue_goes_on_after_a_failure(brightpearl: BrightpearlCaller, note_id: int) -> None:
    messages = [put_message(999999, "put"), ship_message(note_id, "ship")]
    body = {"processingMode": "PARALLEL", "onFail": "CONTINUE", "messages": messages}

    answer = brightpearl.call("POST", "/multi-message", body)

    parts = answer.get_json()["response"]["processedMessages"]
    assert [part["statusCode"] for part in parts] == [404, 200]


@pytest.mark.parametrize(
    ("mode", "on_fail", "count"),
    [("PARALLEL", "STOP", 2), ("SEQUENTIAL", "STOP", 1), ("SEQUENTIAL", "CONTINUE", 11)],
)
def test_a_multi_message_against_the_rules_is_refused(
    brightpearl: BrightpearlCaller, mode: str, on_fail: str, count: int
) -> None:
    messages = [put_message(7001, str(at)) for at in range(count)]
    body = {"processingMode": mode, "onFail": on_fail, "messages": messages}

    assert brightpearl.call("POST", "/multi-message", body).status_code == 400
