"""What is dear to count over many notes: by state, by hour, how long each way takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select, text
from sqlmodel import Session

from services.portal.dashboard.usual_hours import usual_hours
from services.portal.log.sync_log import count_by_state
from services.portal.log.wanted import ON_THE_WAY, SYNCED
from shared.days import begin_of, day_of, zone_of
from shared.db.journal_tables import EVENT, TOLD_BY_WEBHOOK
from shared.db.note_tables import SYNC_LOG
from shared.events import SHIPMENT_ANNOUNCED
from shared.notes.state import KEPT_BACK
from shared.took import Took, took
from shared.usual import Usual

_N, _E = SYNC_LOG.c, EVENT.c

A_DAY: Final = timedelta(days=1)
HOUR: Final = 3600
# So many of the newest tell how long it takes; more would only cost time.
SAMPLE: Final = 2000
# More late notes than this are not counted one by one.
LATE_AT_MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Hour:
    """What came in and was done in the hour from `at` on."""

    at: datetime
    came: int
    sent: int
    shipped: int
    # How many notes usually come in it; None while too few weeks are known.
    usual: Usual | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures as of one moment."""

    by_state: Mapping[str, int]
    sending: Took | None
    writing_back: Took | None
    oldest_waiting: datetime | None
    late: int


def read_figures(session: Session, account_id: UUID, *, now: datetime) -> Figures:
    """Count for one account."""
    return Figures(
        by_state=count_by_state(session, account_id),
        sending=_took(_sending(session, account_id, since=now - A_DAY)),
        writing_back=_took(_writing_back(session, account_id, since=now - A_DAY)),
        oldest_waiting=_oldest_waiting(session, account_id),
        late=_late(session, account_id, before=now - A_DAY),
    )


def read_hours(session: Session, account_id: UUID, zone: str, *, now: datetime) -> Sequence[Hour]:
    """Count notes in, sent and written back by the hour, from yesterday's midnight on."""
    start = yesterday(zone, now=now)
    came = _by_hour(session, account_id, _N.inserted_at, start=start, now=now)
    sent = _by_hour(session, account_id, _N.synced_at, start=start, now=now)
    shipped = _by_hour(session, account_id, _N.shipped_at, start=start, now=now)
    hours = int((now - start).total_seconds()) // HOUR + 1
    times = [start + timedelta(hours=number) for number in range(hours)]
    known = usual_hours(session, account_id, zone, times)
    return [
        Hour(
            at=at,
            came=came.get(number, 0),
            sent=sent.get(number, 0),
            shipped=shipped.get(number, 0),
            usual=known.get(at),
        )
        for number, at in enumerate(times)
    ]


def yesterday(zone: str, *, now: datetime) -> datetime:
    """Give the midnight with which the account's yesterday began, in UTC."""
    here = zone_of(zone)
    return begin_of(day_of(now, here) - A_DAY, here)


def _took(pairs: Sequence[tuple[datetime, datetime]]) -> Took | None:
    return took([(end - begin).total_seconds() for begin, end in pairs])


def _sending(
    session: Session, account_id: UUID, *, since: datetime
) -> Sequence[tuple[datetime, datetime]]:
    rows = session.execute(
        select(_N.inserted_at, _N.synced_at)
        .where(_N.account_id == account_id, _N.synced_at >= since)
        .order_by(_N.synced_at.desc())
        .limit(SAMPLE)
    )
    return [(begin, end) for begin, end in rows]


def _writing_back(
    session: Session, account_id: UUID, *, since: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """Give when ShipHero's webhooks came and when what they told was true in Brightpearl."""
    rows = session.execute(
        select(_E.recorded_at, _E.settled_at)
        .where(
            _E.account_id == account_id,
            _E.recorded_at >= since,
            _E.name == SHIPMENT_ANNOUNCED,
            text(TOLD_BY_WEBHOOK),
            _E.outcome == "delivered",
        )
        .order_by(_E.recorded_at.desc())
        .limit(SAMPLE)
    )
    return [(begin, end) for begin, end in rows]


def _oldest_waiting(session: Session, account_id: UUID) -> datetime | None:
    oldest: datetime | None = session.execute(
        select(_N.inserted_at)
        .where(_N.account_id == account_id, _N.state == ON_THE_WAY, _N.order_stage != KEPT_BACK)
        .order_by(_N.inserted_at)
        .limit(1)
    ).scalar()
    return oldest


def _late(session: Session, account_id: UUID, *, before: datetime) -> int:
    late = (
        select(_N.note_id)
        .where(_N.account_id == account_id, _N.state == SYNCED, _N.synced_at < before)
        .limit(LATE_AT_MOST)
        .subquery()
    )
    count: int = session.execute(select(func.count()).select_from(late)).scalar_one()
    return count


def _by_hour(
    session: Session,
    account_id: UUID,
    at: ColumnElement[datetime],
    *,
    start: datetime,
    now: datetime,
) -> Mapping[int, int]:
    hour = hours_since(session, at, start)
    counted = session.execute(
        select(hour, func.count())
        .where(_N.account_id == account_id, at >= start, at <= now)
        .group_by(hour)
    )
    return {number: count for number, count in counted}  # noqa: C416 - rows are no pairs to mypy


def hours_since(
    session: Session, at: ColumnElement[datetime], start: datetime
) -> ColumnElement[int]:
    """Give in which hour after `start` a moment lies, from 0 on."""
    seconds = extract("epoch", at) - int(start.timestamp())
    # SQLite counts whole seconds, and may have no function to round down.
    is_whole = session.get_bind().dialect.name == "sqlite"
    return cast(seconds if is_whole else func.floor(seconds), Integer) // HOUR
