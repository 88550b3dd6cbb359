"""Where time comes from, so that tests can own it, and how long our own delays are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Read the machine's clock, zoned UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pace:
    """Stretches or shrinks every delay of the product by one factor (`TIME_SCALE`).

    With 0.01 a retry after five minutes comes after three seconds. Deadlines of vendor calls and
    leases are not delays and keep their length.
    """

    scale: float = 1.0

    def after(self, seconds: float) -> timedelta:
        """Give the pause that `seconds` stand for."""
        return timedelta(seconds=seconds * self.scale)
