"""The place in the journal where a page begins or ends, as text for the address bar; pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LONGEST = 60  # characters; far longer than any that we write


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """One row's place: newest first, by the time of recording and then by id."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Give the text that `read` understands."""
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a cursor; None for anything that is none."""
        micros, _, id_ = text.partition("-")
        if not (micros.isascii() and micros.isdecimal() and len(text) <= LONGEST):
            return None
        try:
            return cls(at=EPOCH + int(micros) * MICROSECOND, id=UUID(hex=id_))
        except (OverflowError, ValueError):
            return None
