"""What is to be done when: a heap that is never walked, however much waits."""

import heapq
from collections.abc import Callable, Collection


class Agenda:
    """Numbers by the time they are due; one may stand here more than once, or no longer count."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int]] = []

    def add(self, at: float, number: int) -> None:
        """Put down that a number is due at a time."""
        heapq.heappush(self._heap, (at, number))

    def next_at(self) -> float | None:
        """Tell when the next one is due."""
        return self._heap[0][0] if self._heap else None

    def take_due(
        self, now: float, *, busy: Collection[int], stands: Callable[[int, float], bool]
    ) -> list[int]:
        """Take what is due; `stands` tells whether a number is still due at that very time.

        What is busy stays: its thread has put down the next time and is about to end.
        """
        due: set[int] = set()
        later: list[tuple[float, int]] = []
        while self._heap and self._heap[0][0] <= now:
            at, number = heapq.heappop(self._heap)
            if not stands(number, at):
                continue
            if number in busy:
                later.append((at, number))
            else:
                due.add(number)
        for each in later:
            heapq.heappush(self._heap, each)
        return sorted(due)
