"""Which stretch of time of changed orders is read next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.shipment_return.comparison_window import (
    ANY_ZONE,
    OVERLAP,
    SETTLING,
    SHORTEST,
    Window,
    beyond,
    cut,
    first_window,
    widened,
)

GO_LIVE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = GO_LIVE + timedelta(hours=3)
PAGE = 25


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


def test_before_go_live_there_is_nothing_to_compare() -> None:
    assert first_window(go_live=NOW, reached=None, since=None, now=NOW) is None


def test_a_wide_run_reaches_over_every_zone_and_counts_none_of_it() -> None:
    window = first_window(go_live=GO_LIVE, reached=NOW, since=None, now=NOW)
    assert window is not None

    wide = widened(window, since=GO_LIVE)

    assert (wide.start, wide.end) == (GO_LIVE - ANY_ZONE, NOW - SETTLING + ANY_ZONE)
    assert wide.reached == NOW - SETTLING


def test_a_window_that_one_page_does_not_hold_is_halved_and_not_paged() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW)

    half = cut(window, "25")

    assert (half.start, half.end, half.after) == (GO_LIVE, GO_LIVE + (NOW - GO_LIVE) / 2, "")
    assert beyond(half) == Window(start=half.end, end=NOW, until=NOW)


def test_what_changed_within_one_moment_is_read_by_cursor_and_twice() -> None:
    moment = Window(start=GO_LIVE, end=GO_LIVE + SHORTEST, until=GO_LIVE + SHORTEST)

    second_page = cut(moment, "25")
    again = beyond(second_page)

    assert (second_page.after, second_page.end) == ("25", moment.end)
    assert again is not None
    assert (again.after, again.pass_) == ("", 2)
    assert beyond(cut(again, "25")) is None


def test_a_window_survives_the_journey_in_an_event() -> None:
    window = Window(start=GO_LIVE, end=NOW, until=NOW, after="x", pass_=2, wide=True)

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
    moments = {n: GO_LIVE + timedelta(seconds=at) for n, at in enumerate(seconds)}
    end = GO_LIVE + timedelta(seconds=10_000)
    window: Window | None = Window(start=GO_LIVE, end=end, until=end)
    seen: set[int] = set()

    while window is not None:
        held = [n for n, at in moments.items() if window.start <= at <= window.end]
        first = int(window.after or 0)
        seen |= set(held[first : first + PAGE])
        is_more = first + PAGE < len(held)
        window = cut(window, str(first + PAGE)) if is_more else beyond(window)

    assert seen == set(moments)
