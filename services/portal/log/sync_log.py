"""What the sync log page reads; every question names the account that asks."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlmodel import Session, col

from services.portal.log.cursor import GREATEST_ID, Cursor
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SYNC_LOG, SyncLogRow
from shared.events import GOODS_OUT_NOTE_CHANGED

PAGE_SIZE: Final = 50
NEWS_LIMIT: Final = 100

NEEDS_YOU: Final = "needs_you"
ON_THE_WAY: Final = "on_the_way"
SYNCED: Final = "synced"
SHIPPED: Final = "shipped"
CANCELLED: Final = "cancelled"
LEFT_OUT: Final = "skipped"
HANDLED: Final = "handled"
# As the database writes them; each note is in exactly one, so that the counts add up.
STATES: Final = (NEEDS_YOU, ON_THE_WAY, SYNCED, SHIPPED, CANCELLED, LEFT_OUT, HANDLED)

_STATE = SYNC_LOG.c.state
_KEY = tuple_(col(SyncLogRow.inserted_at), col(SyncLogRow.note_id))
_NEWEST_FIRST = (col(SyncLogRow.inserted_at).desc(), col(SyncLogRow.note_id).desc())
_OLDEST_FIRST = (col(SyncLogRow.inserted_at), col(SyncLogRow.note_id))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person filters by: one of STATES or "", and what they typed into the search box."""

    state: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Up to PAGE_SIZE rows, newest first, and where the pages beside it begin."""

    rows: Sequence[SyncLogRow]
    newer: Cursor | None = None
    older: Cursor | None = None


def page_before(
    session: Session, account_id: UUID, wanted: Wanted, before: Cursor | None = None
) -> Page:
    """Give the rows older than `before`, or the newest ones."""
    query = select(SyncLogRow).where(*_filter(account_id, wanted)).order_by(*_NEWEST_FIRST)
    if before:
        query = query.where(_older_than(before))
    found = session.execute(query.limit(PAGE_SIZE + 1)).scalars().all()
    rows = found[:PAGE_SIZE]
    older = place_of(rows[-1]) if len(found) > PAGE_SIZE else None
    newer = place_of(rows[0]) if before and rows else None
    return Page(rows=rows, newer=newer, older=older)


def page_after(session: Session, account_id: UUID, wanted: Wanted, after: Cursor) -> Page:
    """Give the rows just newer than `after`; near the top, the newest page in full."""
    query = select(SyncLogRow).where(*_filter(account_id, wanted), _newer_than(after))
    found = session.execute(query.order_by(*_OLDEST_FIRST).limit(PAGE_SIZE + 1)).scalars().all()
    if len(found) <= PAGE_SIZE:
        return page_before(session, account_id, wanted)
    rows = found[:PAGE_SIZE][::-1]
    return Page(rows=rows, newer=place_of(rows[0]), older=place_of(rows[-1]))


def rows_of(session: Session, account_id: UUID, note_ids: Sequence[int]) -> list[SyncLogRow]:
    """Give these rows as they are now, newest first, whatever the filter says meanwhile."""
    query = select(SyncLogRow).where(
        col(SyncLogRow.account_id) == account_id, col(SyncLogRow.note_id).in_(note_ids)
    )
    return list(session.execute(query.order_by(*_NEWEST_FIRST)).scalars())


def known_among(session: Session, account_id: UUID, note_ids: Collection[int]) -> set[int]:
    """Pick the notes that have a row, and so a page of their own."""
    found = select(col(SyncLogRow.note_id)).where(
        col(SyncLogRow.account_id) == account_id, col(SyncLogRow.note_id).in_(note_ids)
    )
    return set(session.execute(found).scalars()) if note_ids else set()


def count_newer(session: Session, account_id: UUID, wanted: Wanted, newest: Cursor | None) -> int:
    """Count what came in above the row that is on top of the screen, up to NEWS_LIMIT."""
    newer = select(col(SyncLogRow.note_id)).where(*_filter(account_id, wanted))
    if newest:
        newer = newer.where(_newer_than(newest))
    limited = newer.limit(NEWS_LIMIT).subquery()
    count: int = session.execute(select(func.count()).select_from(limited)).scalar_one()
    return count


def count_by_state(session: Session, account_id: UUID) -> Mapping[str, int]:
    """Count all notes of the account by state; every one of STATES is there."""
    query = select(_STATE, func.count()).where(col(SyncLogRow.account_id) == account_id)
    counted = {row[0]: row[1] for row in session.execute(query.group_by(_STATE))}
    return {state: counted.get(state, 0) for state in STATES}


def next_tries(
    session: Session, account_id: UUID, note_ids: Sequence[int], *, now: datetime
) -> Mapping[int, datetime]:
    """Say when the way to ShipHero is tried next, for those of the notes where it is planned."""
    query = select(col(EventRow.subject), func.min(col(EventRow.due_at))).where(
        col(EventRow.account_id) == account_id,
        col(EventRow.subject).in_([str(note_id) for note_id in note_ids]),
        col(EventRow.name) == GOODS_OUT_NOTE_CHANGED,
        col(EventRow.settled_at).is_(None),
        col(EventRow.hold_cause).is_(None),
        col(EventRow.due_at) > now,
    )
    planned = session.execute(query.group_by(col(EventRow.subject)))
    return {int(subject): due_at for subject, due_at in planned}


def place_of(row: SyncLogRow) -> Cursor:
    """Give a row's place in the list."""
    return Cursor(inserted_at=row.inserted_at, note_id=row.note_id)


def _newer_than(place: Cursor) -> ColumnElement[bool]:
    # Compared as a pair, which both databases answer from the index.
    return _KEY.__gt__((place.inserted_at, place.note_id))


def _older_than(place: Cursor) -> ColumnElement[bool]:
    return _KEY.__lt__((place.inserted_at, place.note_id))


def _filter(account_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(SyncLogRow.account_id) == account_id]
    if wanted.state:
        conditions.append(_STATE.in_([wanted.state]))
    if text := wanted.text.strip().lstrip("#").strip():
        conditions.append(_search(text))
    return conditions


def _search(text: str) -> ColumnElement[bool]:
    """Match the ids exactly, the merchant's reference and the tracking by any part."""
    order_id = col(SyncLogRow.order_id)
    ways: list[Any] = [
        func.lower(col(SyncLogRow.customer_reference)).contains(text.lower(), autoescape=True),
        func.lower(col(SyncLogRow.tracking)).contains(text.lower(), autoescape=True),
    ]
    if (number := _id(text)) is not None:
        ways += [col(SyncLogRow.note_id) == number, order_id == number]
    pair = re.fullmatch(r"(\d+)\s*/\s*(\d+)", text)
    if pair and (order := _id(pair[1])) is not None and (sequence := _id(pair[2])) is not None:
        ways.append(and_(order_id == order, col(SyncLogRow.sequence) == sequence))
    return or_(*ways)


def _id(text: str) -> int | None:
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(GREATEST_ID))
    return int(text) if digits and int(text) <= GREATEST_ID else None
