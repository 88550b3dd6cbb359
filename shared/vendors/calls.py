"""A record of every request made to a vendor, for attempt rows, budgets and metrics."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.vendors.captured import Exchange


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a vendor said it still lets one account do; None where it said nothing.

    `left` and `most` are requests at Brightpearl and credits at ShipHero, `resets_in` seconds
    until the window opens anew, `refill` credits a second, `cost` what this very call took.
    `refused`: this very request was turned away because too much was asked; `resets_in` is then
    the wait as told.
    """

    left: int | None = None
    most: int | None = None
    resets_in: float | None = None
    refill: int | None = None
    cost: int | None = None
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One HTTP request that was made, a repeat being a call of its own.

    `status` is None when no answer came; `request_id` is the vendor's and "" when it gave none.
    `exchange` is what was asked and answered, None where that is never kept.
    """

    vendor: str
    operation: str
    status: int | None
    request_id: str
    started: datetime
    seconds: float
    budget: Budget
    exchange: "Exchange | None" = field(default=None, repr=False, compare=False)


class Reservation(Protocol):
    """What was set aside for one request, until its answer told what it really cost."""

    def spent(self, call: Call) -> None:
        """Book the call; must not raise, for by then a write may have happened."""


class Allowance(Protocol):
    """What one account may still ask of one vendor, however many processes ask."""

    def reserve(self, cost: int) -> Reservation:
        """Set `cost` aside, requests at Brightpearl and estimated credits at ShipHero.

        Raises Throttled with the time from which it is worth trying again.
        """


Watch = Callable[[Call], None]

_recorder: ContextVar[list[Call] | None] = ContextVar("vendor_calls", default=None)


@contextmanager
def recording_calls() -> Iterator[list[Call]]:
    """Collect every call made inside, oldest first; an inner recording is also the outer's.

    A thread sees the recording only when it runs in a copy of this context.
    """
    outer = _recorder.get()
    calls: list[Call] = []
    reset = _recorder.set(calls)
    try:
        yield calls
    finally:
        _recorder.reset(reset)
        if outer is not None:
            outer.extend(calls)


def note(call: Call) -> None:
    """Put a call into the recording under way, if there is one."""
    calls = _recorder.get()
    if calls is not None:
        calls.append(call)
