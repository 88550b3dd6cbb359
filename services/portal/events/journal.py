"""What the journal's page reads; every question names the account that asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Session

from services.portal.events.cursor import Cursor
from services.portal.events.wanted import Wanted
from services.portal.events.words import (
    DEAD,
    DISCARDED,
    DUE,
    HELD,
    IN_HAND,
    PLANNED,
    REPLAYED,
    UNFINISHED,
)
from shared.db.journal_tables import EVENT
from shared.events import Queue
from shared.journal.dead import IS_DEAD, was_replayed

PAGE_SIZE: Final = 50
# A filter that no index knows is looked for among so many events at a time.
LOOKED_THROUGH: Final = 20_000
COUNTED_TO: Final = 10_000

Columns = ReadOnlyColumnCollection[str, Any]

_E = EVENT.c
_PLACE = tuple_(_E.recorded_at, _E.id)
# Bodies may be large, and a list does not show them.
_SHOWN = [column for column in EVENT.columns if column.name != "payload"]

# States whose rows an index of their own leads to, however long the journal is.
_INDEXED = frozenset(UNFINISHED) | {DISCARDED, REPLAYED}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One event of the list."""

    row: Any
    was_replayed: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """Up to PAGE_SIZE events, newest first, and where the pages beside it begin.

    `looked_back_to` is where the search ended before the page was full, None where it did not.
    """

    events: Sequence[Listed]
    newer: Cursor | None = None
    older: Cursor | None = None
    looked_back_to: Cursor | None = None


def page_before(
    session: Session, account_id: UUID, wanted: Wanted, before: Cursor | None, *, now: datetime
) -> Page:
    """Give the events older than `before`, or the newest ones."""
    place = () if before is None else (_PLACE.__lt__((before.at, before.id)),)
    found = _found(session, account_id, wanted, place, now=now)
    rows = found[:PAGE_SIZE]
    is_full = len(found) > PAGE_SIZE
    return Page(
        events=_listed(session, account_id, rows),
        newer=_place(rows[0]) if before and rows else None,
        older=_place(rows[-1]) if is_full else None,
        looked_back_to=None
        if is_full or not _is_searched(wanted)
        else _last_looked_at(session, account_id, wanted, place),
    )


def page_after(
    session: Session, account_id: UUID, wanted: Wanted, after: Cursor, *, now: datetime
) -> Page:
    """Give the events just newer than `after`; near the top, the newest page in full."""
    place = (_PLACE.__gt__((after.at, after.id)),)
    found = _found(session, account_id, wanted, place, now=now, newest_first=False)
    if len(found) <= PAGE_SIZE:
        return page_before(session, account_id, wanted, None, now=now)
    rows = found[:PAGE_SIZE][::-1]
    return Page(
        events=_listed(session, account_id, rows), newer=_place(rows[0]), older=_place(rows[-1])
    )


def count_unfinished(session: Session, account_id: UUID, *, now: datetime) -> dict[str, int]:
    """Count what is open, by state, each up to COUNTED_TO."""
    counted = {}
    for state in UNFINISHED:
        some = select(_E.id).where(_E.account_id == account_id, *in_state(state, now=now))
        limited = some.limit(COUNTED_TO).subquery()
        counted[state] = session.execute(select(func.count()).select_from(limited)).scalar_one()
    return counted


def in_state(state: str, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Give what makes an event be in a state; "" is every state."""
    # Every queue is named, so that the indexes of what is open, which begin with it, can be used.
    unsettled = (_E.settled_at.is_(None), _E.queue.in_([queue.value for queue in Queue]))
    waits = (*unsettled, _E.hold_cause.is_(None), _E.published_at.is_(None))
    conditions: Mapping[str, tuple[ColumnElement[bool], ...]] = {
        "": (),
        DUE: (*waits, _E.due_at <= now),
        PLANNED: (*waits, _E.due_at > now),
        IN_HAND: (*unsettled, _E.hold_cause.is_(None), _E.published_at.is_not(None)),
        HELD: (_E.settled_at.is_(None), _E.hold_cause.is_not(None)),
        DEAD: (IS_DEAD, _E.discarded_at.is_(None), ~was_replayed()),
        REPLAYED: (IS_DEAD, _E.discarded_at.is_(None), was_replayed()),
        DISCARDED: (IS_DEAD, _E.discarded_at.is_not(None)),
    }
    return conditions.get(state, (_E.outcome == state,))


def matching(account_id: UUID, wanted: Wanted, *, now: datetime) -> list[ColumnElement[bool]]:
    """Give the conditions of a filter."""
    return [
        *_bounds(account_id, wanted),
        *in_state(wanted.state, now=now),
        *_words(wanted, _E),
    ]


def _bounds(account_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [_E.account_id == account_id]
    if wanted.since:
        conditions.append(_E.recorded_at >= wanted.since)
    if wanted.until:
        conditions.append(_E.recorded_at <= wanted.until)
    return conditions


def _words(wanted: Wanted, columns: Columns) -> list[ColumnElement[bool]]:
    asked = {
        columns.name: wanted.name,
        columns.queue: wanted.queue,
        columns.subject: wanted.subject,
        columns.reason_code: wanted.reason,
    }
    conditions = [column == value for column, value in asked.items() if value]
    if wanted.died_since:
        conditions.append(columns.settled_at >= wanted.died_since)
    if wanted.died_until:
        conditions.append(columns.settled_at <= wanted.died_until)
    return conditions


def _is_searched(wanted: Wanted) -> bool:
    """Whether rows that match have to be looked for among others."""
    if wanted.subject or wanted.state in _INDEXED:
        return False
    return bool(wanted.state or wanted.name or wanted.queue or wanted.reason)


def _found(
    session: Session,
    account_id: UUID,
    wanted: Wanted,
    place: tuple[ColumnElement[bool], ...],
    *,
    now: datetime,
    newest_first: bool = True,
) -> Sequence[Row[Any]]:
    if _is_searched(wanted):
        near = _looked_through(account_id, wanted, place, newest_first=newest_first).subquery()
        query = select(near).where(*_words(wanted, near.c))
        if wanted.state:
            query = query.where(near.c.outcome == wanted.state)
        query = query.order_by(*_order(near.c, newest_first=newest_first))
    else:
        query = select(*_SHOWN).where(*matching(account_id, wanted, now=now), *place)
        query = query.order_by(*_order(_E, newest_first=newest_first))
    return session.execute(query.limit(PAGE_SIZE + 1)).all()


def _looked_through(
    account_id: UUID,
    wanted: Wanted,
    place: tuple[ColumnElement[bool], ...],
    *,
    newest_first: bool = True,
) -> Select[Any]:
    bounded = select(*_SHOWN).where(*_bounds(account_id, wanted), *place)
    return bounded.order_by(*_order(_E, newest_first=newest_first)).limit(LOOKED_THROUGH)


def _order(columns: Columns, *, newest_first: bool) -> tuple[ColumnElement[Any], ...]:
    by = (columns.recorded_at, columns.id)
    return tuple(one.desc() for one in by) if newest_first else by


def _last_looked_at(
    session: Session, account_id: UUID, wanted: Wanted, place: tuple[ColumnElement[bool], ...]
) -> Cursor | None:
    """Say where a search that found too little gave up; None where it saw everything."""
    looked = _looked_through(account_id, wanted, place)
    last = session.execute(looked.limit(1).offset(LOOKED_THROUGH - 1)).first()
    return None if last is None else _place(last)


def _listed(session: Session, account_id: UUID, rows: Sequence[Row[Any]]) -> list[Listed]:
    dead = [row.id for row in rows if row.outcome == DEAD]
    replayed = select(_E.id).where(_E.account_id == account_id, _E.id.in_(dead), was_replayed())
    again = set(session.execute(replayed).scalars()) if dead else set()
    return [Listed(row=row, was_replayed=row.id in again) for row in rows]


def _place(row: Row[Any]) -> Cursor:
    return Cursor(at=row.recorded_at, id=row.id)
