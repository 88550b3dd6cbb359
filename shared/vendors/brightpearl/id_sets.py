"""Brightpearl's id sets, as webhooks bring them: "7", "1-5,99", "9.7.12" (contract §5, §13)."""

import re
from dataclasses import dataclass
from itertools import chain

MOST_IDS = 10_000  # past this a set is not expanded but reconciled
LONGEST_ID = 18  # digits; more is no id

_PART = re.compile(
    rf"(?P<first>\d{{1,{LONGEST_ID}}})(?:-(?P<last>\d{{1,{LONGEST_ID}}}))?", re.ASCII
)
_SEPARATOR = re.compile(r"[,.]")


class UnreadableIdSet(ValueError):  # noqa: N818 - it says what is wrong with the set
    """The text is no id set; the sentence says which part."""


@dataclass(frozen=True, kw_only=True)
class IdSet:
    """The ids of a set, ascending and without repeats.

    `size` counts the ids as written; when it is over the limit, `ids` is None.
    """

    ids: tuple[int, ...] | None
    size: int

    @property
    def too_large(self) -> bool:
        """Whether the set was left unexpanded."""
        return self.ids is None


def parse_id_set(text: str, *, most: int = MOST_IDS) -> IdSet:
    """Read a set of commas, dots and ascending ranges; nothing larger than `most` is expanded.

    Raises UnreadableIdSet for anything that is not positive whole numbers.
    """
    ranges = [_range(part.strip()) for part in _SEPARATOR.split(text.strip())]
    size = sum(one.stop - one.start for one in ranges)
    if size > most:
        return IdSet(ids=None, size=size)
    return IdSet(ids=tuple(sorted(set(chain.from_iterable(ranges)))), size=size)


def _range(part: str) -> range:
    found = _PART.fullmatch(part)
    if found is None:
        raise UnreadableIdSet(f"{part[:40]!r} is neither an id nor a range of ids")
    first = int(found["first"])
    last = int(found["last"] or first)
    if first < 1:
        raise UnreadableIdSet(f"{part[:40]!r} holds an id below 1")
    if last < first:
        raise UnreadableIdSet(f"{part[:40]!r} runs backwards; ranges ascend")
    return range(first, last + 1)
