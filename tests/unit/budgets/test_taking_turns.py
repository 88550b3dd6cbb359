"""Whose call comes first on one account's row: live work's, and nobody is held while it waits."""

from contextvars import copy_context

import pytest

from shared.budgets.brightpearl_window import CLOCKS_APART
from shared.budgets.lane import present_lane, spending_as
from shared.events import Lane
from tests.unit.budgets.simulation import Shared
from tests.unit.budgets.tellings import NOON, told

LIVE, BACKFILL = Lane.LIVE, Lane.BACKFILL
OPENS = NOON + 40 + CLOCKS_APART


@pytest.fixture
def window() -> Shared:
    """Give a window of Brightpearl's of which ten requests are left, for forty seconds."""
    shared = Shared("brightpearl", 95)
    shared.reserve("1", 1, LIVE, NOON)
    shared.spent("1", told(left=10, resets_in=40.0))
    return shared


def use_up(shared: Shared, lane: Lane, at: float) -> list[float]:
    """Reserve until the budget says no; what it said to each."""
    said = [shared.reserve("a1", 1, lane, at)]
    while not said[-1]:
        said.append(shared.reserve(f"a{len(said) + 1}", 1, lane, at))
    return said


def test_a_call_beyond_the_budget_is_told_when_to_come_back_and_sets_nothing_aside(
    window: Shared,
) -> None:
    said = use_up(window, LIVE, NOON)

    assert said == [0.0] * 10 + [pytest.approx(OPENS)]
    assert len(window.row.state["under_way"]) == 10


def test_live_work_goes_on_where_backfill_has_to_stop(window: Shared) -> None:
    backfill = use_up(window, BACKFILL, NOON)

    assert len(backfill) == 8
    assert [window.reserve(f"b{number}", 1, LIVE, NOON) for number in range(3)] == [0.0] * 3


def test_backfill_that_is_put_off_closes_nothing_for_live_work(window: Shared) -> None:
    use_up(window, BACKFILL, NOON)

    assert window.row.closed_until is None
    assert window.row.backfill_closed_until is not None


def test_where_live_work_waits_backfill_comes_after_it(window: Shared) -> None:
    use_up(window, LIVE, NOON)

    first = window.reserve("backfill", 1, BACKFILL, OPENS + 0.1)
    live = window.reserve("live", 1, LIVE, OPENS + 0.2)
    second = window.reserve("backfill", 1, BACKFILL, first)

    assert first == pytest.approx(OPENS + 3)
    assert (live, second) == (0.0, 0.0)


@pytest.mark.parametrize("vendor", ["brightpearl", "shiphero"])
def test_each_call_and_each_refusal_is_counted_in_the_row(vendor: str) -> None:
    shared = Shared(vendor, 95)

    shared.reserve("1", 1, LIVE, NOON)
    shared.spent("1", told(refused=True))
    shared.spent("2", told())

    assert (shared.row.calls, shared.row.refused) == (2, 1)


def test_calls_are_live_unless_said_otherwise_and_only_inside() -> None:
    with spending_as(BACKFILL):
        inside, copied = present_lane(), copy_context()

    assert (present_lane(), inside) == (LIVE, BACKFILL)
    assert copied.run(present_lane) is BACKFILL
