"""The attempts about a note in which a vendor was asked, to choose one from; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.portal.log.calls import duration
from services.portal.log.note_story import NoteStory
from services.portal.log.story_lines import RESULTS, title_of
from shared.db.journal_tables import AttemptRow

# So many stand side by side; what was before them is folded.
SHOWN_AT_MOST: Final = 12


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One attempt: its place among the note's, what it was about and how it went.

    `before` is the attempt with which it is compared: the last one about the same.
    """

    row: AttemptRow
    place: int
    about: str
    word: str
    colour: str
    took: str
    status: str
    before: AttemptRow | None = None

    @property
    def key(self) -> tuple[UUID, int]:
        """Its event and number."""
        return self.row.event_id, self.row.number

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.row.started_at


def tried_of(story: NoteStory, *, also: tuple[UUID, int] | None = None) -> Sequence[Tried]:
    """List them in order of time, numbered from 1; `also` one in which no vendor was asked."""
    subject = str(story.row.note_id)
    # Of an event about several notes, or another one, there is nothing of this note's.
    names = {event.id: event.name for event in story.events if event.subject == subject}
    last: dict[str, AttemptRow] = {}
    found: list[Tried] = []
    asked = [
        one
        for one in story.attempts
        if one.event_id in names and (one.vendor_calls or (one.event_id, one.number) == also)
    ]
    for place, row in enumerate(asked, start=1):
        name = names[row.event_id]
        found.append(_tried(row, place, name, last.get(name)))
        last[name] = row
    return found


def _tried(row: AttemptRow, place: int, name: str, before: AttemptRow | None) -> Tried:
    word, colour = RESULTS.get(row.result, (row.result, "grey"))
    seconds = (row.ended_at - row.started_at).total_seconds() if row.ended_at else None
    statuses = [call.get("status") for call in row.vendor_calls]
    return Tried(
        row=row,
        place=place,
        about=title_of(name)[1],
        word=word,
        colour=colour,
        took=duration(seconds) if seconds is not None else "",
        status="" if not statuses or statuses[-1] is None else str(statuses[-1]),
        before=before,
    )
