"""A row's place in a list that is sorted by a moment and then by an id, as text for an address."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from uuid import UUID

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
LONGEST: Final = 60  # characters; far more than any place has


@dataclass(frozen=True, kw_only=True)
class Place:
    """One row's place."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Give the text that `read` understands."""
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a place; None for anything that is none."""
        micros, _, id_ = text.partition("-")
        if not (micros.isascii() and micros.isdecimal() and len(text) <= LONGEST):
            return None
        try:
            return cls(at=EPOCH + int(micros) * MICROSECOND, id=UUID(hex=id_))
        except (OverflowError, ValueError):
            return None
