"""When the backlog will be done, and how long the first fetch still takes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.dashboard.fetching import seconds_left
from services.portal.dashboard.forecast import Allowed, Forecast, Pace, forecast
from services.portal.dashboard.outlook import Outlook, outlook_of
from shared.catalogue.parts import Part
from shared.catalogue.progress import PartProgress

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUSH, RETURN = "shiphero_push", "shipment_return"
BRIGHTPEARL = Allowed(vendor="brightpearl", at_once=100, per_second=3.0)
SHIPHERO = Allowed(vendor="shiphero", at_once=600, per_second=12.0)


def done_in(
    backlog: Mapping[str, int],
    *allowed: Allowed,
    paces: Mapping[str, Pace] | None = None,
) -> Forecast:
    return forecast(backlog, allowed or (BRIGHTPEARL, SHIPHERO), paces or {})


def test_without_a_backlog_it_is_done_already() -> None:
    assert done_in({PUSH: 0, RETURN: 0}).seconds == 0.0


def test_the_slower_vendor_bounds_it() -> None:
    # 1,000 orders take 12,000 credits, of which 600 are there; requests would do in no time.
    assert done_in({PUSH: 1000}) == Forecast(seconds=950.0, why="shiphero")
    assert done_in({RETURN: 5000}).why == "shiphero"


def test_what_fits_at_once_takes_no_time() -> None:
    assert done_in({PUSH: 50}).seconds == 0.0


def test_a_closed_vendor_is_waited_for() -> None:
    closed = Allowed(vendor="brightpearl", at_once=100, per_second=3.0, opens_in=40.0)

    assert done_in({PUSH: 1}, closed, SHIPHERO) == Forecast(seconds=40.0, why="brightpearl")


def test_a_vendor_that_allows_nothing_leaves_it_open() -> None:
    assert done_in({PUSH: 1}, Allowed(vendor="shiphero", at_once=0, per_second=0)).seconds is None
    assert forecast({PUSH: 1}, (), {}).seconds is None


def test_the_pace_of_late_is_believed_once_enough_were_done() -> None:
    quick, scarce = Pace(done=600, within=600), Pace(done=5, within=600)

    assert done_in({PUSH: 300}, paces={PUSH: quick}).seconds == 300.0
    assert done_in({PUSH: 300}, paces={PUSH: scarce}).why == "shiphero"


def test_both_ways_go_on_side_by_side_at_their_own_pace() -> None:
    paces = {PUSH: Pace(done=600, within=600), RETURN: Pace(done=60, within=600)}

    assert done_in({PUSH: 300, RETURN: 60}, paces=paces).seconds == 600.0
    assert done_in({PUSH: 300, RETURN: 60}, paces={PUSH: paces[PUSH]}).why == "shiphero"


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_more_never_takes_less_time(some: int, more: int) -> None:
    fewer, all_of_them = done_in({PUSH: some}).seconds, done_in({PUSH: some + more}).seconds

    assert fewer is not None
    assert all_of_them is not None
    assert fewer <= all_of_them


def test_a_forecast_is_put_into_words() -> None:
    told = outlook_of({PUSH: 1200, RETURN: 1}, Forecast(seconds=540.0, why="shiphero"), now=NOON)

    assert told == Outlook(
        waiting="1,200 notes and 1 shipment",
        sentence="Done in about 9 min, by what ShipHero allows.",
        at=NOON + timedelta(minutes=9),
    )


def a_part(**known: object) -> PartProgress:
    usual: dict[str, object] = {
        "part": Part.PRODUCTS,
        "state": "running",
        "done": 3000,
        "total": 12_000,
        "started_at": NOON,
        "moved_at": NOON + timedelta(minutes=3),
        "ended_at": None,
    }
    return PartProgress(**(usual | known))  # type: ignore[arg-type]


def test_the_fetch_takes_as_long_as_its_slowest_part() -> None:
    quick = a_part(part=Part.CHANNELS, done=11_000)

    assert seconds_left([quick, a_part()]) == 540.0


@pytest.mark.parametrize(
    "unknown",
    [{"total": None}, {"done": 0}, {"moved_at": NOON}, {"state": "done"}, {"state": "waiting"}],
)
def test_a_part_that_tells_too_little_is_not_estimated(unknown: dict[str, object]) -> None:
    assert seconds_left([a_part(**unknown)]) is None
