"""Waits for a condition with a deadline, so that no test sleeps."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

SOONEST, SELDOMEST = 0.02, 0.25


def until(condition: Callable[[], Found], *, within: float = 10.0, what: str = "") -> Found:
    """Call `condition` until it gives something true, and give that back.

    After `within` seconds: AssertionError that names `what` was waited for and the last answer.
    """
    begun = time.monotonic()
    deadline = begun + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or condition}; last: {found!r}")
        # The longer it takes, the less looking may take of the machine from what is waited for.
        waited = time.monotonic() - begun
        time.sleep(min(SELDOMEST, max(SOONEST, waited / 8)))
