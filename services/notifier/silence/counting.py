"""How many notes, shipments and webhooks came in each hour: counted once it is over, and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from services.notifier.silence.signals import SIGNALS
from shared.db.engine import insert_for
from shared.db.history_tables import HOUR_COUNT, HourCount
from shared.db.journal_tables import EVENT
from shared.db.note_tables import SYNC_LOG
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED
from shared.signals import BRIGHTPEARL_WEBHOOKS, NOTES, SHIPHERO_WEBHOOKS, SHIPMENTS
from shared.usual import HOUR, WEEKS, WINDOWS, CountOf

_E, _N = EVENT.c, SYNC_LOG.c

# A transaction that began within an hour may show a little after it.
SETTLED_AFTER: Final = timedelta(minutes=2)
LOOKS_BACK: Final = timedelta(weeks=WEEKS, hours=max(WINDOWS), days=1)
HOURS_A_DAY: Final = 24
SECONDS: Final = 3600

Days = dict[date, list[int | None]]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """An account's hours up to `end`, by signal and day; `changed` days are to be kept."""

    end: datetime
    days: Mapping[str, Days]
    changed: Mapping[str, frozenset[date]]

    def count_of(self, signal: str) -> CountOf:
        """Give how many came in an hour."""
        days = self.days[signal]

        def count(begin: datetime) -> int | None:
            hours = days.get(begin.date())
            return None if hours is None else hours[begin.hour]

        return count


def count_hours(session: Session, account_id: UUID, *, now: datetime) -> Counted:
    """Read the hours that were kept, and count those that are over since; writes nothing."""
    end = (now - SETTLED_AFTER).replace(minute=0, second=0, microsecond=0)
    since = end - LOOKS_BACK
    days = {signal: _kept(session, account_id, signal, since=since) for signal in SIGNALS}
    changed = {
        signal: _add(session, account_id, signal, days[signal], since=since, end=end)
        for signal in SIGNALS
    }
    return Counted(end=end, days=days, changed=changed)


def keep_hours(session: Session, account_id: UUID, counted: Counted) -> None:
    """Write what was counted anew; an hour's number never changes, so it may be written twice."""
    rows = [
        {"account_id": account_id, "day": day, "signal": signal, "hours": counted.days[signal][day]}
        for signal, changed in counted.changed.items()
        for day in sorted(changed)
    ]
    if not rows:
        return
    insert = insert_for(session)(HOUR_COUNT)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["account_id", "day", "signal"], set_={"hours": insert.excluded.hours}
        ),
        rows,
    )


def _kept(session: Session, account_id: UUID, signal: str, *, since: datetime) -> Days:
    rows = session.exec(
        select_rows(HourCount).where(
            HourCount.account_id == account_id,
            HourCount.signal == signal,
            col(HourCount.day) >= since.date(),
        )
    )
    return {row.day: list(row.hours) for row in rows}


def _add(
    session: Session, account_id: UUID, signal: str, days: Days, *, since: datetime, end: datetime
) -> frozenset[date]:
    """Count from the last hour that was kept on; gives the days that changed."""
    at, conditions = _source(signal, account_id)
    begin = _after_last(days)
    if begin is None:
        first = session.execute(select(func.min(at, type_=at.type)).where(*conditions)).scalar()
        if first is None:
            return frozenset()
        # The first hour was not listened to as a whole.
        begin = max(since, first.replace(minute=0, second=0, microsecond=0) + HOUR)
    begin = max(begin, since)
    if begin >= end:
        return frozenset()
    counted = _by_hour(session, at, conditions, begin=begin, end=end)
    changed: dict[date, None] = {}
    for number in range(int((end - begin) / HOUR)):
        hour = begin + number * HOUR
        hours = days.setdefault(hour.date(), [None] * HOURS_A_DAY)
        hours[hour.hour] = counted.get(number, 0)
        changed[hour.date()] = None
    return frozenset(changed)


def _source(
    signal: str, account_id: UUID
) -> tuple[ColumnElement[datetime], tuple[ColumnElement[bool], ...]]:
    webhooks = {
        BRIGHTPEARL_WEBHOOKS: GOODS_OUT_NOTES_ANNOUNCED,
        SHIPHERO_WEBHOOKS: SHIPMENT_ANNOUNCED,
    }
    if signal in webhooks:
        return _E.recorded_at, (
            _E.account_id == account_id,
            _E.name == webhooks[signal],
            _E.replay_of.is_(None),
        )
    at = {NOTES: _N.inserted_at, SHIPMENTS: _N.shipped_at}[signal]
    return at, (_N.account_id == account_id, at.is_not(None))


def _after_last(days: Days) -> datetime | None:
    if not days:
        return None
    day = max(days)
    last = max((hour for hour, count in enumerate(days[day]) if count is not None), default=-1)
    return datetime.combine(day, time(), tzinfo=UTC) + (last + 1) * HOUR


def _by_hour(
    session: Session,
    at: ColumnElement[datetime],
    conditions: tuple[ColumnElement[bool], ...],
    *,
    begin: datetime,
    end: datetime,
) -> Mapping[int, int]:
    seconds = extract("epoch", at) - int(begin.timestamp())
    # SQLite counts whole seconds, and may have no function to round down.
    is_whole = session.get_bind().dialect.name == "sqlite"
    hour = cast(seconds if is_whole else func.floor(seconds), Integer) // SECONDS
    found = session.execute(
        select(hour, func.count()).where(*conditions, at >= begin, at < end).group_by(hour)
    )
    return {number: count for number, count in found}  # noqa: C416 - rows are no pairs to mypy
