"""Which report is due follows from an account's own clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.report.due import Due, last_due
from shared.days import begin_of, end_of

LONDON, NEW_YORK, AUCKLAND = (
    ZoneInfo(name) for name in ("Europe/London", "America/New_York", "Pacific/Auckland")
)
ZONES = ("Europe/London", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "UTC",
         "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe")  # fmt: skip
MOMENTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2030, 1, 1)).map(  # noqa: DTZ001 - zoned here
    lambda moment: moment.replace(tzinfo=UTC)
)
TIMES = st.times().map(lambda one: f"{one:%H:%M}")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(now: str, zone: ZoneInfo, report_at: str = "07:00") -> Due:
    return last_due(utc(now), report_at=report_at, zone=zone)


@pytest.mark.parametrize(
    ("now", "zone", "day", "at"),
    [
        ("2026-11-25T06:59", LONDON, "2026-11-23", "2026-11-24T07:00"),
        ("2026-11-25T07:00", LONDON, "2026-11-24", "2026-11-25T07:00"),
        ("2026-11-25T07:00", NEW_YORK, "2026-11-23", "2026-11-24T12:00"),
        ("2026-11-25T12:00", NEW_YORK, "2026-11-24", "2026-11-25T12:00"),
        # In Auckland it is the evening of the 25th already.
        ("2026-11-25T07:00", AUCKLAND, "2026-11-24", "2026-11-24T18:00"),
    ],
)
def test_each_zone_has_its_own_morning(now: str, zone: ZoneInfo, day: str, at: str) -> None:
    assert due(now, zone) == Due(day=date.fromisoformat(day), at=utc(at))


@pytest.mark.parametrize(
    ("now", "report_at", "at"),
    [
        # On 29 March 2026 there is no 01:30 in London: it comes at 02:30 summer time.
        ("2026-03-29T01:29", "01:30", "2026-03-28T01:30"),
        ("2026-03-29T01:30", "01:30", "2026-03-29T01:30"),
        # On 25 October 2026 there are two: the first counts, the second brings no other.
        ("2026-10-25T00:30", "01:30", "2026-10-25T00:30"),
        ("2026-10-25T01:30", "01:30", "2026-10-25T00:30"),
        ("2026-03-29T06:00", "07:00", "2026-03-29T06:00"),
        ("2026-10-25T07:00", "07:00", "2026-10-25T07:00"),
    ],
)
def test_the_hour_is_kept_over_a_change_of_the_clocks(now: str, report_at: str, at: str) -> None:
    assert due(now, LONDON, report_at).at == utc(at)


def test_after_a_standstill_only_the_last_one_is_due() -> None:
    assert due("2026-11-28T15:00", LONDON).day == date(2026, 11, 27)


@given(MOMENTS, st.sampled_from(ZONES), TIMES)
def test_it_was_due_within_the_last_day_and_is_about_the_day_before(
    now: datetime, zone_name: str, report_at: str
) -> None:
    zone = ZoneInfo(zone_name)

    found = last_due(now, report_at=report_at, zone=zone)

    assert timedelta() <= now - found.at <= timedelta(hours=25)
    assert end_of(found.day, zone) <= found.at


@given(MOMENTS, st.sampled_from(ZONES), TIMES)
def test_looking_through_a_week_finds_each_day_once_and_in_order(
    now: datetime, zone_name: str, report_at: str
) -> None:
    zone = ZoneInfo(zone_name)
    looks = [now + timedelta(minutes=20 * number) for number in range(3 * 24 * 7)]

    days = [last_due(look, report_at=report_at, zone=zone).day for look in looks]

    found = list(dict.fromkeys(days))
    assert found == [found[0] + timedelta(days=number) for number in range(len(found))]


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-29", LONDON, 23),
        ("2026-10-25", LONDON, 25),
        ("2026-11-24", LONDON, 24),
        ("2026-09-06", ZoneInfo("America/Santiago"), 23),  # its clocks go forward at midnight
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_show(day: str, zone: ZoneInfo, hours: int) -> None:
    one = date.fromisoformat(day)

    assert end_of(one, zone) - begin_of(one, zone) == timedelta(hours=hours)
