"""Which notes are to be compared next, by the time they were created: arithmetic only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A note may show in the list later than its own time says, and clocks differ.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Notes created from `start` to `end`; once compared, nothing since `covers_from` is left."""

    start: datetime
    end: datetime
    covers_from: datetime


def next_window(
    *, go_live: datetime, covered_from: datetime | None, reached: datetime | None, now: datetime
) -> Window | None:
    """Go on where the last comparison ended, or at go-live; None before go-live.

    It begins at go-live again when that was moved to before what was ever compared.
    """
    if now <= go_live:
        return None
    if reached is None or covered_from is None or go_live < covered_from:
        return Window(start=go_live, end=now, covers_from=go_live)
    start = max(go_live, reached - OVERLAP)
    # Go-live was moved on past the watermark: what lies between was never compared.
    leaves_gap = start > reached
    return Window(start=start, end=now, covers_from=start if leaves_gap else covered_from)
