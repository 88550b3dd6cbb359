"""Bounds work that may hang, such as asking a database whose machine is gone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import TypeVar

from shared.errors import OurTrouble

T = TypeVar("T")


class Deadline:
    """Runs database work in threads, so that a database that hangs costs a 503, not a worker.

    Work that finishes late has kept the event all the same; the vendor's repetition is then a
    duplicate, which the dedupe key catches. Work that had not begun by then is not begun.
    """

    def __init__(self, *, seconds: float, threads: int, what: str = "database") -> None:
        """Prepare to wait `seconds` for the part of ours that `what` names."""
        self._seconds = seconds
        self._what = what
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="keep")

    def run(self, work: Callable[[], T]) -> T:
        """Do `work`; raises OurTrouble when it is not done within the deadline."""
        future = self._pool.submit(work)
        try:
            return future.result(timeout=self._seconds)
        except Late:
            future.cancel()
            raise OurTrouble(f"our {self._what} did not answer within {self._seconds} s") from None
