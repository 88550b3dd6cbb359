"""What the two vendors' ways of counting have in common; pure, times in seconds since 1970."""

from dataclasses import dataclass
from typing import Protocol, Self

from shared.events import Lane
from shared.vendors.calls import Call

LONGEST_CALL = 30.0  # seconds within which a vendor has counted a request, or never will
LONGEST_LAPSE = 60.0  # seconds after which a request that was never answered counts no more
SHORTEST_WAIT = 0.05
COMES_BACK_WITHIN = 3.0  # seconds after its time that put off work is asking again


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an answer told about the budget; the vendor counted between `started` and `ended`.

    `left`, `most`, `resets_in`, `refill` and `cost` are those of `shared.vendors.calls.Budget`.
    """

    started: float
    ended: float
    left: int | None = None
    most: int | None = None
    resets_in: float | None = None
    refill: float | None = None
    cost: int | None = None
    refused: bool = False


class Counting(Protocol):
    """One account's budget at one vendor: a value; each step gives the next one.

    `share` is our part of what the vendor allows, in percent. A key names one request.
    """

    @property
    def share(self) -> int:
        """Our part, in percent."""

    @property
    def behind(self) -> float:
        """For how many seconds backfill lets live work that was put off go first."""

    def swept(self, *, now: float, share: int) -> Self:
        """Forget what no longer counts."""

    def wait(self, cost: int, *, lane: Lane, now: float) -> float:
        """Say in how many seconds to ask again; 0.0 when `cost` fits now."""

    def room(self, *, lane: Lane, now: float) -> int:
        """Say how many usual requests fit now."""

    def closed_for(self, *, lane: Lane, now: float) -> float:
        """Say for how many seconds new work should not begin; 0.0 when it may."""

    def reserved(self, key: str, cost: int, *, now: float) -> Self:
        """Set `cost` aside."""

    def put_off(self, cost: int, *, lane: Lane, until: float) -> Self:
        """Remember that a request was told to ask again at `until`."""

    def answered(self, key: str, told: Told) -> Self:
        """Book what the request took."""


def told_by(call: Call, *, ended: float) -> Told:
    """Take what a call tells, on the clock of `ended`."""
    budget = call.budget
    return Told(
        started=ended - call.seconds,
        ended=ended,
        left=budget.left,
        most=budget.most,
        resets_in=budget.resets_in,
        refill=budget.refill,
        cost=budget.cost,
        refused=budget.refused,
    )


def set_aside_for_live(part: float) -> int:
    """Say how much of our part backfill leaves alone: 2 %, three where that is little."""
    return int(max(part / 50, min(3, part // 10)))


def slower(slowest: float, seconds: float) -> float:
    """Follow how long an answer takes: up at once, down slowly."""
    return max(seconds, 0.9 * slowest + 0.1 * seconds)
