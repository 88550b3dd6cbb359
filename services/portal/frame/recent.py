"""Keep an answer that is dear to work out for a short while, the longer the dearer it was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Final, Generic, TypeVar
from uuid import UUID

SHARE: Final = 20  # usually at most a twentieth of the time goes into working it out
AT_LEAST: Final = 2.0  # seconds
DEAR: Final = 0.3  # seconds that a person may be kept waiting for a fresh answer

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept(Generic[T]):
    answer: T
    good_until: float
    took: float
    was_shown_old: bool = False


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
        self._kept: dict[UUID, _Kept[T]] = {}

    def get(self, account_id: UUID, work_out: Callable[[], T]) -> T:
        """Give the kept answer, or work it out and keep it."""
        begun = self._clock()
        kept = self._kept.get(account_id)
        if kept is not None and begun < kept.good_until:
            return kept.answer
        return self.renew(account_id, work_out)

    def renew(self, account_id: UUID, work_out: Callable[[], T]) -> T:
        """Work the answer out, whatever is kept, and keep it."""
        begun = self._clock()
        fresh = work_out()
        ended = self._clock()
        good_for = min(self._at_most, max(AT_LEAST, self._share * (ended - begun)))
        self._kept[account_id] = _Kept(fresh, ended + good_for, ended - begun)
        return fresh

    def get_at_once(self, account_id: UUID, work_out: Callable[[], T]) -> tuple[T, bool]:
        """Give the answer, and whether it is older than it should be.

        A dear one that is too old is given once more, so that a person need not wait: whoever asks
        next, such as the page itself a moment later, has it worked out.
        """
        kept = self._kept.get(account_id)
        if kept is None or kept.was_shown_old or kept.took < DEAR:
            return self.get(account_id, work_out), False
        if self._clock() < kept.good_until:
            return kept.answer, False
        self._kept[account_id] = replace(kept, was_shown_old=True)
        return kept.answer, True
