"""Model vendors that only count, as the contracts say; times in seconds, virtual."""

from collections import Counter
from dataclasses import dataclass, field
from math import floor


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the vendor says of one request that it counted."""

    left: int
    refused: bool = False
    resets_in: float | None = None
    most: int | None = None
    refill: float | None = None
    cost: int | None = None


@dataclass
class CountingBrightpearl:
    """Fixed windows, begun at a moment that nobody is told; refused calls count (contract §4)."""

    limit: int = 200
    period: float = 60.0
    begun: float = 0.0
    ours: Counter[int] = field(default_factory=Counter)
    all: Counter[int] = field(default_factory=Counter)
    refused: int = 0

    def window(self, at: float) -> int:
        """Tell the number of the open window."""
        return floor((at - self.begun) / self.period)

    def count(self, at: float, *, is_ours: bool = True) -> Counted:
        """Count one request, and tell what the headers of its answer say."""
        window = self.window(at)
        self.all[window] += 1
        self.ours[window] += is_ours
        refused = self.all[window] > self.limit
        self.refused += refused and is_ours
        ends = self.begun + (window + 1) * self.period
        return Counted(
            left=max(0, self.limit - self.all[window]),
            refused=refused,
            resets_in=max(1, round((ends - at) * 1000)) / 1000,
        )


@dataclass
class CountingShipHero:
    """A bucket that fills by the second; nothing runs that it has too little for (contract §3)."""

    most: int = 1001
    refill: float = 15.0
    held: float = 1001.0
    seen_at: float = 0.0
    lowest: float = 1001.0
    spent: float = 0.0
    refused: int = 0

    def take(self, at: float, *, needed: int, cost: int, is_ours: bool = True) -> Counted:
        """Run what `needed` is estimated for and charge its `cost`, or refuse it."""
        self.held = min(float(self.most), self.held + (at - self.seen_at) * self.refill)
        self.seen_at = at
        refused = needed > self.held
        if refused:
            self.refused += is_ours
        else:
            self.held -= cost
            self.spent += cost * is_ours
            self.lowest = min(self.lowest, self.held)
        return Counted(
            left=floor(self.held),
            most=self.most,
            refill=self.refill,
            cost=None if refused else cost,
            refused=refused,
            resets_in=(needed - self.held) / self.refill if refused else None,
        )
