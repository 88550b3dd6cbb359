"""Brightpearl's budget: so many requests in fixed windows, failed ones counted (section 4)."""

import math
import threading
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.switches import SwitchBoard

TOO_MANY = "You have sent too many requests. Please wait before sending another request"
SHORTEST_WINDOW = 0.001  # seconds; the time scale may be 0
PRIVATE_POOL = "private apps"


@dataclass(frozen=True)
class Standing:
    """What the headers say after a request was counted; `window` is when it began."""

    allowed: bool
    remaining: int
    next_period_ms: int
    window: float


class Throttle:
    """Counts per pool: all private apps of an account share one, an OAuth app has its own."""

    def __init__(self, clock: Clock, switches: SwitchBoard) -> None:
        self._clock = clock
        self._switches = switches
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str], tuple[int, int]] = {}

    def count(self, account: str, pool: str, requests: int = 1) -> Standing:
        """Count requests of a pool in the window that is open now."""
        now, switches = self._clock.now(), self._switches.of(account)
        length = max(SHORTEST_WINDOW, self._clock.scaled(switches.throttle_window))
        window = math.floor(now / length)
        with self._lock:
            at, used = self._counted.get((account, pool), (window, 0))
            used = used + requests if at == window else requests
            self._counted[account, pool] = (window, used)
        limit = self._limit(account, pool)
        return Standing(
            allowed=used <= limit,
            remaining=max(0, limit - used),
            next_period_ms=max(1, round(((window + 1) * length - now) * 1000)),
            window=window * length,
        )

    def reset(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._counted.clear()

    def _limit(self, account: str, pool: str) -> int:
        switches = self._switches.of(account)
        is_own = pool.startswith("oauth")
        return (switches.flexible_limit if is_own else 0) or switches.throttle_limit
