"""What the sync log page reads; every question names the account that asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, tuple_, union_all
from sqlmodel import Session, col

from services.portal.frame.paging import Leaf, leaf
from services.portal.log.cursor import Cursor
from services.portal.log.ordering import place_of, walk
from services.portal.log.wanted import NEEDS_YOU, STATES, Wanted
from shared.db.account_tables import ShippingMethodMapping, WarehouseMapping
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SYNC_LOG, TELLS_WHY, SyncLogRow
from shared.db.vendor_tables import Channel
from shared.events import GOODS_OUT_NOTE_CHANGED

PAGE_SIZE: Final = 50
NEWS_LIMIT: Final = 100
# Counts stop here unless a person asks: a million rows would be counted on every page.
COUNT_LIMIT: Final = 10_000
GROUPS_AT_MOST: Final = 12
BUSY: Final = "busy"

_S = SYNC_LOG.c
Conditions = Sequence[ColumnElement[bool]]
Page = Leaf[SyncLogRow, Cursor]


@dataclass(frozen=True, kw_only=True)
class Group:
    """So many of the notes that need a person do so for one reason."""

    code: str
    count: int


def page(
    session: Session,
    wanted: Wanted,
    matching: Conditions,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
) -> Page:
    """Give up to PAGE_SIZE rows in the wanted order: behind one place, before another, or first."""

    def find(place: Cursor | None, limit: int, *, onward: bool) -> list[SyncLogRow]:
        return walk(wanted, matching, onward=onward).rows(session, place, limit)

    def place(row: SyncLogRow) -> Cursor:
        return place_of(row, wanted.sort)

    return leaf(find, place, size=PAGE_SIZE, after=after, before=before)


def rows_of(session: Session, account_id: UUID, note_ids: Sequence[int]) -> list[SyncLogRow]:
    """Give these rows as they are now, in this order, whatever the filter says meanwhile."""
    query = select(SyncLogRow).where(
        col(SyncLogRow.account_id) == account_id, col(SyncLogRow.note_id).in_(note_ids)
    )
    found = {row.note_id: row for row in session.execute(query).scalars()}
    return [found[note_id] for note_id in note_ids if note_id in found]


def known_among(session: Session, account_id: UUID, note_ids: Collection[int]) -> set[int]:
    """Pick the notes that have a row, and so a page of their own."""
    found = select(_S.note_id).where(_S.account_id == account_id, _S.note_id.in_(note_ids))
    return set(session.execute(found).scalars()) if note_ids else set()


def count_newer(session: Session, matching: Conditions, newest: Cursor | None) -> int:
    """Count what came in above the row that is on top of the screen, up to NEWS_LIMIT."""
    newer = select(_S.note_id).where(*matching)
    if newest:
        place = (newest.value, newest.note_id)
        newer = newer.where(tuple_(_S.inserted_at, _S.note_id).__gt__(place))
    limited = newer.limit(NEWS_LIMIT).subquery()
    return session.execute(select(func.count()).select_from(limited)).scalar_one() or 0


def newest_ids(
    session: Session, matching: Conditions, *, until: datetime, limit: int
) -> Sequence[int]:
    """Give the ids of the notes that had come in by then, the newest first."""
    query = select(_S.note_id).where(*matching, _S.inserted_at <= until)
    newest = query.order_by(_S.inserted_at.desc(), _S.note_id.desc())
    return session.execute(newest.limit(limit)).scalars().all()


def count_since(session: Session, matching: Conditions, moment: datetime) -> int:
    """Count the notes that came in after a moment, up to NEWS_LIMIT."""
    later = select(_S.note_id).where(*matching, _S.inserted_at > moment)
    limited = later.limit(NEWS_LIMIT).subquery()
    return session.execute(select(func.count()).select_from(limited)).scalar_one() or 0


def count_needing_person(session: Session, account_id: UUID, note_ids: Sequence[int]) -> int:
    """Count those of the notes that need a person."""
    needing = select(func.count()).where(
        _S.account_id == account_id, _S.note_id.in_(note_ids), _S.state == NEEDS_YOU
    )
    return session.execute(needing).scalar_one() or 0


def count_by_state(
    session: Session, account_id: UUID, *, exactly: bool = False
) -> Mapping[str, int]:
    """Count the account's notes by state, all of STATES; past COUNT_LIMIT only if `exactly`."""
    one_by_one = []
    for state in STATES:
        rows = select(_S.note_id).where(_S.account_id == account_id, _S.state == state)
        counted = (rows if exactly else rows.limit(COUNT_LIMIT + 1)).subquery()
        one_by_one.append(select(literal(state), func.count()).select_from(counted))
    return {row[0]: row[1] for row in session.execute(union_all(*one_by_one))}


def reason_groups(session: Session, matching: Conditions) -> Sequence[Group]:
    """Count, among the rows that match, those that need a person by why; the most first."""
    count = func.count()
    query = select(_S.reason_code, count).where(*matching, _S.state == NEEDS_YOU)
    most = query.group_by(_S.reason_code).order_by(count.desc(), _S.reason_code)
    found = session.execute(most.limit(GROUPS_AT_MOST))
    return [Group(code=row[0], count=row[1]) for row in found]


def known_reasons(session: Session, account_id: UUID) -> Sequence[str]:
    """List the reason codes that rows of the account have, each found by a step in the index."""
    mine = (_S.account_id == account_id, TELLS_WHY)
    first = select(func.min(_S.reason_code).label("code")).where(*mine)
    steps = first.cte("steps", recursive=True)
    following = select(func.min(_S.reason_code)).where(*mine, _S.reason_code > steps.c.code)
    steps = steps.union_all(
        select(following.correlate(steps).scalar_subquery()).where(steps.c.code.is_not(None))
    )
    found = session.execute(select(steps.c.code).where(steps.c.code.is_not(None)))
    return [row[0] for row in found]


def warehouse_names(session: Session, account_id: UUID) -> Mapping[int, str]:
    """Name the account's Brightpearl warehouses, in the order of their names."""
    query = select(WarehouseMapping).where(col(WarehouseMapping.account_id) == account_id)
    rows = session.execute(query.order_by(col(WarehouseMapping.brightpearl_name))).scalars()
    return {row.brightpearl_warehouse_id: row.brightpearl_name for row in rows}


def method_names(session: Session, account_id: UUID) -> Sequence[str]:
    """Name the account's Brightpearl shipping methods."""
    query = select(ShippingMethodMapping).where(col(ShippingMethodMapping.account_id) == account_id)
    return sorted({row.brightpearl_name for row in session.execute(query).scalars()})


def channel_names(session: Session, account_id: UUID) -> Sequence[str]:
    """Name the account's Brightpearl sales channels."""
    query = select(Channel).where(col(Channel.account_id) == account_id)
    return sorted({row.name for row in session.execute(query).scalars()})


def next_tries(
    session: Session, account_id: UUID, note_ids: Sequence[int], *, now: datetime
) -> Mapping[int, datetime]:
    """Say when the way to ShipHero is tried next, for those of the notes where it is planned."""
    if not note_ids:
        return {}  # to PostgreSQL an empty list would seem to be a dear one
    query = select(col(EventRow.subject), func.min(col(EventRow.due_at))).where(
        col(EventRow.account_id) == account_id,
        col(EventRow.subject).in_([str(note_id) for note_id in note_ids]),
        col(EventRow.name) == GOODS_OUT_NOTE_CHANGED,
        col(EventRow.settled_at).is_(None),
        col(EventRow.hold_cause).is_(None),
        col(EventRow.due_at) > now,
        # A look that only waited for its turn is no try that a person would wait for.
        col(EventRow.reason_code) != BUSY,
    )
    planned = session.execute(query.group_by(col(EventRow.subject)))
    return {int(subject): due_at for subject, due_at in planned}
