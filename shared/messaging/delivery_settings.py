"""Sizes and times of a consumer."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    """Sizes and times of a consumer; durations in seconds.

    `groups` are worked on side by side, each with its part of `units` vendor calls at once.
    `claim_lease` is for how long a dead process' events wait; a live one extends its claims.
    """

    batch: int = 100
    gather: float = 0.01
    idle: float = 0.25
    prefetch: int = 200
    groups: int = 8
    units: int = 32
    claim_lease: float = 120.0
    crash_limit: int = 3
    stop_grace: float = 10.0
