"""What a weekday and hour usually bring, and when what came is too little to be chance; pure.

The last hours are held against the same hours of the same weekday in the weeks before, in the
account's own zone. Weeks count less the longer they are past; a week that was out of the ordinary
moves little, because the usual is what most weeks brought, not their mean.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

# How many came in the hour that begins then (UTC, whole); None where nobody counted.
CountOf = Callable[[datetime], int | None]

HOUR: Final = timedelta(hours=1)
# The longer ones are for merchants of whom a single hour tells nothing.
WINDOWS: Final = (1, 2, 4, 8, 24, 72)
WEEKS: Final = 8
ENOUGH_WEEKS: Final = 4
FADES: Final = 0.85  # what a week weighs, of the week after it
LOW, HIGH = 0.25, 0.75
# Of what even a weak week brings, and never by chance more than once in so many looks.
AT_MOST_PART: Final = 0.25
BY_CHANCE: Final = 1e-4
# So many, and half the usual, in some shorter time: then it is not silent any more.
SPEAKS_AT_LEAST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Silence:
    """`seen` came in the last `hours`; weeks usually bring from `low` to `high` in them."""

    hours: int
    seen: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What most weeks brought."""

    low: int
    middle: int
    high: int


def silence_at(end: datetime, count_of: CountOf, zone: tzinfo) -> Silence | None:
    """Look at the hours before `end`, a whole hour; None while nothing is unusual or known."""
    for place, hours in enumerate(WINDOWS):
        seen, brought = _sum(end, hours, count_of), usual(end, hours, count_of, zone)
        if seen is None or brought is None or not _is_too_little(seen, brought.low):
            continue
        if any(_speaks(end, shorter, count_of, zone) for shorter in WINDOWS[:place]):
            return None
        return Silence(hours=hours, seen=seen, low=brought.low, high=brought.high)
    return None


def usual(end: datetime, hours: int, count_of: CountOf, zone: tzinfo) -> Usual | None:
    """Say what the hours before `end`, a whole one, usually bring; None where it is not known."""
    brought = [
        (count, FADES**week)
        for week in range(1, WEEKS + 1)
        if (count := _sum(_weeks_before(end, week, zone), hours, count_of)) is not None
    ]
    if len(brought) < ENOUGH_WEEKS:
        return None
    brought.sort()
    return Usual(
        low=_quantile(brought, LOW), middle=_quantile(brought, 0.5), high=_quantile(brought, HIGH)
    )


def _weeks_before(end: datetime, weeks: int, zone: tzinfo) -> datetime:
    """Give the same weekday and hour on the account's own clock, whatever summer time did."""
    here = end.astimezone(zone)
    then = (here.replace(tzinfo=None) - timedelta(weeks=weeks)).replace(tzinfo=zone)
    return then.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _sum(end: datetime, hours: int, count_of: CountOf) -> int | None:
    total = 0
    for begin in _hours_before(end, hours):
        count = count_of(begin)
        if count is None:
            return None
        total += count
    return total


def _hours_before(end: datetime, hours: int) -> Iterator[datetime]:
    return (end - number * HOUR for number in range(1, hours + 1))


def _quantile(weighed: Sequence[tuple[int, float]], part: float) -> int:
    """Give the smallest value that `part` of the weight does not exceed."""
    goal, reached = part * sum(weight for _, weight in weighed), 0.0
    for value, weight in weighed:
        reached += weight
        if reached >= goal:
            return value
    return weighed[-1][0]


def _is_too_little(seen: int, low: int) -> bool:
    return low > 0 and seen <= AT_MOST_PART * low and _chance(seen, low) < BY_CHANCE


def _chance(seen: int, mean: int) -> float:
    """How often chance alone brings `seen` or fewer where `mean` come (Poisson)."""
    return sum(
        math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        for count in range(seen + 1)
    )


def _speaks(end: datetime, hours: int, count_of: CountOf, zone: tzinfo) -> bool:
    seen, brought = _sum(end, hours, count_of), usual(end, hours, count_of, zone)
    middle = brought.middle if brought is not None else 0
    return seen is not None and seen >= max(SPEAKS_AT_LEAST, middle / 2)
