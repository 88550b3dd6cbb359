"""Every answer of Brightpearl's that is no success, and the error it becomes."""

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
    VendorTrace,
)
from shared.vendors.brightpearl.faults import (
    AlreadyThere,
    Asked,
    NoteGone,
    RequestTooLong,
    VersionMoved,
    fault,
)
from shared.vendors.exchange import Answer, Effect
from shared.vendors.reasons import REASONS
from tests.unit.vendors.wire import NOW, SECRET

READ, REPEATABLE, SINGLE = Effect.READ, Effect.REPEATABLE_WRITE, Effect.SINGLE_WRITE
THROTTLED = {"response": "You have sent too many requests. Please wait a little"}
HTML = b"<html>Bad gateway</html>"


def _errors(code: str, message: str = "no") -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message}]}


TABLE: list[tuple[int, Any, Effect, type[GoodsoutError], str]] = [
    (401, {"response": f"Invalid instance token: {SECRET}"}, READ, ConnectionBroken,
     "connection_broken"),
    (401, HTML, SINGLE, ConnectionBroken, "connection_broken"),
    (403, _errors("X-1"), READ, Permanent, "brightpearl_forbidden"),
    (403, HTML, SINGLE, Permanent, "brightpearl_forbidden"),
    (404, HTML, READ, Transient, "brightpearl_trouble"),
    (404, _errors("X-404"), READ, Permanent, "brightpearl_refused"),
    (404, _errors("CMNC-404"), REPEATABLE, NoteGone, "note_gone"),
    (404, _errors("CMNC-404"), SINGLE, NoteGone, "note_gone"),
    (404, HTML, SINGLE, UnknownOutcome, "brightpearl_outcome_unknown"),
    (400, _errors("INTC-064"), SINGLE, Permanent, "brightpearl_refused"),
    (400, _errors("CMNC-010"), REPEATABLE, Permanent, "brightpearl_refused"),
    (400, _errors("WHSB-061"), SINGLE, AlreadyThere, "already_there"),
    (400, _errors("X-9", "You have provided an invalid goods-out note Id: 7"), SINGLE, NoteGone,
     "note_gone"),
    (400, _errors("X-9", "This cannot be changed, it has been shipped."), REPEATABLE,
     AlreadyThere, "already_there"),
    (409, HTML, SINGLE, AlreadyThere, "already_there"),
    (409, _errors("X-9"), REPEATABLE, AlreadyThere, "already_there"),
    (412, HTML, SINGLE, VersionMoved, "note_version_moved"),
    (414, HTML, READ, RequestTooLong, "request_too_long"),
    (408, HTML, SINGLE, UnknownOutcome, "brightpearl_outcome_unknown"),
    (429, HTML, SINGLE, Throttled, "out_of_budget"),
    (500, _errors("CMNC-018"), READ, Permanent, "brightpearl_bad_request"),
    (500, _errors("CMNC-044"), SINGLE, Permanent, "brightpearl_bad_request"),
    (500, _errors("CMNU-003"), READ, Transient, "brightpearl_trouble"),
    (500, _errors("CMNU-003"), REPEATABLE, Transient, "brightpearl_trouble"),
    (500, _errors("CMNU-003"), SINGLE, UnknownOutcome, "brightpearl_outcome_unknown"),
    (502, HTML, REPEATABLE, Transient, "brightpearl_trouble"),
    (504, HTML, SINGLE, UnknownOutcome, "brightpearl_outcome_unknown"),
    (503, THROTTLED, READ, Throttled, "out_of_budget"),
    (503, THROTTLED, SINGLE, Throttled, "out_of_budget"),
    (503, {"response": "Down for maintenance"}, READ, Transient, "brightpearl_trouble"),
    (503, HTML, SINGLE, UnknownOutcome, "brightpearl_outcome_unknown"),
    (302, b"", READ, Transient, "brightpearl_trouble"),
    (302, b"", SINGLE, UnknownOutcome, "brightpearl_outcome_unknown"),
]  # fmt: skip


def _answer(status: int, body: Any, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status=status, headers=headers, body=content)


def _asked(effect: Effect = READ) -> Asked:
    trace = VendorTrace(request_ids=("ruid-1",))
    return Asked(operation="read", effect=effect, now=NOW, jitter=0.5, trace=trace)


@pytest.mark.parametrize(("status", "body", "effect", "kind", "code"), TABLE)
def test_each_answer_becomes_one_error(
    status: int, body: Any, effect: Effect, kind: type[GoodsoutError], code: str
) -> None:
    error = fault(_answer(status, body), _asked(effect))

    assert type(error) is kind
    assert error.code == code
    assert error.trace.request_ids == ("ruid-1",)


@pytest.mark.parametrize(("status", "body", "effect", "kind", "code"), TABLE)
def test_no_error_repeats_a_token_and_every_code_is_explained(
    status: int, body: Any, effect: Effect, kind: type[GoodsoutError], code: str
) -> None:
    error = fault(_answer(status, body), _asked(effect))

    assert isinstance(error, kind)
    assert SECRET not in str(error)
    assert code in REASONS


@pytest.mark.parametrize("status", [200, 201, 207])
def test_a_success_is_no_fault(status: int) -> None:
    assert fault(_answer(status, {}), _asked(SINGLE)) is None


def test_nothing_found_is_no_fault_of_a_read() -> None:
    assert fault(_answer(404, _errors("CMNC-404")), _asked(READ)) is None


def test_a_throttled_call_waits_for_the_next_window_and_a_little_more() -> None:
    answer = Answer(
        status=503,
        headers={"brightpearl-next-throttle-period": "41092"},
        body=json.dumps(THROTTLED).encode(),
    )

    error = fault(answer, _asked())

    assert isinstance(error, Throttled)
    assert error.until == NOW + timedelta(seconds=41.092 + 0.5)


def test_a_throttled_call_that_is_told_no_period_waits_a_whole_window() -> None:
    error = fault(_answer(503, THROTTLED), _asked())

    assert isinstance(error, Throttled)
    assert error.until == NOW + timedelta(seconds=60.5)


def test_all_of_several_refusals_are_named() -> None:
    body = {"errors": [{"code": "A-1", "message": "first"}, {"code": "B-2", "message": "second"}]}

    error = fault(_answer(400, body), _asked(SINGLE))

    assert "A-1 B-2 first; second" in str(error)


def test_a_mail_address_in_a_refusal_is_masked() -> None:
    error = fault(_answer(400, _errors("A-1", "bad email ida@example.com given")), _asked())

    assert "ida@example.com" not in str(error)
    assert "[e-mail]" in str(error)
