"""The credits of each account, and how error 30 refuses who has too few (contract section 3)."""

import math
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from sandbox.shiphero.faults import CREDITS, Refused
from sandbox.world import World

_START = (
    "There are not enough credits to perform the requested operation, which requires {} credits"
)


@dataclass(frozen=True)
class Limits:
    """How large a bucket is and how fast it fills."""

    most: int
    rate: float


class Bucket:
    """The credits of one account, refilled by the second and shared by all who use it."""

    def __init__(self, world: World, account: int) -> None:
        self._world = world
        self._account = account
        self._lock = threading.Lock()
        self._spent = 0.0
        self._at = world.clock.now()
        self._requests: deque[float] = deque()

    @property
    def limits(self) -> Limits:
        """What the account has bought, else what the switches say."""
        own = self._world.store.get("sh_account", self._account) or {}
        switches = self._world.switches.now
        return Limits(
            most=int(own.get("credits_max") or switches.credits_max),
            rate=float(own.get("credits_per_second") or switches.credits_per_second),
        )

    def left(self) -> int:
        """Tell how many credits there are now."""
        limits = self.limits
        with self._lock:
            self._refill(limits)
            return int(limits.most - self._spent)

    def check(self, complexity: int) -> None:
        """Raise error 30, the structural or the waiting one, when the estimate does not fit."""
        if complexity > self.limits.most:
            raise self.structural(complexity)
        if complexity > self.left():
            raise self.waiting(complexity)

    def structural(self, complexity: int) -> Refused:
        """Build the refusal of what can never fit, in its recorded words."""
        most = self.limits.most
        message = (
            f"{_START.format(complexity)}, "
            f"The max allowed for your account is {most} credits per operation. "
        )
        return Refused(message, CREDITS, **_numbers(complexity, self.left()), time_remaining="0")

    def waiting(
        self, complexity: int, *, left: int | None = None, wait: int | None = None
    ) -> Refused:
        """Build the refusal of what will fit later, in its recorded words."""
        left = self.left() if left is None else left
        if wait is None:
            wait = max(1, math.ceil((complexity - left) / max(self.limits.rate, 0.001)))
        message = (
            f"{_START.format(complexity)}, but there are only {left} left. "
            f"In {wait} seconds you will have enough credits to perform the operation"
        )
        told = _wait_as(self._world.switches.now.time_remaining_as, wait)
        return Refused(message, CREDITS, **_numbers(complexity, left), **told)

    def spend(self, cost: int) -> None:
        """Take the price of what ran, here or in another app."""
        limits = self.limits
        with self._lock:
            self._refill(limits)
            self._spent += cost

    def takes_one_more(self) -> bool:
        """Count a request against the hard cap; above it nothing is run or charged."""
        switches, now = self._world.switches.now, self._world.clock.now()
        with self._lock:
            while self._requests and self._requests[0] <= now - switches.request_cap_window:
                self._requests.popleft()
            if len(self._requests) >= switches.request_cap:
                return False
            self._requests.append(now)
            return True

    def quota(self) -> dict[str, int]:
        """Write `user_quota`."""
        limits = self.limits
        return {
            "credits_remaining": self.left(),
            "max_available": limits.most,
            "increment_rate": int(limits.rate),
        }

    def _refill(self, limits: Limits) -> None:
        now = self._world.clock.now()
        rate = limits.rate - self._world.switches.now.other_app_credits_per_second
        refilled = (now - self._at) * rate
        self._spent, self._at = min(max(0.0, self._spent - refilled), limits.most), now


class Buckets:
    """One bucket for each account that calls."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._buckets: dict[int, Bucket] = {}

    def of(self, account: int) -> Bucket:
        """Give the bucket of an account."""
        with self._lock:
            if account not in self._buckets:
                self._buckets[account] = Bucket(self._world, account)
            return self._buckets[account]

    def reset(self) -> None:
        """Fill every bucket and forget every request."""
        with self._lock:
            self._buckets.clear()


def _numbers(complexity: int, left: int) -> dict[str, int]:
    return {"required_credits": complexity, "remaining_credits": left}


def _wait_as(form: str, wait: int) -> dict[str, Any]:
    """Write `time_remaining`; its text differs between accounts."""
    texts: dict[str, dict[str, Any]] = defaultdict(dict)
    texts["seconds"] = {"time_remaining": f"{wait} seconds"}
    texts["minutes"] = {"time_remaining": f"{math.ceil(wait / 60)} minutes"}
    texts["number"] = {"time_remaining": wait}
    texts["empty"] = {"time_remaining": ""}
    return texts[form]
