"""How long the first fetch still takes; pure."""

from collections.abc import Iterable

from shared.catalogue.progress import RUNNING, PartProgress


def seconds_left(parts: Iterable[PartProgress]) -> float | None:
    """Estimate from the pace of each part so far; they go on side by side. None: nobody knows."""
    known = [left for part in parts if (left := _left(part)) is not None]
    return max(known, default=None)


def _left(part: PartProgress) -> float | None:
    took = (part.moved_at - part.started_at).total_seconds()
    if part.state != RUNNING or part.total is None or not part.done or took <= 0:
        return None
    return max(0, part.total - part.done) * took / part.done
