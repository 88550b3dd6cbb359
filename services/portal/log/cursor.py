"""The place in the sync log where a page begins or ends, as text for the address bar; pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
GREATEST_ID = 2**31 - 1  # the database's integer


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """One row's place: newest first, by time of insertion and then by note."""

    inserted_at: datetime
    note_id: int

    def __str__(self) -> str:
        """Give the text that `read` understands."""
        return f"{(self.inserted_at - EPOCH) // MICROSECOND}-{self.note_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a cursor; None for anything that is none."""
        micros, _, note = text.partition("-")
        if not (micros.isdecimal() and note.isdecimal() and len(text) < 40):  # noqa: PLR2004 - far longer than any
            return None
        if int(note) > GREATEST_ID:
            return None
        try:
            return cls(inserted_at=EPOCH + int(micros) * MICROSECOND, note_id=int(note))
        except OverflowError:
            return None
