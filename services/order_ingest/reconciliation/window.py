"""Which notes are to be compared next, by the time they were created: arithmetic only."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.watermarks import ANY_ZONE


@dataclass(frozen=True, kw_only=True)
class Window:
    """Notes created from `start` to `end`; once compared, nothing since `covers_from` is left.

    A `wide` one begins far before what has to be compared.
    """

    start: datetime
    end: datetime
    covers_from: datetime
    wide: bool = False


def next_window(
    *,
    go_live: datetime,
    covered_from: datetime | None,
    reached: datetime | None,
    now: datetime,
    overlap: timedelta,
) -> Window | None:
    """Go on `overlap` before the last comparison's end, or at go-live; None before go-live.

    It begins at go-live again when that was moved to before what was ever compared. A note may
    show in the list later than its own time says, and clocks differ; hence the overlap.
    """
    if now <= go_live:
        return None
    if reached is None or covered_from is None or go_live < covered_from:
        return Window(start=go_live, end=now, covers_from=go_live)
    start = max(go_live, reached - overlap)
    # Go-live was moved on past the watermark: what lies between was never compared.
    leaves_gap = start > reached
    return Window(start=start, end=now, covers_from=start if leaves_gap else covered_from)


def widened(window: Window, *, since: datetime) -> Window:
    """Begin so far back that no late row and no zone could hide a note, from the last such run on.

    The end stays: times that are read as earlier ones than meant make a note late, and no more.
    """
    return replace(window, start=min(window.start, since) - ANY_ZONE, wide=True)
