"""How far each vendor's own list has been compared with our books, and by whom just now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from shared.db.engine import insert_for
from shared.db.journal_tables import EVENT
from shared.db.vendor_tables import Watermark
from shared.events import Event

NOTES: Final = "brightpearl:notes"
# From when on `NOTES` is without a gap; it lies before go-live once go-live was moved on.
NOTES_FROM: Final = "brightpearl:notes_from"
# When notes were last compared far back, for what shows late or a zone hides.
NOTES_WIDE: Final = "brightpearl:notes_wide"
OPEN_NOTES: Final = "brightpearl:open"
ORDERS: Final = "shiphero:orders"
# When a wide window was last compared, in which a wrong reading of the vendor's zone shows.
ORDERS_WIDE: Final = "shiphero:orders_wide"

# What a later page of a comparison is about; requests are about their account.
PAGE: Final = "page"
# In the payload of a request: what else is done now and then only, is to be done this time.
WHOLE: Final = "whole"
# A page that has waited longer than this does not keep a new comparison from beginning.
RUN_LASTS = timedelta(minutes=30)

# Now and then a comparison reaches over every zone in which a vendor may read a filter's times.
ANY_ZONE = timedelta(hours=14)
WIDE_EVERY = timedelta(days=1)

_E = EVENT.c


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One list as last compared: `found` in it, `missed` of them by us until then."""

    name: str
    reached: datetime
    compared_at: datetime
    found: int
    missed: int


def compared(session: Session, account_id: UUID) -> tuple[Compared, ...]:
    """Give every list of the account that was compared, by name."""
    rows = session.exec(
        select_rows(Watermark)
        .where(Watermark.account_id == account_id)
        .order_by(col(Watermark.name))
    )
    return tuple(_compared(row) for row in rows)


def watermark(session: Session, account_id: UUID, name: str) -> Compared | None:
    """Give one list as last compared; None when it never was."""
    row = session.get(Watermark, (account_id, name))
    return None if row is None else _compared(row)


def move_watermark(
    session: Session,
    account_id: UUID,
    name: str,
    *,
    reached: datetime,
    now: datetime,
    found: int = 0,
    missed: int = 0,
) -> None:
    """Say that the list is compared up to `reached`; never back, whoever ends last."""
    row = _row(session, account_id, name, reached=reached, now=now)
    row.reached, row.compared_at = max(row.reached, reached), now
    row.found, row.missed = found, missed
    session.add(row)


def cover_from(
    session: Session, account_id: UUID, name: str, *, start: datetime, now: datetime
) -> None:
    """Say from when on the comparison has no gap; moves both ways."""
    row = _row(session, account_id, name, reached=start, now=now)
    row.reached, row.compared_at = start, now
    session.add(row)


def is_under_way(session: Session, events: Collection[Event], *, now: datetime) -> bool:
    """Say whether a comparison that `events` ask for is going on already.

    A later page of it waits or is worked on, or an older request is just being worked on. One
    that died is settled, or has waited too long, and is in nobody's way.
    """
    first = min(events, key=lambda event: event.id)
    a_page = and_(_E.subject == PAGE, _E.recorded_at > now - RUN_LASTS, _E.hold_cause.is_(None))
    at_work = and_(_E.claimed_until > now, _E.id < first.id)
    alike = (
        _E.account_id == first.account_id,
        _E.name == first.name,
        _E.settled_at.is_(None),
        _E.id.not_in([event.id for event in events]),
    )
    return bool(session.scalar(select(exists().where(*alike, or_(a_page, at_work)))))


def _row(
    session: Session, account_id: UUID, name: str, *, reached: datetime, now: datetime
) -> Watermark:
    """Give the row, locked, made now when it is not there yet."""
    new = Watermark(account_id=account_id, name=name, reached=reached, compared_at=now)
    insert = insert_for(session)(Watermark).values(new.model_dump())
    session.execute(insert.on_conflict_do_nothing())
    return session.get_one(Watermark, (account_id, name), with_for_update=True)


def _compared(row: Watermark) -> Compared:
    return Compared(
        name=row.name,
        reached=row.reached,
        compared_at=row.compared_at,
        found=row.found,
        missed=row.missed,
    )
