"""Which notes are compared next."""

from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from services.order_ingest.reconciliation import window as notes_window
from services.order_ingest.reconciliation.window import Window, widened
from shared.watermarks import ANY_ZONE, WIDE_EVERY

GO_LIVE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OVERLAP = 10 * MINUTE
next_window = partial(notes_window.next_window, overlap=OVERLAP)

# What happens between two comparisons: time passes, and go-live may be moved.
STEPS = st.lists(
    st.tuples(st.integers(1, 500), st.none() | st.integers(-2000, 2000)), min_size=1, max_size=20
)


def test_the_first_window_begins_at_go_live() -> None:
    now = GO_LIVE + 90 * MINUTE

    window = next_window(go_live=GO_LIVE, covered_from=None, reached=None, now=now)

    assert window == Window(start=GO_LIVE, end=now, covers_from=GO_LIVE)


def test_a_later_window_begins_a_little_before_the_watermark() -> None:
    reached = GO_LIVE + 90 * MINUTE

    window = next_window(
        go_live=GO_LIVE, covered_from=GO_LIVE, reached=reached, now=reached + 5 * MINUTE
    )

    assert window == Window(start=reached - OVERLAP, end=reached + 5 * MINUTE, covers_from=GO_LIVE)


def test_a_window_never_begins_before_go_live() -> None:
    window = next_window(
        go_live=GO_LIVE, covered_from=GO_LIVE, reached=GO_LIVE + MINUTE, now=GO_LIVE + 5 * MINUTE
    )

    assert window is not None
    assert window.start == GO_LIVE


def test_a_go_live_moved_back_is_compared_from_there_again() -> None:
    earlier, now = GO_LIVE - timedelta(days=3), GO_LIVE + 90 * MINUTE

    window = next_window(go_live=earlier, covered_from=GO_LIVE, reached=now - MINUTE, now=now)

    assert window == Window(start=earlier, end=now, covers_from=earlier)


def test_before_go_live_there_is_nothing_to_compare() -> None:
    assert next_window(go_live=GO_LIVE, covered_from=None, reached=None, now=GO_LIVE) is None


@given(steps=STEPS)
def test_whatever_go_live_does_every_minute_since_it_is_compared(
    steps: list[tuple[int, int | None]],
) -> None:
    now, go_live = GO_LIVE, GO_LIVE
    reached: datetime | None = None
    covered_from: datetime | None = None
    windows: list[Window] = []

    for minutes, moved in steps:
        now += minutes * MINUTE
        go_live = go_live if moved is None else GO_LIVE + moved * MINUTE
        window = next_window(go_live=go_live, covered_from=covered_from, reached=reached, now=now)
        if window is not None:
            windows.append(window)
            reached = max(reached or window.end, window.end)
            covered_from = window.covers_from

    if windows and go_live < now:
        assert gaps(windows, since=go_live, until=now) == []


def test_a_wide_window_begins_over_every_zone_before_the_last_wide_one() -> None:
    reached = GO_LIVE + timedelta(days=2)
    window = next_window(
        go_live=GO_LIVE, covered_from=GO_LIVE, reached=reached, now=reached + 5 * MINUTE
    )
    assert window is not None

    wide = widened(window, since=GO_LIVE + timedelta(days=1))

    assert wide.start == GO_LIVE + timedelta(days=1) - ANY_ZONE
    assert (wide.end, wide.covers_from, wide.wide) == (window.end, window.covers_from, True)


@given(hours=st.integers(-12, 14), pauses=st.lists(st.integers(1, 600), min_size=1, max_size=40))
def test_whatever_zone_a_search_is_read_in_every_note_is_seen_in_the_end(
    hours: int, pauses: list[int]
) -> None:
    zone = timedelta(hours=hours)
    seen = [Window(start=one.start - zone, end=one.end - zone, covers_from=GO_LIVE)
            for one in windows_over(pauses)]  # fmt: skip

    until = GO_LIVE + sum(pauses) * MINUTE
    assert gaps(seen, since=GO_LIVE, until=until) == []


def windows_over(pauses: list[int]) -> list[Window]:
    """Compare after each pause, and twice more when all notes are made, a day apart."""
    now, reached, wide = GO_LIVE, None, None
    windows: list[Window] = []
    for pause in [*pauses, *[24 * 60 + 1] * 2]:
        now += pause * MINUTE
        window = next_window(go_live=GO_LIVE, covered_from=GO_LIVE, reached=reached, now=now)
        assert window is not None
        if wide is None or now - wide >= WIDE_EVERY:
            window, wide = widened(window, since=wide or GO_LIVE), now
        windows.append(window)
        reached = now
    return windows


def gaps(windows: list[Window], *, since: datetime, until: datetime) -> list[datetime]:
    """Give each minute that no window held."""
    minutes = int((until - since) / MINUTE)
    asked = [since + one * MINUTE for one in range(minutes + 1)]
    return [one for one in asked if not any(w.start <= one <= w.end for w in windows)]
