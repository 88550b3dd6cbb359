"""Every kind of trouble ShipHero can be told to make, over HTTP (contract sections 1, 3 and 4)."""

import time
from typing import Any

import pytest
import requests

from sandbox.shiphero.fault_kinds import SHIPHERO_KINDS
from sandbox.shiphero.seed import ACCESS_TOKEN
from tests.contract.sandbox.served import CREATE_ORDER, Served

ASK = {"query": "{ orders { data(first: 1) { edges { cursor } } } }"}
CREATE = {
    "query": CREATE_ORDER,
    "variables": {"data": {"partner_order_id": "K", "shipping_address": {}}},
}


def break_next(served: Served, kind: str, **more: Any) -> None:
    served.control("faults", vendor="shiphero", kind=kind, **more)


def orders(served: Served) -> int:
    return len(served.read("shiphero-orders"))


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503])
def test_any_status_strikes_once_and_nothing_is_done(served: Served, status: int) -> None:
    break_next(served, "status", status=status, operation="order_create")

    struck = served.post("/graphql", CREATE)
    before = orders(served)

    assert (struck.status_code, before) == (status, 0)
    assert served.post("/graphql", CREATE).status_code == 200


@pytest.mark.parametrize("kind", ["not_json", "wrong_shape", "empty", "html_502", "status"])
@pytest.mark.parametrize(("after", "left"), [(False, 0), (True, 1)])
def test_a_wrong_answer_hides_an_effect_or_none(
    served: Served, kind: str, *, after: bool, left: int
) -> None:
    break_next(served, kind, after_effect=after)

    answer = served.post("/graphql", CREATE)

    assert "legacy_id" not in answer.text
    assert orders(served) == left


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("unexpected_error", None, "Unexpected Error"),
        ("code_3", 3, "Invalid id FAKE"),
        ("code_5", 5, "Order not found"),
        ("code_7", 7, "Missing required scope(s): view:orders"),
    ],
)
def test_an_error_is_flat_beside_null(
    served: Served, kind: str, code: int | None, message: str
) -> None:
    break_next(served, kind)

    answer = served.post("/graphql", ASK).json()

    [error] = answer["errors"]
    assert (error.get("code"), error["message"], error["operation"]) == (code, message, "orders")
    assert answer["data"] == {"orders": None}


@pytest.mark.parametrize(
    ("kind", "told"), [("throttled", "9 seconds"), ("throttled_structural", "0")]
)
def test_error_30_has_both_its_forms(served: Served, kind: str, told: str) -> None:
    break_next(served, kind, seconds=9)

    [error] = served.post("/graphql", ASK).json()["errors"]

    assert (error["code"], error["time_remaining"]) == (30, told)
    assert (error["required_credits"] > 4004) is (kind == "throttled_structural")
    assert served.counts()["error_30"] == 1


def test_a_validation_error_has_locations_and_no_code(served: Served) -> None:
    break_next(served, "validation_error")

    [error] = served.post("/graphql", ASK).json()["errors"]

    assert error["locations"]
    assert "code" not in error


def test_an_error_can_stand_beside_good_data(served: Served) -> None:
    break_next(served, "error_beside_data")

    answer = served.post("/graphql", CREATE).json()

    assert answer["errors"][0]["message"] == "Unexpected Error"
    assert answer["data"]["order_create"]["order"]["legacy_id"]


@pytest.mark.parametrize(("kind", "left"), [("drop_before", 0), ("drop_after", 1)])
def test_a_cut_connection_says_nothing_of_its_effect(served: Served, kind: str, left: int) -> None:
    break_next(served, kind)

    with pytest.raises(requests.ConnectionError):
        served.post("/graphql", CREATE)

    assert orders(served) == left


@pytest.mark.parametrize("kind", ["delay", "trickle"])
def test_a_slow_answer_outlasts_a_patience_but_is_right(served: Served, kind: str) -> None:
    break_next(served, kind, seconds=20)  # of the played world, whose seconds are hundredths
    began = time.monotonic()

    answer = served.post("/graphql", CREATE).json()

    assert time.monotonic() - began >= 0.2
    assert answer["data"]["order_create"]["order"]["legacy_id"]


@pytest.mark.parametrize("kind", SHIPHERO_KINDS)
def test_every_kind_strikes_the_next_call_and_then_is_gone(served: Served, kind: str) -> None:
    break_next(served, kind)
    try:
        struck = served.post("/graphql", ASK)
    except requests.ConnectionError:
        struck = None

    after = served.post("/graphql", ASK).json()

    assert struck is None or struck.content
    assert after["data"]["orders"]["data"] == {"edges": []}


def test_tokens_can_be_broken_too(served: Served) -> None:
    break_next(served, "status", operation="refresh", status=503)
    refresh = {"refresh_token": "sandbox-refresh-token"}

    broken = served.post("/auth/refresh", refresh)

    assert (broken.status_code, served.post("/auth/refresh", refresh).status_code) == (503, 200)


def test_calls_do_not_wait_for_each_other(served: Served) -> None:
    """The pause of one call is made outside every lock: another is answered meanwhile."""
    break_next(served, "delay", seconds=1000, operation="order_create")
    session = requests.Session()
    session.trust_env = False
    headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}

    with pytest.raises(requests.ReadTimeout):
        session.post(f"{served.url}/graphql", json=CREATE, headers=headers, timeout=0.3)

    assert "errors" not in served.post("/graphql", ASK).json()
