"""Which notes a person wants something done with: those ticked, those shown, or all that match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from services.portal.frame.places import EPOCH, MICROSECOND
from services.portal.log.matching import matching
from services.portal.log.sync_log import PAGE_SIZE, newest_ids
from services.portal.log.wanted import Wanted, id_in
from shared.bulk import HANDLE, HOLD, LET_GO, RETRY

ACTS: Final = (RETRY, HANDLE, HOLD, LET_GO)
NOTES_AT_MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is to be done with which notes.

    With `whole` it is all that match `wanted`, of those that had come in by `as_of`; else `ticked`.
    """

    act: str
    wanted: Wanted
    whole: bool = False
    ticked: tuple[int, ...] = ()
    as_of: datetime

    @classmethod
    def read(cls, given: MultiDict[str, str], *, now: datetime) -> Self | None:
        """Read a form or an address; None where no act is named that exists."""
        act = given.get("act", "")
        if act not in ACTS:
            return None
        shown = given.get("shown", "").split(",") if given.get("whole_page") else []
        return cls(
            act=act,
            wanted=Wanted.read(given),
            whole=bool(given.get("all")),
            ticked=tuple(_ids([*given.getlist("note"), *shown])),
            as_of=_moment(given.get("as_of", "")) or now,
        )

    @property
    def is_unbounded(self) -> bool:
        """Whether it is everything there is, which nobody may act on at once."""
        return self.whole and not self.wanted.filters

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """Give what the form that carries it out sends along."""
        stamp = str((self.as_of - EPOCH) // MICROSECOND)
        if self.whole:
            chosen = [("all", "1"), *self.wanted.filters.items()]
        else:
            chosen = [*(("note", str(one)) for one in self.ticked), *self.wanted.filters.items()]
        return [("act", self.act), ("as_of", stamp), *chosen]

    def note_ids(self, session: Session, account_id: UUID, *, now: datetime) -> Sequence[int]:
        """Give the notes, at most NOTES_AT_MOST and one more that says there are more."""
        if not self.whole:
            return self.ticked
        conditions = matching(account_id, self.wanted, now=now)
        return newest_ids(session, conditions, until=self.as_of, limit=NOTES_AT_MOST + 1)


def _ids(texts: Iterable[str]) -> Iterable[int]:
    known = dict.fromkeys(number for text in texts if (number := id_in(text)) is not None)
    return list(known)[:PAGE_SIZE]


def _moment(text: str) -> datetime | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 18):  # noqa: PLR2004 - before the year 5000
        return None
    return EPOCH + int(text) * MICROSECOND
