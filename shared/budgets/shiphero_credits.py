"""ShipHero's budget: a bucket of credits that fills by the second (contract §3); pure.

What an answer told is taken less everything that it may not have seen yet: requests under way, at
their estimates, and requests answered since it was asked.
"""

from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.budgets.counting import LONGEST_LAPSE, SHORTEST_WAIT, Told, set_aside_for_live
from shared.events import Lane

# The smallest bucket seen, until an answer tells of this account's own.
MOST, REFILL = 1001, 15.0
USUAL = 12  # credits that making an order takes, as far as is known
# New work begins again when there is enough for so many orders: one by one would be a churn.
WORTH_BEGINNING = 15


class UnderWay(BaseModel):
    """A request that was not answered yet."""

    model_config = ConfigDict(frozen=True)

    cost: int
    at: float


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

    @property
    def part(self) -> int:
        """How much of a full bucket is ours."""
        return self.most * self.share // 100

    def swept(self, *, now: float, share: int) -> Self:
        """Drop requests that were never answered."""
        alive = {key: one for key, one in self.under_way.items() if now - one.at < LONGEST_LAPSE}
        lately = tuple(one for one in self.answered_lately if now - one[0] < LONGEST_LAPSE)
        return self.model_copy(
            update={"under_way": alive, "share": share, "answered_lately": lately}
        )

    def wait(self, cost: int, *, lane: Lane, now: float) -> float:
        """Say in how many seconds to ask again; 0.0 when `cost` fits now."""
        if now < self.shut_until:
            return self.shut_until - now
        # What is dearer than our part goes when the bucket is as full as it may get.
        lacking = min(cost, self.part - self._kept(lane)) - self._free(lane, now)
        return max(SHORTEST_WAIT, lacking / self.refill) if lacking > 0 else 0.0

    def room(self, *, lane: Lane, now: float) -> int:
        """Say how many orders fit now."""
        return 0 if now < self.shut_until else max(0, int(self._free(lane, now) // USUAL))

    def closed_for(self, *, lane: Lane, now: float) -> float:
        """Say for how many seconds new work should not begin."""
        return self.wait(USUAL * WORTH_BEGINNING, lane=lane, now=now)

    def reserved(self, key: str, cost: int, *, now: float) -> Self:
        """Set the estimate aside."""
        return self.model_copy(
            update={"under_way": {**self.under_way, key: UnderWay(cost=cost, at=now)}}
        )

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
            level = min(level, self._level(told.ended))  # an older answer only ever lowers
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
        level = self._level(told.ended) - cost
        return self.model_copy(update={"left": level, "left_at": told.ended})._remembering(
            cost, told
        )

    def _remembering(self, cost: int, told: Told) -> Self:
        lately = (*self.answered_lately, (told.ended, cost))[-200:]
        return self.model_copy(update={"answered_lately": lately})

    def _level(self, now: float) -> float:
        since = 0.0 if self.left_at is None else max(0.0, now - self.left_at)
        return min(float(self.most), self.left + since * self.refill)

    def _free(self, lane: Lane, now: float) -> float:
        spoken_for = sum(one.cost for one in self.under_way.values())
        reserve = self.most - self.part
        return self._level(now) - spoken_for - reserve - self._kept(lane)

    def _kept(self, lane: Lane) -> int:
        return set_aside_for_live(self.part) if lane is Lane.BACKFILL else 0
