"""What is counted of vendor calls, of the clock's looks, and how parts are told."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from services.notifier.clock_looks import looking
from shared.errors import OurTrouble
from shared.events import Lane
from shared.health import health_routes
from shared.metrics.vendor_calls import answer_of, count_call, count_wait
from shared.vendors.calls import Budget, Call
from tests.unit.metrics.counts import count_of, rise_of

LOOKED = "goodsout_clock_last_look_timestamp_seconds"


def a_call(*, status: int | None = 200, refused: bool = False) -> Call:
    return Call(
        vendor="shiphero",
        operation="order_create",
        status=status,
        request_id="",
        started=datetime(2026, 3, 2, tzinfo=UTC),
        seconds=0.4,
        budget=Budget(refused=refused),
    )


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (a_call(), "ok"),
        (a_call(status=302), "ok"),
        (a_call(status=404), "refused"),
        (a_call(status=500), "failed"),
        (a_call(status=None), "none"),
        (a_call(status=429, refused=True), "throttled"),
        # ShipHero says so in an answer of 200.
        (a_call(refused=True), "throttled"),
    ],
)
def test_an_answer_is_one_of_few_words(call: Call, answer: str) -> None:
    assert answer_of(call) == answer


def test_a_call_is_counted_and_timed() -> None:
    labels = {"vendor": "shiphero", "operation": "order_create"}
    with (
        rise_of("goodsout_vendor_calls_total", **labels, answer="ok") as calls,
        rise_of("goodsout_vendor_call_seconds_sum", **labels) as seconds,
    ):
        count_call(a_call())

    assert (calls.by, round(seconds.by, 3)) == (1, 0.4)


def test_a_wait_for_a_budget_is_counted_by_its_lane() -> None:
    name = "goodsout_budget_wait_seconds_sum"
    with rise_of(name, vendor="shiphero", lane="backfill") as wait:
        count_wait("shiphero", Lane.BACKFILL, seconds=12)

    assert wait.by == 12


def test_a_look_that_fails_does_not_count_as_looked() -> None:
    answers = iter([None, OurTrouble("our database is away")])

    def look() -> None:
        if (trouble := next(answers)) is not None:
            raise trouble

    look_once = looking("a_test", look, beat=5)
    began = count_of(LOOKED, look="a_test")
    look_once()
    looked = count_of(LOOKED, look="a_test")
    look_once()

    assert began < looked
    assert count_of(LOOKED, look="a_test") == looked
    assert count_of("goodsout_clock_beat_seconds", look="a_test") == 5


def test_a_part_that_does_not_answer_is_told_as_down() -> None:
    def broken() -> None:
        raise OurTrouble("our database did not take it")

    app = Flask(__name__)
    app.register_blueprint(health_routes({"database": broken, "broker": lambda: None}))

    told = app.test_client().get("/metrics").text

    assert 'goodsout_part_up{part="database"} 0.0' in told
    assert 'goodsout_part_up{part="broker"} 1.0' in told
