"""The place in the sync log where a page begins or ends, as text for the address bar; pure."""

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.portal.frame.places import EPOCH, MICROSECOND

GREATEST_ID = 2**31 - 1  # the database's integer

_LONGEST = 60  # characters, far more than any has
_WRITTEN = re.compile(
    r"(?:t(?P<micros>\d+)|a(?P<amount>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|n)-(?P<note>\d{1,10})",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """One row's place: by what the list is sorted by, None where the row has none, then by note."""

    value: datetime | float | None
    note_id: int

    def __str__(self) -> str:
        """Give the text that `read` understands."""
        match self.value:
            case None:
                return f"n-{self.note_id}"
            case datetime() as moment:
                return f"t{(moment - EPOCH) // MICROSECOND}-{self.note_id}"
            case amount:
                return f"a{amount!r}-{self.note_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a cursor; None for anything that is none."""
        found = _WRITTEN.fullmatch(text[:_LONGEST])
        if found is None or int(found["note"]) > GREATEST_ID:
            return None
        try:
            return cls(value=_value(found), note_id=int(found["note"]))
        except (OverflowError, ValueError):
            return None


def _value(found: re.Match[str]) -> datetime | float | None:
    if found["micros"]:
        return EPOCH + int(found["micros"]) * MICROSECOND
    if not found["amount"]:
        return None
    amount = float(found["amount"])
    if not math.isfinite(amount):
        raise OverflowError(found["amount"])
    return amount
