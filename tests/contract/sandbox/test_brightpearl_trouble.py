"""Each kind of trouble Brightpearl can be told to make (contract sections 4, 5, 7b, 14, 15)."""

from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from sandbox.brightpearl.fault_kinds import BRIGHTPEARL_KINDS
from tests.contract.sandbox.playing import NOTE, STAFF, BrightpearlCaller
from tests.contract.sandbox.served import Served

ANY_ORDER = "/warehouse-service/order/*/goods-note/goods-out"
SEARCH = "/warehouse-service/goods-note/goods-out-search"
WAREHOUSES = "/warehouse-service/warehouse"
EXPIRED = {"response": "Authorization token expired"}
TOO_MANY = {
    "response": "You have sent too many requests. Please wait before sending another request"
}


def break_next(client: FlaskClient, kind: str, **more: Any) -> None:
    fault = {"vendor": "brightpearl", "kind": kind, **more}
    assert client.post("/control/faults", json=fault).status_code == 200


def code_of(body: Any) -> str:
    code: str = body["errors"][0]["code"]
    return code


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 414, 418, 502])
def test_any_status_can_be_played(
    client: FlaskClient, brightpearl: BrightpearlCaller, status: int
) -> None:
    break_next(client, "status", status=status)

    assert brightpearl.call("GET", WAREHOUSES).status_code == status
    assert brightpearl.call("GET", WAREHOUSES).status_code == 200


@pytest.mark.parametrize(
    ("status", "code"), [(403, "SBOX-000"), (404, "CMNC-404"), (409, "SBOX-000"), (500, "CMNU-003")]
)
def test_a_status_has_the_body_known_for_it(
    client: FlaskClient, brightpearl: BrightpearlCaller, status: int, code: str
) -> None:
    break_next(client, "status", status=status)

    assert code_of(brightpearl.call("GET", WAREHOUSES).get_json()) == code


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ({"kind": "status", "status": 401}, 401, EXPIRED),
        ({"kind": "throttled"}, 503, TOO_MANY),
        ({"kind": "outage"}, 503, {"response": "Service Unavailable"}),
        ({"kind": "wrong_shape"}, 200, {"response": "surprise"}),
        ({"kind": "empty"}, 200, {"response": []}),
        ({"kind": "status", "status": 418, "body": {"a": 1}}, 418, {"a": 1}),
    ],
)
def test_a_wrong_answer_has_its_body(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    kind: dict[str, Any],
    status: int,
    body: dict[str, Any],
) -> None:
    break_next(client, **kind)

    answer = brightpearl.call("GET", WAREHOUSES)

    assert (answer.status_code, answer.get_json()) == (status, body)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("unexpected_error", 500, "CMNU-003"),
        ("bad_filter", 500, "CMNC-018"),
        ("refused", 400, "SBOX-000"),
        ("if_match_mismatch", 412, "SBOX-000"),
    ],
)
def test_an_error_has_its_status_and_code(
    client: FlaskClient, brightpearl: BrightpearlCaller, kind: str, status: int, code: str
) -> None:
    break_next(client, kind)

    answer = brightpearl.call("GET", WAREHOUSES)

    assert (answer.status_code, code_of(answer.get_json())) == (status, code)


def test_an_if_match_mismatch_is_played_as_switched_and_without_effect(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    client.post("/control/switches", json={"if_match_mismatch": "409"})
    break_next(client, "if_match_mismatch", operation="post-goods-out-note-event")

    answer = brightpearl.take_step(note_id, "SHW")

    assert answer.status_code == 409
    assert brightpearl.note(note_id)["status"]["shipped"] is False


def test_what_is_no_json_is_told_as_json(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    break_next(client, "not_json")

    answer = brightpearl.call("GET", WAREHOUSES)

    assert answer.content_type.startswith("application/json")
    assert answer.get_json(silent=True) is None


def test_an_id_set_may_leave_out_an_existing_id(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/sales-orders", json={"count": 3})
    break_next(client, "skip_id", operation="get-goods-out-note")

    answer = brightpearl.call("GET", f"{ANY_ORDER}/7001-7003")

    assert list(answer.get_json()["response"]) == ["7001", "7002"]


def test_the_only_id_left_out_leaves_an_empty_list(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(client, "skip_id")

    answer = brightpearl.call("GET", f"{ANY_ORDER}/{note_id}")

    assert answer.get_json() == {"response": []}


def test_an_empty_search_has_the_form_of_a_search(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(client, "empty", operation="search-goods-out-note")

    body = brightpearl.call("GET", SEARCH).get_json()

    assert note_id
    assert body["response"]["results"] == []
    assert "firstResult" not in body["response"]["metaData"]


def test_a_part_of_a_multi_message_fails_undone(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(client, "part_fails", operation="post-multi-message", part=2, status=409)
    put = {"label": "a", "uri": f"{NOTE}/{note_id}", "httpMethod": "PUT"}
    messages = [
        {**put, "body": {"priority": True}},
        {**put, "label": "b", "body": {"shipping": {"reference": "AB1GB"}}},
        {**put, "label": "c", "body": {"shipping": {"boxes": 2}}},
    ]
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": messages}

    answer = brightpearl.call("POST", "/multi-message", body)

    told = answer.get_json()["response"]
    assert answer.status_code == 207
    assert [part["statusCode"] for part in told["processedMessages"]] == [200, 409]
    assert told["unprocessedMessages"] == ["c"]
    assert brightpearl.note(note_id)["shipping"] == {
        "reference": "",
        "shippingMethodId": brightpearl.note(note_id)["shipping"]["shippingMethodId"],
    }


def test_a_whole_multi_message_may_be_refused(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    break_next(client, "refused", operation="post-multi-message")
    put = {
        "label": "a",
        "uri": f"{NOTE}/{note_id}",
        "httpMethod": "PUT",
        "body": {"priority": True},
    }
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": [put, put]}

    answer = brightpearl.call("POST", "/multi-message", body)

    assert answer.status_code == 400
    assert brightpearl.note(note_id)["priority"] is False


def test_a_fault_of_one_account_leaves_the_others(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    break_next(client, "outage", account="acme")

    assert brightpearl.call("GET", WAREHOUSES).status_code == 200


def test_a_fault_of_one_operation_leaves_the_others(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    break_next(client, "outage", operation="get-warehouse", times=2)

    channel = brightpearl.call("GET", "/product-service/channel").status_code
    warehouses = [brightpearl.call("GET", WAREHOUSES).status_code for _ in range(3)]

    assert (channel, warehouses) == (200, [503, 503, 200])


def test_a_failed_call_costs_budget(client: FlaskClient, brightpearl: BrightpearlCaller) -> None:
    break_next(client, "unexpected_error")

    answer = brightpearl.call("GET", WAREHOUSES)

    assert answer.headers["Brightpearl-Requests-Remaining"] == "199"


def test_webhook_faults_leave_calls_alone(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    break_next(client, "webhook_lost")

    assert brightpearl.call("GET", WAREHOUSES).status_code == 200
    assert client.get("/control/faults").get_json()[0]["times"] == 1


def over_http(served: Served, method: str, path: str, body: Any = None) -> requests.Response:
    address = f"{served.url}/public-api/demo{path}"
    return served.session.request(method, address, json=body, headers=STAFF, timeout=20)


@pytest.mark.parametrize(("kind", "is_kept"), [("drop_before", False), ("drop_after", True)])
def test_a_cut_connection_hides_whether_the_write_took_effect(
    served: Served,
    kind: str,
    is_kept: bool,  # noqa: FBT001 - a column of the table
) -> None:
    [made] = served.control("sales-orders")["orders"]
    [number] = made["noteIds"]
    served.control("faults", vendor="brightpearl", kind=kind, operation="put-goods-out-note")

    with pytest.raises(requests.ConnectionError):
        over_http(served, "PUT", f"{NOTE}/{number}", {"priority": True})

    note = over_http(served, "GET", f"{ANY_ORDER}/{number}").json()["response"][str(number)]
    assert note["priority"] is is_kept


def test_a_trickled_answer_is_the_right_one(served: Served) -> None:
    served.control("faults", vendor="brightpearl", kind="trickle", seconds=5)

    answer = over_http(served, "GET", WAREHOUSES)

    assert len(answer.json()["response"]) == 3


def test_every_kind_is_taken_by_the_control_room(client: FlaskClient) -> None:
    for kind in BRIGHTPEARL_KINDS:
        break_next(client, kind)

    assert [each["kind"] for each in client.get("/control/faults").get_json()] == [
        *BRIGHTPEARL_KINDS
    ]
