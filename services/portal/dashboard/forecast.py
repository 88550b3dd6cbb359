"""When the backlog will be done: at the pace of late, else by what the vendors allow; pure.

A pace is only known while there was always something to do: what came and went at once says how
much came, not how fast it goes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.budgets.shiphero_credits import USUAL
from shared.events import Queue

# So many must have been done before their pace is believed.
ENOUGH: Final = 20

# What one note takes: requests at Brightpearl, credits at ShipHero. Both ways together should need
# no more than 0.30 requests (design, "Vendor budgets"); a note is read, shipped and read again.
COSTS: Final[Mapping[str, Mapping[str, float]]] = {
    Queue.SHIPHERO_PUSH: {"brightpearl": 0.1, "shiphero": float(USUAL)},
    Queue.SHIPMENT_RETURN: {"brightpearl": 0.2, "shiphero": 3.0},
}


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What a vendor lets us take: so much at once, then so much a second, once it is open."""

    vendor: str
    at_once: float
    per_second: float
    opens_in: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many notes of a queue were done within so many seconds, while others waited."""

    done: int
    within: float

    @property
    def per_second(self) -> float:
        """The pace, 0.0 while too few were done to tell."""
        return self.done / self.within if self.done >= ENOUGH else 0.0


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """In how many seconds nothing waits any more; None when nobody can say. `why` is its ground."""

    seconds: float | None
    why: str


def forecast(
    backlog: Mapping[str, int], allowed: Sequence[Allowed], paces: Mapping[str, Pace]
) -> Forecast:
    """Estimate for notes that wait, by queue."""
    waiting = {queue: count for queue, count in backlog.items() if count}
    if not waiting:
        return Forecast(seconds=0.0, why="Nothing waits.")
    opens_in = max((one.opens_in for one in allowed), default=0.0)
    speeds = {queue: paces[queue].per_second for queue in waiting if queue in paces}
    if speeds.keys() == waiting.keys() and all(speeds.values()):
        # Both ways go on side by side.
        longest = max(count / speeds[queue] for queue, count in waiting.items())
        return Forecast(seconds=max(longest, opens_in), why="at the pace of the last minutes")
    return _by_allowance(waiting, allowed)


def _by_allowance(waiting: Mapping[str, int], allowed: Sequence[Allowed]) -> Forecast:
    needed = {one.vendor: _seconds(_units(waiting, one.vendor), one) for one in allowed}
    if not needed or None in needed.values():
        return Forecast(seconds=None, why="Nobody can say yet: a vendor allows nothing.")
    times = {vendor: seconds for vendor, seconds in needed.items() if seconds is not None}
    slowest = max(times, key=lambda vendor: times[vendor])
    return Forecast(seconds=times[slowest], why=slowest)


def _units(waiting: Mapping[str, int], vendor: str) -> float:
    return sum(count * COSTS.get(queue, {}).get(vendor, 0.0) for queue, count in waiting.items())


def _seconds(units: float, allowed: Allowed) -> float | None:
    lacking = max(0.0, units - allowed.at_once)
    if lacking and allowed.per_second <= 0:
        return None
    return allowed.opens_in + (lacking / allowed.per_second if lacking else 0.0)
