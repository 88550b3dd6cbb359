"""Waits for a condition with a deadline, so that no test sleeps."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

LOOK_EVERY_SECONDS = 0.02


def until(condition: Callable[[], Found], *, within: float = 10.0, what: str = "") -> Found:
    """Call `condition` until it gives something true, and give that back.

    After `within` seconds: AssertionError that names `what` was waited for and the last answer.
    """
    deadline = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or condition}; last: {found!r}")
        time.sleep(LOOK_EVERY_SECONDS)
