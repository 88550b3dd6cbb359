"""The account's audit trail: newest first, narrowed, page by page by the key of its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, tuple_
from sqlmodel import Session, col, select

from services.portal.frame.paging import Leaf, leaf
from services.portal.frame.places import Place
from shared.db.portal_tables import AuditEntry

PAGE_SIZE: Final = 50
Page = Leaf[AuditEntry, Place]

_KEY = tuple_(col(AuditEntry.at), col(AuditEntry.id))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person filters by; days are meant in the account's zone, both included."""

    who: str = ""
    act: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class Trail:
    """One account's trail as it is wanted."""

    account_id: UUID
    zone: str
    wanted: Wanted

    def page(
        self,
        session: Session,
        *,
        older_than: Place | None = None,
        newer_than: Place | None = None,
        size: int = PAGE_SIZE,
    ) -> Page:
        """Give the entries older than one place, just newer than another, or the newest ones."""

        def find(place: Place | None, limit: int, *, onward: bool) -> Sequence[AuditEntry]:
            query = select(AuditEntry).where(*self._which())
            if place is not None:
                key = (place.at, place.id)
                query = query.where(_KEY.__lt__(key) if onward else _KEY.__gt__(key))
            by = (col(AuditEntry.at), col(AuditEntry.id))
            query = query.order_by(*(one.desc() for one in by) if onward else by)
            return session.exec(query.limit(limit)).all()

        return leaf(find, _place_of, size=size, after=older_than, before=newer_than)

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
