"""The whole table: what happens after each class of error, at each number of failures."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    OurTrouble,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
)
from shared.journal.verdict import (
    CHECK_AFTER,
    CHECKS_AT_MOST,
    RETRY_AFTER,
    Dead,
    Hold,
    Retry,
    WaitForBudget,
    verdict_for,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = 3600.0
FAILURES = (0, 1, 10, 11, 29, 30, 1000)


@pytest.mark.parametrize(
    ("failures", "after"),
    [
        (0, 5), (1, 30), (2, 300), (3, 1800), (4, 2 * HOUR), (5, 5 * HOUR), (6, 10 * HOUR),
        (7, 12 * HOUR), (8, 12 * HOUR), (9, 12 * HOUR), (10, 12 * HOUR),
    ],
)  # fmt: skip
def test_a_transient_error_is_tried_again_ever_later(failures: int, after: float) -> None:
    verdict = verdict_for(Transient("Trouble."), failures=failures, jitter=0.0)

    assert verdict == Retry(after=after, counts=True, code="vendor_trouble", reason="Trouble.")


@pytest.mark.parametrize("failures", [11, 12, 1000])
def test_after_the_last_try_a_transient_error_is_dead(failures: int) -> None:
    verdict = verdict_for(Transient("Trouble."), failures=failures, jitter=0.0)

    assert verdict == Dead(
        code="vendor_trouble", reason=f"Trouble. Given up after {failures + 1} attempts."
    )


@pytest.mark.parametrize(
    ("failures", "after"), [(0, 5), (1, 25), (2, 90), (3, 180), (4, 600), (5, 600), (29, 600)]
)
def test_a_lost_answer_is_looked_for(failures: int, after: float) -> None:
    verdict = verdict_for(UnknownOutcome("Lost."), failures=failures, jitter=0.9)

    assert verdict == Retry(
        after=after, counts=True, code="checking", reason="Lost.", checking=True
    )


def test_five_looks_take_a_quarter_of_an_hour() -> None:
    assert (len(CHECK_AFTER), sum(CHECK_AFTER)) == (5, 900.0)


def test_a_lost_answer_is_not_looked_for_for_ever() -> None:
    verdict = verdict_for(UnknownOutcome("Lost."), failures=CHECKS_AT_MOST, jitter=0.0)

    assert verdict == Dead(code="checking", reason="Lost. Looked 31 times; please look too.")


@pytest.mark.parametrize("failures", FAILURES)
def test_a_throttled_call_waits_for_the_budget_however_often(failures: int) -> None:
    verdict = verdict_for(Throttled("Full.", until=NOON), failures=failures, jitter=0.5)

    assert verdict == WaitForBudget(until=NOON, code="out_of_budget", reason="Full.")


@pytest.mark.parametrize("failures", FAILURES)
def test_refused_credentials_hold_the_event_until_the_vendor_is_reconnected(failures: int) -> None:
    error = ConnectionBroken("Refused.", vendor="shiphero")

    verdict = verdict_for(error, failures=failures, jitter=0.5)

    assert verdict == Hold(
        cause="connection_broken:shiphero", code="connection_broken", reason="Refused."
    )


@pytest.mark.parametrize("failures", FAILURES)
def test_a_permanent_error_is_dead_at_once(failures: int) -> None:
    verdict = verdict_for(Permanent("No.", code="address_missing"), failures=failures, jitter=0.5)

    assert verdict == Dead(code="address_missing", reason="No.")


@pytest.mark.parametrize("failures", FAILURES)
@pytest.mark.parametrize("bug", [KeyError("a secret"), RecursionError(), GoodsoutError("never")])
def test_a_bug_is_dead_at_once_and_tells_no_secret(bug: Exception, failures: int) -> None:
    verdict = verdict_for(bug, failures=failures, jitter=0.5)

    assert verdict == Dead(code="bug", reason=f"Goodsout failed by itself ({type(bug).__name__}).")


def test_trouble_of_our_own_has_no_verdict() -> None:
    with pytest.raises(TypeError, match="no verdict"):
        verdict_for(OurTrouble("locked"), failures=0, jitter=0.0)


@given(
    failures=st.integers(0, len(RETRY_AFTER) - 1),
    jitter=st.floats(0, 1, exclude_max=True),
    wish=st.none() | st.floats(0, 100_000),
)
def test_jitter_never_shortens_and_the_vendors_wish_wins_when_later(
    failures: int, jitter: float, wish: float | None
) -> None:
    error = Transient("Trouble.", retry_after=wish)

    verdict = verdict_for(error, failures=failures, jitter=jitter)

    assert isinstance(verdict, Retry)
    assert max(RETRY_AFTER[failures], wish or 0) <= verdict.after
    assert verdict.after <= max(RETRY_AFTER[failures] * 1.1, wish or 0)
