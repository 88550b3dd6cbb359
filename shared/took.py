"""How long things took, of many of them: half and nearly all; pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Took:
    """How long `count` of them took, in seconds: the median, and what 19 of 20 stay below."""

    count: int
    half: float
    most: float


def took(seconds: Sequence[float]) -> Took | None:
    """Give the median and what nineteen of twenty stay below; None of nothing."""
    if not seconds:
        return None
    ordered = sorted(max(0.0, each) for each in seconds)
    last = len(ordered) - 1
    return Took(
        count=len(ordered), half=ordered[round(last * 0.5)], most=ordered[round(last * 0.95)]
    )
