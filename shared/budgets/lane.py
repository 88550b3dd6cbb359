"""On whose behalf a vendor is called right now: live work, or backfill that yields to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.events import Lane

_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.LIVE)


@contextmanager
def spending_as(lane: Lane) -> Iterator[None]:
    """Book every call made inside on `lane`; a thread needs a copy of this context."""
    reset = _lane.set(lane)
    try:
        yield
    finally:
        _lane.reset(reset)


def present_lane() -> Lane:
    """Say on which lane calls are booked just now."""
    return _lane.get()
