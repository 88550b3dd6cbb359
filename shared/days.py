"""The days of an account, in its own zone: of 23, 24 or 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """Give a zone; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of a day, in UTC.

    Where the clocks go over midnight it is the first of two midnights, or when the day begins
    after the hour that there is not.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment after a day, in UTC."""
    return begin_of(day + timedelta(days=1), zone)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Give the day that a moment lies in."""
    return at.astimezone(zone).date()
