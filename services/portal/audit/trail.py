"""The account's audit trail: newest first, narrowed, page by page by the key of its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, tuple_
from sqlmodel import Session, col, select

from shared.db.portal_tables import AuditEntry

PAGE_SIZE: Final = 50
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
LONGEST_PLACE: Final = 60  # characters, more than any place has

_KEY = tuple_(col(AuditEntry.at), col(AuditEntry.id))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page begins or ends: an entry's time and id, as text for the address bar."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Give the text that `read` understands."""
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a place; None for anything that is none."""
        micros, _, number = text.partition("-")
        if not (micros.isascii() and micros.isdecimal() and len(text) < LONGEST_PLACE):
            return None
        try:
            return cls(at=EPOCH + int(micros) * MICROSECOND, id=UUID(number))
        except (OverflowError, ValueError):
            return None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person filters by; days are meant in the account's zone, both included."""

    who: str = ""
    act: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Up to PAGE_SIZE entries, newest first, and where the pages beside it begin."""

    entries: Sequence[AuditEntry]
    newer: Place | None = None
    older: Place | None = None


@dataclass(frozen=True, kw_only=True)
class Trail:
    """One account's trail as it is wanted."""

    account_id: UUID
    zone: str
    wanted: Wanted

    def before(
        self, session: Session, place: Place | None = None, *, size: int = PAGE_SIZE
    ) -> Page:
        """Give the entries older than `place`, or the newest ones."""
        query = select(AuditEntry).where(*self._which())
        if place:
            query = query.where(_KEY.__lt__((place.at, place.id)))
        newest = query.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        found = session.exec(newest.limit(size + 1)).all()
        entries = found[:size]
        return Page(
            entries=entries,
            newer=_place_of(entries[0]) if place and entries else None,
            older=_place_of(entries[-1]) if len(found) > size else None,
        )

    def after(self, session: Session, place: Place) -> Page:
        """Give the entries just newer than `place`; near the top, the newest page in full."""
        query = select(AuditEntry).where(*self._which(), _KEY.__gt__((place.at, place.id)))
        oldest = query.order_by(col(AuditEntry.at), col(AuditEntry.id))
        found = session.exec(oldest.limit(PAGE_SIZE + 1)).all()
        if len(found) <= PAGE_SIZE:
            return self.before(session)
        entries = found[:PAGE_SIZE][::-1]
        return Page(entries=entries, newer=_place_of(entries[0]), older=_place_of(entries[-1]))

    def _which(self) -> Iterator[ColumnElement[bool]]:
        yield col(AuditEntry.account_id) == self.account_id
        if self.wanted.who:
            who = func.lower(col(AuditEntry.who))
            yield who.contains(self.wanted.who.lower(), autoescape=True)
        if self.wanted.act:
            yield col(AuditEntry.act) == self.wanted.act
        if self.wanted.first:
            yield col(AuditEntry.at) >= self._begin(self.wanted.first)
        if self.wanted.last and self.wanted.last < date.max:
            yield col(AuditEntry.at) < self._begin(self.wanted.last + timedelta(days=1))

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(self.zone))


def _place_of(entry: AuditEntry) -> Place:
    return Place(at=entry.at, id=entry.id)
