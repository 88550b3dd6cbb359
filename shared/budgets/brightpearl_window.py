"""Brightpearl's budget: so many requests in a fixed window (contract §4); pure.

A request is counted somewhere between its start and its answer, so the window's end is known as
an interval as wide as the call took: that is the guard band. What is not answered counts in
every window it can fall into: sent just before the edge it may be counted after it.
"""

from math import floor
from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.budgets.counting import (
    COMES_BACK_WITHIN,
    LONGEST_CALL,
    SHORTEST_WAIT,
    Told,
    set_aside_for_live,
    slower,
)
from shared.events import Lane

LIMIT = 200  # requests in a window, for everyone who was granted no more
PERIOD = 60.0  # seconds, until windows are seen to follow each other faster
CAREFUL = 8  # requests under way before anything was told
CLOCKS_APART = 1.5  # seconds by which two processes' clocks may differ


class BrightpearlWindow(BaseModel):
    """The window we know last, and our requests under way.

    It ends between `ends_from` and `ends_by`; `counted` are ours in it, `left` the least that an
    answer told. `expected` is what the window before had for us in all. `unsure` are requests
    that ended without telling which window counted them, and when.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    share: int = 95
    limit: int = LIMIT
    period: float = PERIOD
    slowest: float = 0.5
    ends_from: float | None = None
    ends_by: float | None = None
    over: bool = False
    counted: int = 0
    left: int | None = None
    expected: int | None = None
    shut_until: float = 0.0
    under_way: dict[str, float] = {}
    unsure: dict[str, float] = {}

    @property
    def part(self) -> int:
        """How many requests of a window are ours."""
        return floor(self.limit * self.share / 100)

    @property
    def behind(self) -> float:
        """For how many seconds backfill lets live work that was put off go first."""
        return min(COMES_BACK_WITHIN, self.period / 20)

    @property
    def _apart(self) -> float:
        return min(CLOCKS_APART, self.period / 5)

    @property
    def _lapse(self) -> float:
        """For how long after its end a request may be counted in a window that is still open."""
        return self.period + self._apart

    def swept(self, *, now: float, share: int) -> Self:
        """Drop requests that were never answered, and a window that is surely over."""
        alive = {k: at for k, at in self.under_way.items() if now - at < LONGEST_CALL + self._lapse}
        unsure = {key: at for key, at in self.unsure.items() if now - at < self._lapse}
        kept = {"under_way": alive, "unsure": unsure, "share": share}
        swept = self.model_copy(update=kept)
        if self.ends_by is None or self.over or now < self.ends_by + self._apart:
            return swept
        return swept.model_copy(update={"over": True, **self._fresh()})

    def wait(self, cost: int, *, lane: Lane, now: float) -> float:
        """Say in how many seconds to ask again; 0.0 when `cost` requests fit now."""
        if now < self.shut_until:
            return self.shut_until - now
        if self.room(lane=lane, now=now) >= cost:
            return 0.0
        return max(SHORTEST_WAIT, self._next_chance(now) - now)

    def room(self, *, lane: Lane, now: float) -> int:
        """Say how many requests fit now."""
        if now < self.shut_until:
            return 0
        most = self.part - self.counted
        if self.left is not None:
            most = min(most, self.left)
        elif self.expected is None:
            most = min(most, CAREFUL)
        else:
            # Nothing told yet in this window: others take as much as in the one before.
            most = min(most, max(CAREFUL, self.expected))
        kept = set_aside_for_live(self.part) if lane is Lane.BACKFILL else 0
        return max(0, most - len(self.under_way) - len(self.unsure) - kept)

    def closed_for(self, *, lane: Lane, now: float) -> float:
        """Say for how many seconds new work should not begin."""
        return self.wait(1, lane=lane, now=now)

    def reserved(self, key: str, cost: int, *, now: float) -> Self:
        """Set requests aside; one key each."""
        keys = [key, *(f"{key}.{number}" for number in range(1, cost))]
        under_way = {**self.under_way, **dict.fromkeys(keys, now)}
        return self.model_copy(update={"under_way": under_way})

    def put_off(self, _cost: int, *, lane: Lane, until: float) -> Self:  # noqa: ARG002
        """Change nothing: requests are alike, and a new window has room for all at once."""
        return self

    def answered(self, key: str, told: Told) -> Self:
        """Book an answer to the window it tells of.

        One that tells nothing, or is too slow to say which window counted it, counts until no
        open window can be its.
        """
        seen = self.model_copy(update={"slowest": slower(self.slowest, told.ended - told.started)})
        if told.refused:
            seen = seen._refused(told)
        under_way = {one: at for one, at in seen.under_way.items() if one != key}
        seen = seen.model_copy(update={"under_way": under_way})
        sure = None if told.left is None or told.resets_in is None else seen._booked(told)
        if sure is None:
            return seen.model_copy(update={"unsure": {**seen.unsure, key: told.ended}})
        assert told.left is not None
        # This request took one of them: there were at least so many (a raised limit, §4).
        limit = sure.limit if told.refused else max(sure.limit, told.left + 1)
        return sure.model_copy(update={"limit": limit})

    def _booked(self, told: Told) -> Self | None:
        """Give the state with the answer counted where it belongs, None when nobody can say."""
        assert told.resets_in is not None
        earliest, latest = told.started + told.resets_in, told.ended + told.resets_in
        period = max(self.period, told.resets_in)
        here = self.model_copy(update={"period": period})
        if self.ends_from is None or self.ends_by is None:
            return here._opened(earliest, latest, told)
        if latest + self._apart < self.ends_from:
            return here
        if earliest - self._apart > self.ends_by:
            gap = max(latest - self.ends_from, told.resets_in)
            here = here.model_copy(update={"period": min(period, gap)})
            return here._opened(earliest, latest, told)
        if latest - earliest + 2 * self._apart >= self.period:
            return None
        return here if self.over else here._counted(earliest, latest, told)

    def _opened(self, earliest: float, latest: float, told: Told) -> Self:
        fresh = {} if self.over else self._fresh()
        ends = {"ends_from": earliest, "ends_by": latest, "over": False}
        told_now = {"counted": 1, "left": told.left}
        opened = earliest - self.period - 2 * self._apart
        unsure = {key: at for key, at in self.unsure.items() if at > opened}
        return self.model_copy(update={**fresh, **ends, **told_now, "unsure": unsure})

    def _counted(self, earliest: float, latest: float, told: Told) -> Self:
        assert self.ends_from is not None
        assert self.ends_by is not None
        assert told.left is not None
        by = min(self.ends_by, latest)
        left = told.left if self.left is None else min(self.left, told.left)
        return self.model_copy(
            update={
                # Clocks that differ may tell an end after the latest one: never inside out.
                "ends_from": min(max(self.ends_from, earliest), by),
                "ends_by": by,
                "counted": self.counted + 1,
                "left": left,
            }
        )

    def _refused(self, told: Told) -> Self:
        shut = told.ended + (self.period if told.resets_in is None else told.resets_in)
        return self.model_copy(
            update={"limit": LIMIT, "shut_until": max(self.shut_until, shut + self._apart)}
        )

    def _fresh(self) -> dict[str, int | None]:
        expected = self.expected if self.left is None else self.left + self.counted
        return {"counted": 0, "left": None, "expected": expected}

    def _next_chance(self, now: float) -> float:
        """Say when there may be room: a new window, or requests that lapse."""
        lapses = [at + LONGEST_CALL + self._lapse for at in self.under_way.values()]
        lapses += [at + self._lapse for at in self.unsure.values()]
        if self.ends_by is None or self.over:
            slow = now + self.slowest
            is_young = any(now - at < 2 * self.slowest for at in self.under_way.values())
            return slow if is_young or not lapses else min(lapses)
        return min([self.ends_by + self._apart, *lapses])
