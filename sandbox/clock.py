"""Time as the sandbox plays it: the real clock, and delays stretched or shrunk by one factor."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Tells the time in epoch seconds and scales every delay the sandbox makes by itself.

    Brightpearl's window is such a delay: a bench may shorten the minute, and the headers say so.
    ShipHero's credits, the life of tokens and the vendors' 10 s webhook time limit are not scaled:
    they are facts a client can read off, and have switches of their own.
    """

    scale: float = 1.0
    now: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep

    def scaled(self, seconds: float) -> float:
        """Turn seconds of the played world into real ones."""
        return seconds * self.scale
