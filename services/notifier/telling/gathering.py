"""When people are told of a cause: the first at once, then what gathered in an hour; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.clock import Pace

HOUR, CALM = 3_600.0, 300.0  # seconds


class Act(StrEnum):
    """What is done about a cause now."""

    FIRST = "first"  # a new thread begins
    AGAIN = "again"
    ENDED = "ended"
    LOOK_GONE = "look_gone"  # nothing is left of it: if it stays so, its end is told
    LOOK_BACK = "look_back"  # it is there again before its end was told
    FORGET = "forget"  # what gathered is past already
    WAIT = "wait"


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How long mails of one cause are apart, and how long it must be gone to count as ended."""

    every: timedelta
    calm: timedelta


def rhythm_at(pace: Pace) -> Rhythm:
    """Give the rhythm at a pace of our own."""
    return Rhythm(every=pace.after(HOUR), calm=pace.after(CALM))


@dataclass(frozen=True, kw_only=True)
class Known:
    """How far people were told: `is_open` from the first mail until the last of a thread."""

    is_open: bool
    due_at: datetime
    gone_since: datetime | None


def act_on(
    known: Known, *, gathered: int, fresh: int, standing: int, now: datetime, rhythm: Rhythm
) -> Act:
    """Decide about a cause.

    `gathered` things came since people were told last, `fresh` of them still stand, and `standing`
    stand in all.
    """
    if fresh:
        if now < known.due_at:
            return Act.LOOK_BACK if known.gone_since else Act.WAIT
        return Act.AGAIN if known.is_open else Act.FIRST
    if known.is_open and standing == 0:
        if known.gone_since is None:
            return Act.LOOK_GONE
        return Act.ENDED if now - known.gone_since >= rhythm.calm else Act.WAIT
    if known.gone_since is not None and standing:
        return Act.LOOK_BACK
    return Act.FORGET if gathered else Act.WAIT
