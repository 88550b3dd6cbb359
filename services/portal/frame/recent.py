"""Keep an answer that is dear to work out for a short while, the longer the dearer it was."""

from collections.abc import Callable
from math import inf
from typing import Final, Generic, TypeVar
from uuid import UUID

SHARE: Final = 20  # usually at most a twentieth of the time goes into working it out
AT_LEAST: Final = 2.0  # seconds

T = TypeVar("T")


class Recently(Generic[T]):
    """One answer per account, worked out anew when it is too old."""

    def __init__(
        self, clock: Callable[[], float], *, share: int = SHARE, at_most: float = inf
    ) -> None:
        """`clock` counts seconds and never goes back.

        A `share`-th of the time is spent at most, but no answer is kept for over `at_most` seconds.
        """
        self._clock = clock
        self._share = share
        self._at_most = at_most
        self._kept: dict[UUID, tuple[float, T]] = {}

    def get(self, account_id: UUID, work_out: Callable[[], T]) -> T:
        """Give the kept answer, or work it out and keep it."""
        begun = self._clock()
        good_until, answer = self._kept.get(account_id, (begun, None))
        if answer is not None and begun < good_until:
            return answer
        fresh = work_out()
        ended = self._clock()
        good_for = min(self._at_most, max(AT_LEAST, self._share * (ended - begun)))
        self._kept[account_id] = (ended + good_for, fresh)
        return fresh
