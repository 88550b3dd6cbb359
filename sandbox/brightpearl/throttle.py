"""Brightpearl's budget: so many requests in fixed windows, failed ones counted (section 4)."""

import math
import threading
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.switches import SwitchBoard

TOO_MANY = "You have sent too many requests. Please wait before sending another request"


@dataclass(frozen=True)
class Standing:
    """What the headers say after a request was counted."""

    allowed: bool
    remaining: int
    next_period_ms: int


class Throttle:
    """Counts per pool; all private apps of an account share one pool."""

    def __init__(self, clock: Clock, switches: SwitchBoard) -> None:
        self._clock = clock
        self._switches = switches
        self._lock = threading.Lock()
        self._counted: dict[str, tuple[int, int]] = {}

    def count(self, pool: str) -> Standing:
        """Count one request of a pool in the window that is open now."""
        now, switches = self._clock.now(), self._switches.now
        window = math.floor(now / switches.throttle_window)
        with self._lock:
            at, used = self._counted.get(pool, (window, 0))
            used = used + 1 if at == window else 1
            self._counted[pool] = (window, used)
        left = (window + 1) * switches.throttle_window - now
        return Standing(
            allowed=used <= switches.throttle_limit,
            remaining=max(0, switches.throttle_limit - used),
            next_period_ms=max(1, round(left * 1000)),
        )

    def reset(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._counted.clear()
