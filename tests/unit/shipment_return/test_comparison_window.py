"""Which stretch of time of changed orders is read next."""

from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shipment_return import comparison_window
from services.shipment_return.comparison_window import (
    LONGEST,
    SETTLING,
    SHORTEST,
    Window,
    beyond,
    cut,
    widened,
)
from shared.watermarks import ANY_ZONE

GO_LIVE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = GO_LIVE + timedelta(hours=3)
PAGE = 25
OVERLAP = timedelta(minutes=10)
first_window = partial(comparison_window.first_window, overlap=OVERLAP)


def test_the_first_window_begins_at_go_live_and_ends_a_minute_ago() -> None:
    window = first_window(go_live=GO_LIVE, reached=None, since=None, now=NOW)

    assert window == Window(start=GO_LIVE, end=NOW - SETTLING, until=NOW - SETTLING)


def test_a_later_window_overlaps_the_one_before() -> None:
    reached = NOW - timedelta(minutes=5)

    window = first_window(go_live=GO_LIVE, reached=reached, since=None, now=NOW)

    assert window is not None
    assert window.start == reached - OVERLAP


def test_a_request_may_reach_further_back_but_not_before_go_live() -> None:
    reached = NOW - timedelta(minutes=5)
    starts = [
        first_window(go_live=GO_LIVE, reached=reached, since=since, now=NOW)
        for since in (NOW - timedelta(hours=1), NOW, GO_LIVE - timedelta(days=1))
    ]

    assert [one and one.start for one in starts] == [
        NOW - timedelta(hours=1),
        reached - OVERLAP,
        GO_LIVE,
    ]


def test_a_go_live_moved_on_leaves_out_no_order_of_before() -> None:
    reached = NOW - timedelta(minutes=5)

    window = first_window(go_live=NOW + timedelta(days=9), reached=reached, since=None, now=NOW)

    assert window is not None
    assert window.start == reached - OVERLAP


@pytest.mark.parametrize("is_wide", [False, True])
def test_years_are_compared_in_windows_of_less_than_one(*, is_wide: bool) -> None:
    years_ago = NOW - timedelta(days=1000)
    window = first_window(go_live=years_ago, reached=None, since=None, now=NOW)
    assert window is not None
    whole = widened(window, since=years_ago) if is_wide else window
    windows: list[Window] = []
    window = whole

    while window is not None:
        windows.append(window)
        window = beyond(window, changed=[])

    assert max(one.end - one.start for one in windows) == LONGEST
    assert windows[-1].end == whole.until


def test_before_go_live_there_is_nothing_to_compare() -> None:
    assert first_window(go_live=NOW, reached=None, since=None, now=NOW) is None


def test_a_wide_run_reaches_over_every_zone_and_counts_none_of_it() -> None:
    window = first_window(go_live=GO_LIVE, reached=NOW, since=None, now=NOW)
    assert window is not None

    wide = widened(window, since=GO_LIVE)

    assert (wide.start, wide.end) == (GO_LIVE - ANY_ZONE, NOW - SETTLING + ANY_ZONE)
    assert wide.reached == NOW - SETTLING


def test_a_window_that_one_page_does_not_hold_is_cut_and_not_paged() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)

    half = cut(window, "25", changed=[])

    assert (half.start, half.end, half.after) == (GO_LIVE, GO_LIVE + (NOW - GO_LIVE) / 2, "")
    assert beyond(half, changed=[GO_LIVE] * 16) == Window(start=half.end, end=NOW, until=NOW)


def test_a_cut_is_made_where_half_of_the_page_had_changed_and_then_earlier() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)
    changed = [GO_LIVE + timedelta(minutes=one) for one in (90, 10, 70, 30, 50)]

    first = cut(window, "25", changed=changed)
    second = cut(first, "25", changed=changed)

    assert first.end == GO_LIVE + timedelta(minutes=50)
    assert second.end == GO_LIVE + timedelta(minutes=10)


def test_before_a_crowd_at_the_end_of_a_window_the_rest_is_read() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)

    rest = cut(window, "25", changed=[NOW] * PAGE)

    assert rest.end == NOW - timedelta(seconds=1)


def test_no_cut_leaves_less_than_the_shortest_window() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)

    assert cut(window, "25", changed=[GO_LIVE + timedelta(seconds=1)]).end == GO_LIVE + SHORTEST


def test_pages_that_tell_nothing_of_the_rest_are_not_believed_for_ever() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)

    for _ in range(4):  # each page holds the latest orders only
        window = cut(window, "25", changed=[window.end - SHORTEST])

    assert window.end - GO_LIVE < (NOW - GO_LIVE) / 2


@pytest.mark.parametrize("off", [-ANY_ZONE, timedelta(0), timedelta(hours=4), ANY_ZONE])
def test_a_page_in_another_zone_does_not_tell_where_to_cut(off: timedelta) -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)

    assert cut(window, "25", changed=[GO_LIVE + off]).end == GO_LIVE + (NOW - GO_LIVE) / 2


@pytest.mark.parametrize(("orders", "minutes"), [(0, 160), (1, 160), (8, 20), (16, 10), (20, 8)])
def test_the_next_window_is_as_long_as_the_last_one_s_orders_allow(
    orders: int, minutes: int
) -> None:
    window = Window(start=GO_LIVE, end=GO_LIVE + timedelta(minutes=10), until=NOW)

    following = beyond(window, changed=[GO_LIVE] * orders)

    assert following is not None
    assert following.end - following.start == timedelta(minutes=minutes)


def test_a_page_in_another_zone_does_not_tell_how_long_the_next_window_may_be() -> None:
    window = Window(start=GO_LIVE, end=GO_LIVE + timedelta(minutes=10), until=NOW)

    following = beyond(window, changed=[GO_LIVE - ANY_ZONE] * 16)

    assert following is not None
    assert following.end - following.start == timedelta(minutes=10)


def test_after_a_burst_the_next_window_is_as_short_as_the_burst() -> None:
    window = Window(start=GO_LIVE, end=GO_LIVE + timedelta(hours=1), until=NOW)

    following = beyond(window, changed=[window.end - timedelta(seconds=20)] * 16)

    assert following is not None
    assert following.end - following.start == timedelta(seconds=20)


def test_what_changed_within_one_moment_is_read_by_cursor_and_twice() -> None:
    moment = Window(start=GO_LIVE, end=GO_LIVE + SHORTEST, until=GO_LIVE + SHORTEST)

    second_page = cut(moment, "25", changed=[])
    again = beyond(second_page, changed=[])

    assert (second_page.after, second_page.end) == ("25", moment.end)
    assert again is not None
    assert (again.after, again.pass_) == ("", 2)
    assert beyond(cut(again, "25", changed=[]), changed=[]) is None


def test_a_window_survives_the_journey_in_an_event() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW, after="x", pass_=2, wide=True, guesses=3)

    assert Window.of(window.told()) == window


@given(
    changed=st.lists(st.integers(0, 10_000), max_size=300),
    crowd=st.integers(0, 80),
    crowd_at=st.integers(0, 10_000),
)
def test_every_changed_order_is_on_one_of_the_pages(
    changed: list[int], crowd: int, crowd_at: int
) -> None:
    seconds = changed + [crowd_at] * crowd
    moments = [GO_LIVE + timedelta(seconds=at) for at in seconds]

    pages = read_all(moments, until=GO_LIVE + timedelta(seconds=10_000))

    assert set().union(*pages) == set(range(len(moments)))


@pytest.mark.parametrize("spread", [timedelta(days=1), timedelta(hours=1), timedelta(minutes=2)])
def test_of_the_pages_that_are_read_few_are_read_for_nothing(spread: timedelta) -> None:
    drawn = Random(1)
    begun = GO_LIVE + timedelta(hours=15)
    moments = [begun + spread * drawn.random() for _ in range(400)]

    pages = read_all(moments, until=GO_LIVE + timedelta(hours=42))

    assert len(pages) <= 3 * len(moments) / PAGE


def read_all(moments: list[datetime], *, until: datetime) -> list[set[int]]:
    """Read pages until none is left; gives which of the orders changed then each one held."""
    window: Window | None = Window(start=GO_LIVE, end=until, until=until)
    pages: list[set[int]] = []
    while window is not None:
        held = [n for n, at in enumerate(moments) if window.start <= at <= window.end]
        first = int(window.after or 0)
        page = held[first : first + PAGE]
        pages.append(set(page))
        changed = [moments[n] for n in page]
        if first + PAGE < len(held):
            window = cut(window, str(first + PAGE), changed=changed)
        else:
            window = beyond(window, changed=changed)
    return pages
