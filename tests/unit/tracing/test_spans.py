"""What a trace shows of a webhook, of the relay and of an attempt with its vendor calls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.tracing.spans import Kind, of_attempt, of_publishing, of_webhook
from tests.unit.core.notebook import an_event

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TRACE, WEBHOOK, VENDOR = "a" * 32, "b" * 16, "c" * 16
OURS, THEIRS = f"00-{TRACE}-{WEBHOOK}-01", f"00-{TRACE}-{VENDOR}-01"


def a_call(**fields: Any) -> dict[str, Any]:
    call = {
        "vendor": "shiphero",
        "operation": "order_create",
        "status": 200,
        "request_id": "r-1",
        "started": NOON.isoformat(),
        "seconds": 0.25,
        "budget": {},
        "exchange": {"asked": "of a person"},
    }
    return {**call, **fields}


def attempt(*calls: dict[str, Any], result: str = "delivered", code: str = "") -> list[Any]:
    return list(
        of_attempt(
            an_event(traceparent=OURS), queue="shiphero_push", result=result, code=code,
            calls=calls, seconds=2.0, ended=NOON,
        )
    )  # fmt: skip


def test_a_webhook_is_the_root_or_goes_on_with_the_callers_trace() -> None:
    root = of_webhook(OURS, "", source="brightpearl", status=200, began=NOON, ended=NOON)
    beneath = of_webhook(OURS, THEIRS, source="brightpearl", status=200, began=NOON, ended=NOON)

    assert (root.trace, root.id, root.parent, root.kind) == (TRACE, WEBHOOK, "", Kind.SERVER)
    assert beneath.parent == VENDOR


@pytest.mark.parametrize(("status", "failed"), [(200, ""), (404, ""), (503, "answered 503")])
def test_a_webhook_fails_by_trouble_of_our_own(status: int, failed: str) -> None:
    span = of_webhook(OURS, "", source="shiphero", status=status, began=NOON, ended=NOON)

    assert span.failed == failed


@pytest.mark.parametrize(("result", "failed"), [("confirmed", ""), ("returned", "returned")])
def test_what_the_relay_published_lies_beneath_the_webhook(result: str, failed: str) -> None:
    span = of_publishing(
        OURS, queue="order_ingest", event_id="7", result=result, began=NOON, ended=NOON
    )

    assert (span.trace, span.parent, span.failed) == (TRACE, WEBHOOK, failed)


def test_an_attempt_lies_beneath_the_webhook_and_its_calls_beneath_it() -> None:
    first, call = attempt(a_call())

    assert (first.trace, first.parent, first.kind) == (TRACE, WEBHOOK, Kind.CONSUMER)
    assert (first.began, first.ended) == (NOON - timedelta(seconds=2), NOON)
    assert (call.trace, call.parent, call.kind) == (TRACE, first.id, Kind.CLIENT)
    assert (call.name, call.ended) == (
        "shiphero order_create", NOON + timedelta(seconds=0.25),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "failed"), [(200, ""), (503, "answered 503"), (None, "no answer")]
)
def test_a_call_fails_by_its_answer_or_by_none(status: int | None, failed: str) -> None:
    _, call = attempt(a_call(status=status))

    assert call.failed == failed
    assert ("http.response.status_code" in call.attributes) == (status is not None)


@pytest.mark.parametrize(
    ("result", "code", "failed"),
    [("delivered", "", ""), ("held", "warehouse_undecided", ""), ("skipped", "echo", ""),
     ("retry", "vendor_unreachable", "vendor_unreachable"), ("dead", "bug", "bug")],
)  # fmt: skip
def test_an_attempt_fails_when_it_must_come_again_or_was_given_up(
    result: str, code: str, failed: str
) -> None:
    [span] = attempt(result=result, code=code)

    assert span.failed == failed


def test_nothing_of_a_request_or_an_answer_is_in_a_trace() -> None:
    assert "of a person" not in str(attempt(a_call()))


def test_what_has_no_trace_says_so() -> None:
    [span] = of_attempt(
        an_event(traceparent=""), queue="notifier", result="delivered", code="", calls=(),
        seconds=1.0, ended=NOON,
    )  # fmt: skip

    assert span.trace == ""
