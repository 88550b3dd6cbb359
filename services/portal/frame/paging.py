"""Pages of a list by the keys of its rows, so that new rows move nothing and any depth is fast."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Row = TypeVar("Row")
Key = TypeVar("Key")


class Find(Protocol):
    """Reads up to `limit` rows beyond a place in the list's order; with `onward` off, against it.

    Without a place it begins at the end that the way starts from.
    """

    def __call__(self, place: Any, limit: int, *, onward: bool) -> Sequence[Any]:
        """Read them."""


@dataclass(frozen=True, kw_only=True)
class Leaf(Generic[Row, Key]):
    """One page's rows, and where the pages before and after it begin; None where there is none."""

    rows: Sequence[Row]
    previous: Key | None = None
    next: Key | None = None


def leaf(
    find: Find,
    place_of: Callable[[Row], Key],
    *,
    size: int,
    after: Key | None = None,
    before: Key | None = None,
) -> Leaf[Row, Key]:
    """Give the page behind `after`, or just before `before`; near the top, the first in full."""
    if before is not None:
        found = find(before, size + 1, onward=False)
        if len(found) > size:
            rows = found[:size][::-1]
            return Leaf(rows=rows, previous=place_of(rows[0]), next=place_of(rows[-1]))
        after = None
    found = find(after, size + 1, onward=True)
    rows = found[:size]
    return Leaf(
        rows=rows,
        previous=place_of(rows[0]) if after is not None and rows else None,
        next=place_of(rows[-1]) if len(found) > size else None,
    )
