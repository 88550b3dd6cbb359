"""Several processes that share one budget, in virtual time: every step comes from a seed."""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import count
from uuid import UUID

from shared.budgets.book import COUNTINGS, Budget, reserve_in, spend_in
from shared.budgets.counting import Told
from shared.db.vendor_tables import VendorBudget
from shared.events import Lane
from tests.builders import MORNING
from tests.unit.budgets.vendors_counting import Counted

BEGUN = 1_790_000_000.0
GIVEN_UP_AFTER = 25.0  # seconds, the longest vendor call


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How the calls of a run go; chances are of each call, times in seconds.

    `apart` is by how much two processes' clocks differ at most.
    """

    seed: int = 0
    processes: int = 3
    threads: int = 16
    fastest: float = 0.1
    slowest: float = 1.0
    apart: float = 1.0
    slow: float = 0.0
    lost: float = 0.0
    silent: float = 0.0
    dying: float = 0.0
    backfill: float = 0.0
    looks_every: float = 0.3


class Shared:
    """One account's budget in its row: read, changed by one step and written."""

    def __init__(self, vendor: str, share: int) -> None:
        """`share` is our part, in percent."""
        self.share, self.kind = share, COUNTINGS[vendor]
        self.row = VendorBudget(account_id=UUID(int=1), vendor=vendor, changed_at=MORNING)

    def now(self, at: float) -> Budget:
        """Read it as it is at a moment."""
        return self.kind.model_validate(self.row.state).swept(now=at, share=self.share)

    def reserve(self, key: str, cost: int, lane: Lane, at: float) -> float:
        """Set `cost` aside and give 0.0, or give the moment at which to come back."""
        return reserve_in(self.row, self.now(at), key=key, cost=cost, lane=lane, now=at)

    def spent(self, key: str, told: Told) -> None:
        """Book an answer."""
        spend_in(self.row, self.now(told.ended), key=key, told=told)


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a call is estimated at and what it then takes."""

    needed: int = 1
    cost: int = 1


Vendor = Callable[[float, Price], Counted]


class Simulation:
    """A backlog that never ends, worked off by all threads of all processes."""

    def __init__(
        self,
        vendor: Vendor,
        budget: Shared,
        weather: Weather,
        price: Callable[[random.Random], Price] = lambda _dice: Price(),
    ) -> None:
        self.vendor, self.budget, self.weather, self.price = vendor, budget, weather, price
        self.dice = random.Random(weather.seed)
        self.calls: Counter[Lane] = Counter()
        self._numbers = count()
        self._steps: list[tuple[float, int, Callable[[float], None]]] = []
        apart = weather.apart / 2
        self._clocks = [self.dice.uniform(-apart, apart) for _ in range(weather.processes)]

    def at(self, moment: float, step: Callable[[float], None]) -> None:
        """Let a step happen at a moment, in seconds since the run began."""
        heapq.heappush(self._steps, (moment, next(self._numbers), step))

    def run(self, until: float) -> None:
        """Let time pass."""
        for process in range(self.weather.processes):
            for _ in range(self.weather.threads):
                self.at(self.dice.uniform(0, 1), self._thread(process))
        self.go_on(until)

    def go_on(self, until: float) -> None:
        """Take the steps that were laid down, and those that follow from them."""
        while self._steps and self._steps[0][0] < until:
            moment, _, step = heapq.heappop(self._steps)
            step(moment)

    def ask_once(self, key: str, price: Price, lane: Lane, at: float) -> float:
        """Make one call beside the backlog's, or give the moment at which to come back."""
        call = _Call(process=0, key=key, price=price, begun=at, goes_on=False)
        return self._ask(call, lane)

    def _thread(self, process: int) -> Callable[[float], None]:
        is_backfill = self.dice.random() < self.weather.backfill
        lane = Lane.BACKFILL if is_backfill else Lane.LIVE
        price = self.price(self.dice)

        def ask(at: float) -> None:
            key = str(next(self._numbers))
            again = self._ask(_Call(process=process, key=key, price=price, begun=at), lane)
            if again:
                self.at(again + self.dice.uniform(0, self.weather.looks_every), ask)

        return ask

    def _ask(self, call: "_Call", lane: Lane) -> float:
        now = self._clock(call, call.begun)
        until = self.budget.reserve(call.key, call.price.needed, lane, now)
        if until:
            return until - now + call.begun
        self.calls[lane] += 1
        self._send(call)
        return 0.0

    def _send(self, call: "_Call") -> None:
        weather, dice = self.weather, self.dice
        seconds = dice.uniform(weather.fastest, weather.slowest)
        if dice.random() < weather.slow:
            seconds = dice.uniform(weather.slowest, GIVEN_UP_AFTER - 1)
        fate = next(self._fates(), "")
        arrives = call.begun + seconds * dice.random()
        ends = call.begun + (GIVEN_UP_AFTER if fate == "lost" else seconds)

        def arrive(at: float) -> None:
            counted = self.vendor(at, call.price)
            self.at(ends, lambda at: self._end(call, at, fate, counted))

        self.at(arrives, arrive)

    def _fates(self) -> Iterator[str]:
        for fate in ("lost", "silent", "dying"):
            if self.dice.random() < getattr(self.weather, fate):
                yield fate

    def _end(self, call: "_Call", at: float, fate: str, counted: Counted) -> None:
        told = Told(started=self._clock(call, call.begun), ended=self._clock(call, at))
        if fate not in {"lost", "silent"}:
            told = replace(told, **asdict(counted))
        if fate != "dying":
            self.budget.spent(call.key, told)
        if call.goes_on:
            self.at(at, self._thread(call.process))

    def _clock(self, call: "_Call", at: float) -> float:
        return BEGUN + at + self._clocks[call.process]


@dataclass(frozen=True, kw_only=True)
class _Call:
    process: int
    key: str
    price: Price
    begun: float
    goes_on: bool = True
