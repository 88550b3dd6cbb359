"""ShipHero's budget: a bucket of credits that fills by the second (contract §3); pure.

What an answer told is taken less everything that it may not have seen yet: requests under way, at
their estimates, and requests answered since it was asked.
"""

from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.budgets.counting import (
    COMES_BACK_WITHIN,
    LONGEST_LAPSE,
    SHORTEST_WAIT,
    Told,
    set_aside_for_live,
)
from shared.events import Lane

# The smallest bucket seen, until an answer tells of this account's own.
MOST, REFILL = 1001, 15.0
USUAL = 12  # credits that making an order takes, as far as is known
A_MOMENT = 1.0  # seconds in which most calls are answered
A_LOOK = 5.0  # seconds that the first of all calls is waited for
# New work begins again when there is enough for so many orders: one by one would be a churn.
WORTH_BEGINNING = 15


class UnderWay(BaseModel):
    """A request that was not answered yet."""

    model_config = ConfigDict(frozen=True)

    cost: int
    at: float


class PutOff(BaseModel):
    """A dear request that was told to come back: cheaper ones of its lane save for it."""

    model_config = ConfigDict(frozen=True)

    cost: int
    lane: Lane
    until: float


class ShipHeroCredits(BaseModel):
    """The bucket as told last, and our requests under way."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    share: int = 90
    most: int = MOST
    refill: float = REFILL
    left: float = float(MOST)
    left_at: float | None = None
    asked_at: float = 0.0
    shut_until: float = 0.0
    under_way: dict[str, UnderWay] = {}
    # Answered lately, oldest first: when, and what it took.
    answered_lately: tuple[tuple[float, int], ...] = ()
    saved_for: PutOff | None = None
    # Then cheaper requests have their turn before the next is saved for.
    save_from: float = 0.0

    @property
    def behind(self) -> float:
        """For how many seconds backfill lets live work that was put off go first."""
        return COMES_BACK_WITHIN

    @property
    def part(self) -> int:
        """How much of a full bucket is ours."""
        return self.most * self.share // 100

    def swept(self, *, now: float, share: int) -> Self:
        """Drop requests that were never answered."""
        alive = {key: one for key, one in self.under_way.items() if now - one.at < LONGEST_LAPSE}
        lately = tuple(one for one in self.answered_lately if now - one[0] < LONGEST_LAPSE)
        put_off = self.saved_for
        if put_off is not None and now >= put_off.until:
            put_off = None
        kept = {"under_way": alive, "answered_lately": lately, "saved_for": put_off}
        return self.model_copy(update={**kept, "share": share})

    def wait(self, cost: int, *, lane: Lane, now: float) -> float:
        """Say in how many seconds to ask again; 0.0 when `cost` fits now."""
        if now < self.shut_until:
            return self.shut_until - now
        if self.left_at is None and any(now - one.at < A_LOOK for one in self.under_way.values()):
            return A_MOMENT  # nobody knows yet what the bucket holds: one looks first
        return self._wait(cost + self._saved(cost, lane, now), lane=lane, now=now)

    def room(self, *, lane: Lane, now: float) -> int:
        """Say how many orders fit now."""
        return 0 if now < self.shut_until else max(0, int(self._free(lane, now) // USUAL))

    def closed_for(self, *, lane: Lane, now: float) -> float:
        """Say for how many seconds new work should not begin."""
        if now < self.shut_until:
            return self.shut_until - now
        return self._wait(USUAL * WORTH_BEGINNING, lane=lane, now=now)

    def reserved(self, key: str, cost: int, *, now: float) -> Self:
        """Set the estimate aside."""
        under_way = {**self.under_way, key: UnderWay(cost=cost, at=now)}
        reserved = self.model_copy(update={"under_way": under_way})
        if self.saved_for is None or cost < self.saved_for.cost:
            return reserved
        turn = now + USUAL * WORTH_BEGINNING / self.refill
        return reserved.model_copy(update={"saved_for": None, "save_from": turn})

    def put_off(self, cost: int, *, lane: Lane, until: float) -> Self:
        """Save for a dear request: while cheaper ones take all that comes, it would never fit."""
        known, back_by = self.saved_for, until + COMES_BACK_WITHIN
        is_outranked = known is not None and known.lane is Lane.LIVE and lane is Lane.BACKFILL
        if cost <= USUAL or is_outranked:
            return self
        if known is not None and known.lane is lane and known.cost > cost:
            return self
        return self.model_copy(update={"saved_for": PutOff(cost=cost, lane=lane, until=back_by)})

    def answered(self, key: str, told: Told) -> Self:
        """Take what the bucket holds from the latest answer, and give the estimate back."""
        mine = self.under_way.get(key)
        seen = self.model_copy(
            update={
                "under_way": {one: its for one, its in self.under_way.items() if one != key},
                "most": told.most or self.most,
                "refill": told.refill or self.refill,
            }
        )
        if told.refused:
            shut = told.ended + max(told.resets_in or 1.0, SHORTEST_WAIT)
            seen = seen.model_copy(update={"shut_until": max(self.shut_until, shut)})
        if told.left is None:
            # No answer, or one without figures: it may have cost what was estimated.
            spent = 0 if mine is None or told.refused else mine.cost
            return seen._spent(spent, told)
        cost = told.cost if told.cost is not None else mine.cost if mine else 0
        since = sum(took for at, took in self.answered_lately if at > told.started)
        level = float(told.left - since)
        if told.started < self.asked_at:
            level = min(level, self.level(told.ended))  # an older answer only ever lowers
        return seen._with_level(level, told)._remembering(cost, told)

    def _with_level(self, level: float, told: Told) -> Self:
        return self.model_copy(
            update={
                "left": level,
                "left_at": told.ended,
                "asked_at": max(self.asked_at, told.started),
            }
        )

    def _spent(self, cost: int, told: Told) -> Self:
        level = self.level(told.ended) - cost
        seen_at = None if self.left_at is None else told.ended
        return self.model_copy(update={"left": level, "left_at": seen_at})._remembering(cost, told)

    def _remembering(self, cost: int, told: Told) -> Self:
        lately = (*self.answered_lately, (told.ended, cost))[-200:]
        return self.model_copy(update={"answered_lately": lately})

    def level(self, now: float) -> float:
        """Say how many credits the bucket holds by now."""
        since = 0.0 if self.left_at is None else max(0.0, now - self.left_at)
        return min(float(self.most), self.left + since * self.refill)

    @property
    def _spoken_for(self) -> int:
        return sum(one.cost for one in self.under_way.values())

    def _free(self, lane: Lane, now: float) -> float:
        reserve = self.most - self.part
        return self.level(now) - self._spoken_for - reserve - self._kept(lane)

    def _wait(self, cost: int, *, lane: Lane, now: float) -> float:
        # What is dearer than our part goes when the bucket is as full as it may get.
        lacking = min(cost, self.part - self._kept(lane)) - self._free(lane, now)
        if lacking <= 0:
            return 0.0
        # What is under way may give back most of its estimate, and does so in a moment.
        surely = (lacking - self._spoken_for) / self.refill
        return max(SHORTEST_WAIT, surely, min(lacking / self.refill, A_MOMENT))

    def _saved(self, cost: int, lane: Lane, now: float) -> int:
        """Say how much is left alone for a dearer request of the same lane."""
        known = self.saved_for
        if known is None or now < self.save_from or known.lane is not lane or cost >= known.cost:
            return 0
        return known.cost

    def _kept(self, lane: Lane) -> int:
        return set_aside_for_live(self.part) if lane is Lane.BACKFILL else 0
