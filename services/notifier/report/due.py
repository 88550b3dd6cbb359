"""Which day's report is due, by an account's own clock; pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.days import day_of

A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """The report about `day` goes out at `at`, the morning after."""

    day: date
    at: datetime


def last_due(now: datetime, *, report_at: str, zone: ZoneInfo) -> Due:
    """Give the report that was due last: only that one is made up for after a standstill.

    An hour that the clocks leave out comes when they have gone on; of one that they show twice
    the first counts. `report_at` is "HH:MM".
    """
    hour = time.fromisoformat(report_at)
    morning = day_of(now, zone)
    at = _moment(morning, hour, zone)
    if at > now:
        morning -= A_DAY
        at = _moment(morning, hour, zone)
    return Due(day=morning - A_DAY, at=at)


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
