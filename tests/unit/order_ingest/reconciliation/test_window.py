"""Which notes are compared next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.order_ingest.reconciliation.window import OVERLAP, Window, next_window

GO_LIVE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

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


def gaps(windows: list[Window], *, since: datetime, until: datetime) -> list[datetime]:
    """Give each minute that no window held."""
    minutes = int((until - since) / MINUTE)
    asked = [since + one * MINUTE for one in range(minutes + 1)]
    return [one for one in asked if not any(w.start <= one <= w.end for w in windows)]
