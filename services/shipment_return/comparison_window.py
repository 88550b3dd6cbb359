"""Which stretch of time of ShipHero's changed orders is read next: arithmetic only.

A cursor there is an offset into live data (contract §5), and an order that changes while pages are
read moves out of a closed window, so that others slip past the cursor. So windows are cut until
one page holds all of a window; only what changed within the same moment is read by cursor. Where
to cut is a guess from the orders of the page, so that few pages are read for nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from shared.watermarks import ANY_ZONE

# What changes right now is left to the next window.
SETTLING = timedelta(minutes=1)
# Times there are of whole seconds, and both ends of a window belong to it.
SHORTEST = timedelta(seconds=2)
SECOND = timedelta(seconds=1)
# Other times of orders are asked for over a year at most (contract §5); these may be as well.
LONGEST = timedelta(days=300)
# Windows are to hold so many orders, fewer than a page: what does not fit is read for nothing.
ORDERS_AIMED_AT = 16


@dataclass(frozen=True, kw_only=True)
class Window:
    """Orders changed from `start` to `end`, on the way to `until`; `after` is a page's cursor.

    What cannot be cut further is read twice, `pass_` 1 and 2. A `wide` run asks for more than it
    counts as compared. `guesses` is how often in turn it was cut by what a page held.
    """

    start: datetime
    end: datetime
    until: datetime
    after: str = ""
    pass_: int = 1
    wide: bool = False
    guesses: int = 0

    @property
    def reached(self) -> datetime:
        """Up to when nothing is left once this window was read."""
        return min(self.end, self.until - ANY_ZONE) if self.wide else self.end

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """Read what `told` wrote."""
        return cls(
            start=datetime.fromisoformat(payload["start"]),
            end=datetime.fromisoformat(payload["end"]),
            until=datetime.fromisoformat(payload["until"]),
            after=payload["after"],
            pass_=int(payload["pass"]),
            wide=bool(payload["wide"]),
            guesses=int(payload["guesses"]),
        )

    def told(self) -> dict[str, Any]:
        """Write the window into an event's payload."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "until": self.until.isoformat(),
            "after": self.after,
            "pass": self.pass_,
            "wide": self.wide,
            "guesses": self.guesses,
        }


def first_window(
    *,
    go_live: datetime,
    reached: datetime | None,
    since: datetime | None,
    now: datetime,
    overlap: timedelta,
) -> Window | None:
    """Go on `overlap` before the last comparison's end, at go-live, or where `since` asks for it.

    None before the first go-live: there is no order of ours yet. When it is moved on later, the
    orders of before are still out. Orders change at ShipHero before its list shows them, and
    clocks differ; hence the overlap.
    """
    until = now - SETTLING
    start = go_live if reached is None else reached - overlap
    if since is not None:
        start = max(min(go_live, start), min(start, since))
    if start >= until:
        return None
    return Window(start=start, end=min(until, start + LONGEST), until=until)


def widened(window: Window, *, since: datetime) -> Window:
    """Stretch a run so far that no zone could hide an order, from the last such run on.

    The zone in which ShipHero reads a filter is not known (contract §5).
    """
    start, until = min(window.start, since) - ANY_ZONE, window.until + ANY_ZONE
    return Window(start=start, end=min(until, start + LONGEST), until=until, wide=True)


def cut(window: Window, cursor: str, *, changed: Collection[datetime]) -> Window:
    """Give what to read when one page, of orders `changed` then, did not hold all of `window`."""
    if window.end - window.start <= SHORTEST or window.after:
        return replace(window, after=cursor)
    end, guesses = _guessed(window, sorted(changed)) or (_half(window), 0)
    return replace(window, end=max(end, window.start + SHORTEST), guesses=guesses)


def _guessed(window: Window, changed: Sequence[datetime]) -> tuple[datetime, int] | None:
    """Take the page for a sample of the window; None when it was not one, time and again.

    A page is in no known order, and the times in it need not be in the zone of the filter.
    """
    if not changed:
        return None
    # Half of what there is; less where that is too much still; what lies before a crowd.
    guesses = (changed[len(changed) // 2], changed[len(changed) // 8], changed[0] - SECOND)
    for tried, end in enumerate(guesses[window.guesses :], start=window.guesses + 1):
        if window.start < end < window.end:
            return end, tried
    return None


def _half(window: Window) -> datetime:
    return window.start + (window.end - window.start) / 2


def beyond(window: Window, *, changed: Collection[datetime]) -> Window | None:
    """Give what to read after all of `window` was read, its last page's orders `changed` then.

    None when that is everything.
    """
    if window.after and window.pass_ == 1:
        return replace(window, after="", pass_=2)
    if window.end >= window.until:
        return None
    length = min(_length_beyond(window, changed), LONGEST)
    # It begins a moment earlier, times being of whole seconds.
    end = min(window.end + length, window.until)
    return Window(start=window.end, end=end, until=window.until, wide=window.wide)


def _length_beyond(window: Window, changed: Collection[datetime]) -> timedelta:
    """Have as many orders in the next window as one page holds well, if they go on like that."""
    if window.after:
        return SHORTEST
    first = min(changed, default=window.start)
    begun = first if window.start < first < window.end else window.start
    length = max(window.end - begun, SHORTEST)
    return max(length * ORDERS_AIMED_AT / max(len(changed), 1), SHORTEST)
