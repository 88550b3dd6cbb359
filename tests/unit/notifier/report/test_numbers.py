"""A day's numbers add up, whatever its notes went through."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.report.numbers import (
    PLACES,
    SENT,
    Group,
    Usual,
    days_to_count,
    needs,
    place_of,
    tally,
    usual,
)
from shared.notes.state import ORDER, SHIPMENT, STAGES

DAY = date(2026, 11, 24)


def state_of(order_stage: str, shipment_stage: str, *, handled: bool) -> str:
    """Say what the database computes (`LOG_STATE_SQL`)."""
    if order_stage in ("held", "failed", "cancel_refused") or shipment_stage in ("held", "failed"):
        return "handled" if handled else "needs_you"
    if shipment_stage == "done":
        return "shipped"
    words = {"done": "synced", "change_refused": "synced", "canceled": "cancelled"}
    return words.get(order_stage, "skipped" if order_stage == "skipped" else "on_the_way")


@st.composite
def groups(draw: st.DrawFn) -> Group:
    order, shipment = draw(st.sampled_from(STAGES[ORDER])), draw(st.sampled_from(STAGES[SHIPMENT]))
    return Group(
        state=state_of(order, shipment, handled=draw(st.booleans())),
        order_stage=order,
        shipment_stage=shipment,
        code=draw(st.sampled_from(("", "sku_unknown", "before_go_live", "warehouse_undecided"))),
        count=draw(st.integers(min_value=1, max_value=500)),
    )


@given(st.lists(groups(), max_size=40))
def test_every_note_that_came_in_stands_in_exactly_one_place(found: list[Group]) -> None:
    told = tally(found)

    assert told.received == sum(group.count for group in found)
    assert set(told.by_place) == set(PLACES)
    assert sum(told.skipped_by_reason.values()) == told.by_place["skipped"]
    assert told.sent == sum(group.count for group in found if place_of(group) in SENT)


@given(st.lists(groups(), max_size=40), st.lists(groups(), max_size=40))
def test_what_needs_a_person_is_counted_once_whichever_side_it_is(
    older: list[Group], of_day: list[Group]
) -> None:
    found = needs([*older, *of_day], of_day)

    everything = Counter(group.state for group in older for _ in range(group.count))
    everything += Counter(group.state for group in of_day for _ in range(group.count))
    new = sum(group.count for group in of_day if group.state == "needs_you")
    assert sum(need.count for need in found) == everything["needs_you"]
    assert sum(need.new for need in found) == new
    assert len({(need.side, need.code, need.is_held) for need in found}) == len(found)


@pytest.mark.parametrize(
    ("counts", "span"),
    [
        ([30, 40, 50], None),
        ([30, 40, 50, 35], Usual(low=30, high=50)),
        # Neither a holiday nor a sale makes the usual.
        ([0, 30, 40, 50, 35, 900], Usual(low=30, high=50)),
        ([0, 0, 0, 0], Usual(low=0, high=0)),
    ],
)
def test_the_usual_leaves_out_the_extremes_once_there_are_enough_weeks(
    counts: list[int], span: Usual | None
) -> None:
    assert usual(counts) == span


def test_two_weeks_and_the_same_weekdays_before_are_counted() -> None:
    found = days_to_count(DAY, since=DAY - timedelta(days=365))

    assert found[:14] == [DAY - timedelta(days=number) for number in range(14)]
    assert found[14:] == [DAY - timedelta(weeks=number) for number in range(2, 9)]


def test_days_before_the_first_whole_one_are_not_counted_but_the_reported_one_is() -> None:
    assert days_to_count(DAY, since=DAY - timedelta(days=1)) == [DAY, DAY - timedelta(days=1)]
    assert days_to_count(DAY, since=DAY + timedelta(days=1)) == [DAY]
