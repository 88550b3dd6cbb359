"""Which stretch of time of ShipHero's changed orders is read next: arithmetic only.

A cursor there is an offset into live data (contract §5), and an order that changes while pages are
read moves out of a closed window, so that others slip past the cursor. So windows are cut until
one page holds all of a window; only what changed within the same moment is read by cursor.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

# Orders change at ShipHero before its list shows them, and clocks differ.
OVERLAP = timedelta(minutes=10)
# What changes right now is left to the next window.
SETTLING = timedelta(minutes=1)
# Times there are of whole seconds, and both ends of a window belong to it.
SHORTEST = timedelta(seconds=2)
# The zone in which ShipHero reads a filter is not known (contract §5); no zone is further off.
ANY_ZONE = timedelta(hours=14)
WIDE_EVERY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Orders changed from `start` to `end`, on the way to `until`; `after` is a page's cursor.

    What cannot be cut further is read twice, `pass_` 1 and 2. A `wide` run asks for more than it
    counts as compared.
    """

    start: datetime
    end: datetime
    until: datetime
    after: str = ""
    pass_: int = 1
    wide: bool = False

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
        }


def first_window(
    *, go_live: datetime, reached: datetime | None, since: datetime | None, now: datetime
) -> Window | None:
    """Go on where the last comparison ended, or at go-live, or earlier where `since` asks for it.

    None before go-live: there is no order of ours yet.
    """
    until = now - SETTLING
    start = go_live if reached is None else max(go_live, reached - OVERLAP)
    if since is not None:
        start = max(go_live, min(start, since))
    if start >= until:
        return None
    return Window(start=start, end=until, until=until)


def widened(window: Window, *, since: datetime) -> Window:
    """Stretch a run so far that no zone could hide an order, from the last such run on."""
    start, until = min(window.start, since) - ANY_ZONE, window.until + ANY_ZONE
    return Window(start=start, end=until, until=until, wide=True)


def cut(window: Window, cursor: str) -> Window:
    """Give what to read when one page did not hold all of `window`."""
    length = window.end - window.start
    if length > SHORTEST and not window.after:
        return replace(window, end=window.start + length / 2)
    return replace(window, after=cursor)


def beyond(window: Window) -> Window | None:
    """Give what to read after all of `window` was read; None when that is everything."""
    if window.after and window.pass_ == 1:
        return replace(window, after="", pass_=2)
    if window.end >= window.until:
        return None
    # The next may be longer again; it begins a moment earlier, times being of whole seconds.
    length = max(window.end - window.start, SHORTEST)
    end = min(window.end + 2 * length, window.until)
    return Window(start=window.end, end=end, until=window.until, wide=window.wide)
