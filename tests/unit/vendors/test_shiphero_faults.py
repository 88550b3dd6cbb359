"""Every answer of ShipHero's that is no success, and the error it becomes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
)
from shared.vendors.exchange import Answer, Effect
from shared.vendors.reasons import REASONS
from shared.vendors.shiphero.faults import (
    AlreadyThere,
    Asked,
    DocumentRefused,
    NotFound,
    TooCostly,
    payload,
)
from tests.unit.vendors.wire import NOW, SECRET

READ, SINGLE = Effect.READ, Effect.SINGLE_WRITE
QUOTA = {"credits_remaining": 12, "max_available": 2002, "increment_rate": 30}


def _refusal(code: int | None, message: str = "no", op: str = "orders", **more: Any) -> Any:
    error = {"message": message, "operation": op, "request_id": "r1", **more}
    if code is not None:
        error["code"] = code
    return {"errors": [error], "data": {op: None}, "extensions": _extensions()}


def _extensions() -> dict[str, Any]:
    return {"throttling": {"cost": 1, "user_quota": QUOTA}}


def _validation(message: str) -> Any:
    return {"errors": [{"message": message, "locations": [{"line": 1, "column": 9}]}]}


UNKNOWN_FIELD = 'Cannot query field "health" on type "Webhook".'
CREDITS: dict[str, Any] = {
    "required_credits": 206,
    "remaining_credits": 12,
    "time_remaining": "7 seconds",
}

TABLE: list[tuple[int, Any, Effect, str, type[GoodsoutError], str]] = [
    (401, {"message": SECRET}, READ, "orders", ConnectionBroken, "connection_broken"),
    (429, b"slow down", SINGLE, "orders", Throttled, "out_of_budget"),
    (403, b"<html>", READ, "orders", Permanent, "shiphero_forbidden"),
    (200, _refusal(3), READ, "orders", Permanent, "shiphero_invalid_argument"),
    (200, _refusal(3), SINGLE, "orders", Permanent, "shiphero_invalid_argument"),
    (200, _refusal(5), SINGLE, "orders", NotFound, "shiphero_not_found"),
    (200, _refusal(7, "Missing required scope(s): view:orders"), READ, "orders", Permanent,
     "shiphero_scope_missing"),
    (200, _refusal(30, **CREDITS), SINGLE, "orders", Throttled, "out_of_budget"),
    (200, _refusal(30, required_credits=9000, remaining_credits=2002, time_remaining="0"), READ,
     "orders", TooCostly, "shiphero_too_costly"),
    (200, _refusal(30, "The max allowed for your account is 9 credits"), READ, "orders",
     TooCostly, "shiphero_too_costly"),
    (200, _refusal(None, "Unexpected Error"), SINGLE, "orders", UnknownOutcome,
     "shiphero_outcome_unknown"),
    (200, _refusal(None, "Unexpected Error"), READ, "orders", Transient, "shiphero_trouble"),
    (200, _refusal(None, "Unexpected Error", locations=[{"line": 1}]), SINGLE, "orders",
     UnknownOutcome, "shiphero_outcome_unknown"),
    (200, _refusal(9, "something new"), SINGLE, "orders", UnknownOutcome,
     "shiphero_outcome_unknown"),
    (200, _refusal(9, "something new"), READ, "orders", Transient, "shiphero_trouble"),
    (200, _refusal(9, "Webhook already exists", "webhook_create"), SINGLE, "webhook_create",
     AlreadyThere, "shiphero_already_there"),
    (200, _refusal(None, "Webhook not found", "webhook_delete"), SINGLE, "webhook_delete",
     NotFound, "shiphero_not_found"),
    (200, _validation(UNKNOWN_FIELD), READ, "orders", DocumentRefused,
     "shiphero_document_refused"),
    (400, _validation(UNKNOWN_FIELD), SINGLE, "orders", DocumentRefused,
     "shiphero_document_refused"),
    (200, {"data": {"orders": None}}, SINGLE, "orders", UnknownOutcome,
     "shiphero_outcome_unknown"),
    (200, {"data": None}, SINGLE, "orders", UnknownOutcome, "shiphero_outcome_unknown"),
    (200, {"data": {"orders": None}}, READ, "orders", Transient, "shiphero_trouble"),
    (200, b"<html>", SINGLE, "orders", UnknownOutcome, "shiphero_outcome_unknown"),
    (502, b"<html>", READ, "orders", Transient, "shiphero_trouble"),
    (500, {"message": "oops"}, SINGLE, "orders", UnknownOutcome, "shiphero_outcome_unknown"),
]  # fmt: skip


def _answer(status: int, body: Any, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status=status, headers=headers, body=content)


def _asked(effect: Effect = READ, operation: str = "orders") -> Asked:
    return Asked(operation=operation, effect=effect, now=NOW, jitter=0.5)


@pytest.mark.parametrize(("status", "body", "effect", "operation", "kind", "code"), TABLE)
def test_each_answer_becomes_one_error(
    status: int,
    body: Any,
    effect: Effect,
    operation: str,
    kind: type[GoodsoutError],
    code: str,
) -> None:
    with pytest.raises(GoodsoutError) as caught:
        payload(_answer(status, body), _asked(effect, operation))

    assert type(caught.value) is kind
    assert caught.value.code == code
    assert code in REASONS
    assert SECRET not in str(caught.value)


def test_a_missing_scope_is_named() -> None:
    body = _refusal(7, "Missing required scope(s): change:orders")

    with pytest.raises(Permanent, match="change:orders"):
        payload(_answer(200, body), _asked(SINGLE))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"time_remaining": "18 seconds"}, 18),
        ({"time_remaining": "55 minutes"}, 3300),
        ({"time_remaining": "1 minute 5 seconds"}, 65),
        ({"required_credits": 312, "remaining_credits": 12, "time_remaining": "soon"}, 10),
        ({"required_credits": 312, "remaining_credits": 12}, 10),
        ({}, 60),
    ],
)
def test_a_wait_for_credits_is_read_or_reckoned(told: dict[str, Any], seconds: float) -> None:
    with pytest.raises(Throttled) as caught:
        payload(_answer(200, _refusal(30, **told)), _asked())

    assert caught.value.until == NOW + timedelta(seconds=seconds + 0.5)


def test_too_many_requests_wait_as_long_as_told() -> None:
    with pytest.raises(Throttled) as caught:
        payload(_answer(429, b"", **{"retry-after": "30"}), _asked())

    assert caught.value.until == NOW + timedelta(seconds=30.5)


def test_another_operations_error_does_not_spoil_good_data() -> None:
    body = {**_refusal(5, op="products"), "data": {"orders": {"data": {"edges": []}}}}

    assert payload(_answer(200, body), _asked()) == {"data": {"edges": []}}


def test_an_order_that_was_made_counts_whatever_error_stands_beside_it() -> None:
    made = {"order": {"id": "SH-1"}}
    body = {"errors": [{"message": "a warning", "code": 99}], "data": {"order_create": made}}

    assert payload(_answer(200, body), _asked(SINGLE, "order_create")) == made


def test_a_read_with_an_error_is_not_trusted_even_where_it_has_data() -> None:
    body = {"errors": [{"message": "partial"}], "data": {"orders": {"data": {"edges": []}}}}

    with pytest.raises(Transient):
        payload(_answer(200, body), _asked())
