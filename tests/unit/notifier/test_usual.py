"""When what came is too little for its weekday and hour."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.usual import HOUR, CountOf, Silence, silence_at

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
Rate = Callable[[datetime], int | None]


def merchant(
    rate: Rate, *, silent: timedelta = timedelta(), end: datetime = MONDAY_NOON
) -> CountOf:
    """Build the hours of a merchant, of which nothing came for so long before `end`."""

    def count(begin: datetime) -> int | None:
        return 0 if begin >= end - silent else rate(begin)

    return count


def steady(count: int) -> Rate:
    """Bring the same each hour."""
    return lambda _begin: count


def look(count_of: CountOf, *, end: datetime = MONDAY_NOON, zone: tzinfo = UTC) -> Silence | None:
    """Look at the hours before `end`."""
    return silence_at(end, count_of, zone)


def in_the_day(begin: datetime) -> int:
    """Bring forty an hour from nine to five on working days in London."""
    here = begin.astimezone(LONDON)
    is_open = here.weekday() < 5 and 9 <= here.hour < 17
    return 40 if is_open else 0


def test_an_hour_without_any_where_forty_are_usual_is_silence() -> None:
    found = look(merchant(steady(40), silent=HOUR))

    assert found == Silence(hours=1, seen=0, low=40, high=40)


def test_the_usual_is_told_as_a_range_of_most_weeks() -> None:
    by_week = {week: 30 + 3 * week for week in range(1, 9)}
    by_week[3] = 400  # a sale

    def rate(begin: datetime) -> int:
        return by_week.get((MONDAY_NOON - begin).days // 7, 30)

    found = look(merchant(rate, silent=HOUR))

    assert found is not None
    assert (found.low, found.high) == (36, 51)


@pytest.mark.parametrize("seen", [11, 20, 40, 400])
def test_fewer_than_usual_is_no_silence_yet(seen: int) -> None:
    assert look(merchant(lambda begin: seen if begin >= MONDAY_NOON - HOUR else 40)) is None


def test_nights_and_weekends_are_usually_silent() -> None:
    hours = [MONDAY_NOON + number * HOUR for number in range(7 * 24)]

    assert [hour for hour in hours if look(in_the_day, end=hour, zone=LONDON)] == []


def test_each_merchant_s_rarer_hours_need_a_longer_silence() -> None:
    quiet_for = {
        rate: next(
            hours
            for hours in (1, 2, 4, 8, 24, 72, 999)
            if hours == 999 or look(merchant(steady(rate), silent=hours * HOUR))
        )
        for rate in (1, 2, 4, 8, 16)
    }

    assert quiet_for == {1: 24, 2: 8, 4: 4, 8: 2, 16: 1}


def test_a_merchant_of_three_notes_a_day_makes_no_noise_for_days() -> None:
    def rate(begin: datetime) -> int:
        return 1 if begin.hour in {9, 12, 15} else 0

    assert look(merchant(rate, silent=timedelta(days=2))) is None


@pytest.mark.parametrize(("weeks", "is_told"), [(3, False), (4, True)])
def test_without_weeks_of_history_nothing_is_usual(weeks: int, *, is_told: bool) -> None:
    def rate(begin: datetime) -> int | None:
        return 40 if begin >= MONDAY_NOON - timedelta(weeks=weeks, hours=1) else None

    assert (look(merchant(rate, silent=HOUR)) is not None) is is_told


def test_a_holiday_in_the_weeks_before_changes_the_usual_little() -> None:
    def rate(begin: datetime) -> int:
        return 0 if (MONDAY_NOON - begin).days // 7 == 1 else 40

    found = look(merchant(rate, silent=HOUR))

    assert found == Silence(hours=1, seen=0, low=40, high=40)


def test_weeks_of_closing_make_a_closed_shop_the_usual() -> None:
    def rate(begin: datetime) -> int:
        return 0 if (MONDAY_NOON - begin).days // 7 <= 2 else 40

    assert look(merchant(rate, silent=HOUR)) is None


def test_a_season_that_ends_is_no_silence() -> None:
    def rate(begin: datetime) -> int:
        return 12 if begin >= MONDAY_NOON - timedelta(days=2) else 40

    assert look(merchant(rate)) is None


def test_an_hour_that_nobody_counted_proves_nothing() -> None:
    missing = MONDAY_NOON - HOUR

    assert look(lambda begin: None if begin == missing else 40) is None


def test_what_comes_again_ends_a_longer_silence() -> None:
    def rate(begin: datetime) -> int:
        if begin >= MONDAY_NOON - HOUR:
            return 4
        return 0 if begin >= MONDAY_NOON - timedelta(hours=72) else 5

    assert look(merchant(rate)) is None


def test_a_trickle_does_not_end_it() -> None:
    def rate(begin: datetime) -> int:
        if begin == MONDAY_NOON - HOUR:
            return 1
        return 0 if begin >= MONDAY_NOON - timedelta(hours=8) else 5

    found = look(merchant(rate))

    assert found is not None
    assert found.seen == 1


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)]
)
def test_summer_time_moves_the_usual_with_the_account_s_clock(day: datetime) -> None:
    """The week after the change, at ten on London's clock, is held against ten o'clock before."""
    local = day.replace(hour=10, tzinfo=LONDON)
    end = local.astimezone(UTC)

    opened = silence_at(end, merchant(in_the_day, silent=HOUR, end=end), LONDON)
    before_opening = silence_at(end - HOUR, in_the_day, LONDON)

    assert opened == Silence(hours=1, seen=0, low=40, high=40)
    assert before_opening is None


@given(st.integers(0, 60), st.lists(st.integers(0, 400), min_size=8, max_size=8))
def test_who_brings_the_usual_is_never_silent(extra: int, weeks: list[int]) -> None:
    def rate(begin: datetime) -> int:
        week = (MONDAY_NOON - begin - timedelta(microseconds=1)).days // 7
        return max(weeks) + extra if week == 0 else weeks[min(week, 8) - 1]

    assert look(rate) is None
