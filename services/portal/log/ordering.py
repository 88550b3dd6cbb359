"""The sync log's orders, and how a page of one is read from a place on; fast at any depth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlmodel import Session

from services.portal.log.cursor import Cursor
from services.portal.log.wanted import INSERTED, SYNCED_AT, TOTAL, Wanted
from shared.db.note_tables import SYNC_LOG, SyncLogRow

_S = SYNC_LOG.c


@dataclass(frozen=True, kw_only=True)
class Order:
    """What rows are sorted by; those that lack it stand at the end, whichever way."""

    column: ColumnElement[Any]
    value_of: Callable[[SyncLogRow], datetime | float | None]
    kind: type[Any]
    may_lack: bool


ORDERS: Final[Mapping[str, Order]] = {
    INSERTED: Order(
        column=_S.inserted_at, value_of=lambda row: row.inserted_at, kind=datetime, may_lack=False
    ),
    SYNCED_AT: Order(
        column=_S.synced_at, value_of=lambda row: row.synced_at, kind=datetime, may_lack=True
    ),
    TOTAL: Order(
        column=_S.total_key,
        value_of=lambda row: None if row.total is None else float(row.total),
        kind=float,
        may_lack=True,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A way through the rows that match, in the order that is wanted or against it."""

    matching: Sequence[ColumnElement[bool]]
    order: Order
    descending: bool
    onward: bool = True

    def rows(self, session: Session, start: Cursor | None, limit: int) -> list[SyncLogRow]:
        """Read up to `limit` rows beyond `start`, or from the end that the way begins at."""
        rows: list[SyncLogRow] = []
        for has_value in self._parts(start):
            query = self._part(has_value=has_value)
            if start is not None and has_value is (start.value is not None):
                query = query.where(self._beyond(start))
            rows += session.execute(query.limit(limit - len(rows))).scalars()
            if len(rows) >= limit:
                break
        return rows

    def _parts(self, start: Cursor | None) -> Sequence[bool]:
        """Give the parts that are still ahead: the rows with a value, and those without."""
        parts = [True, False] if self.order.may_lack else [True]
        if not self.onward:
            parts.reverse()
        return parts if start is None else parts[parts.index(start.value is not None) :]

    def _part(self, *, has_value: bool) -> Select[SyncLogRow]:
        column, query = self.order.column, select(SyncLogRow).where(*self.matching)
        if self.order.may_lack:
            query = query.where(column.is_not(None) if has_value else column.is_(None))
        # The column is named even where it is empty in every row: then the index gives the order.
        if self._falls:
            return query.order_by(column.desc(), _S.note_id.desc())
        return query.order_by(column, _S.note_id)

    def _beyond(self, start: Cursor) -> ColumnElement[bool]:
        if start.value is None:
            return _S.note_id < start.note_id if self._falls else _S.note_id > start.note_id
        # Compared as a pair, which both databases answer from the index.
        key, place = tuple_(self.order.column, _S.note_id), (start.value, start.note_id)
        return key.__lt__(place) if self._falls else key.__gt__(place)

    @property
    def _falls(self) -> bool:
        return self.descending is self.onward


def walk(wanted: Wanted, matching: Sequence[ColumnElement[bool]], *, onward: bool = True) -> Walk:
    """Begin a way through the rows that match, in the wanted order."""
    return Walk(
        matching=matching,
        order=ORDERS[wanted.sort],
        descending=not wanted.ascending,
        onward=onward,
    )


def place_of(row: SyncLogRow, sort: str = INSERTED) -> Cursor:
    """Give a row's place in the list that is sorted so."""
    return Cursor(value=ORDERS[sort].value_of(row), note_id=row.note_id)


def place_in(text: str, sort: str) -> Cursor | None:
    """Read a place; None where the text is none, or one of a list that is sorted otherwise."""
    cursor, order = Cursor.read(text), ORDERS[sort]
    if cursor is None:
        return None
    fits = order.may_lack if cursor.value is None else isinstance(cursor.value, order.kind)
    return cursor if fits else None
