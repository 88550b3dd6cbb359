"""Whole minutes of several processes at one Brightpearl, in virtual time."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events import Lane
from tests.unit.budgets.simulation import Price, Shared, Simulation, Weather
from tests.unit.budgets.vendors_counting import CountingBrightpearl

PERIOD = 60.0
WINDOWS = 5
# Slow, lost and silent answers, processes that die, clocks that differ: all in one run.
ROUGH = Weather(slow=0.02, lost=0.005, silent=0.01, dying=0.005, apart=1.5)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What a run came to: our requests in each window of the vendor's."""

    windows: list[int]
    refused: int
    part: int

    @property
    def used(self) -> float:
        """How much of our part was used while a backlog waited, begun and last windows apart."""
        full = self.windows[1:-1]
        return sum(full) / (len(full) * self.part)


def run(weather: Weather, *, share: int = 95, limit: int = 200, foreign: float = 0.0) -> Came:
    """Let a backlog wait for several windows; others ask `foreign` times a second."""
    dice = random.Random(f"others {weather.seed}")
    vendor = CountingBrightpearl(limit=limit, begun=-dice.uniform(0, PERIOD))
    simulation = Simulation(
        lambda at, _price: vendor.count(at), Shared("brightpearl", share), weather
    )

    def ask(at: float) -> None:
        vendor.count(at, is_ours=False)
        simulation.at(at + dice.expovariate(foreign), ask)

    if foreign:
        simulation.at(0.0, ask)
    simulation.run(WINDOWS * PERIOD)
    windows = [vendor.ours[number] for number in range(max(vendor.ours) + 1)]
    return Came(windows=windows, refused=vendor.refused, part=limit * share // 100)


weathers = st.builds(
    Weather,
    seed=st.integers(0, 2**32),
    processes=st.integers(2, 5),
    threads=st.integers(4, 16),
    slowest=st.sampled_from([0.2, 1.0, 1.5]),
    apart=st.sampled_from([0.0, 0.5, 1.5]),
    slow=st.sampled_from([0.0, 0.02, 0.05]),
    lost=st.sampled_from([0.0, 0.005]),
    silent=st.sampled_from([0.0, 0.01]),
    dying=st.sampled_from([0.0, 0.005]),
    backfill=st.sampled_from([0.0, 0.5, 0.9]),
)
few = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@few
@given(weather=weathers)
def test_never_one_call_over_our_part_and_no_less_than_it_while_a_backlog_waits(
    weather: Weather,
) -> None:
    came = run(weather)

    assert max(came.windows) <= came.part
    assert came.refused == 0
    assert came.used >= 0.95


@few
@given(seed=st.integers(0, 2**32))
def test_the_whole_pool_is_used_without_one_refusal_where_all_of_it_is_ours(seed: int) -> None:
    came = run(Weather(**{**vars(ROUGH), "seed": seed}), share=100)

    assert max(came.windows) <= 200
    assert came.refused == 0
    assert came.used >= 0.95


# Seeds that once went over: a request without figures was forgotten a minute after it was sent,
# while the window that counted it at its end was still open.
@pytest.mark.parametrize(
    "weather",
    [
        Weather(seed=3, slow=0.02, lost=0.005, silent=0.01, dying=0.005),
        Weather(seed=2, slow=0.02, silent=0.01, apart=1.5),
        Weather(seed=115, slow=0.1, lost=0.01),
    ],
    ids=["all at once", "clocks apart", "many slow"],
)
def test_what_told_nothing_counts_as_long_as_its_window_may_be_open(weather: Weather) -> None:
    assert max(run(weather).windows) <= 190


@few
@given(seed=st.integers(0, 2**32))
def test_beside_other_integrations_we_keep_to_our_half(seed: int) -> None:
    came = run(Weather(seed=seed, slow=0.02, silent=0.01), share=50, foreign=1.2)

    assert max(came.windows) <= 100
    assert came.refused == 0
    assert came.used >= 0.95


def test_a_pool_that_others_overrun_is_left_alone_until_it_opens() -> None:
    came = run(Weather(seed=1, slow=0.02), share=95, foreign=4.0)

    assert max(came.windows) <= 190
    # Only what was under way when the first refusal came.
    assert came.refused <= WINDOWS * 48


def test_a_raised_limit_is_used_from_the_first_window_that_told_of_it() -> None:
    came = run(Weather(seed=1, slowest=0.3), limit=600)

    assert came.windows[1:-1] == [570] * (len(came.windows) - 2)


def test_rare_live_calls_never_wait_for_backfill() -> None:
    vendor = CountingBrightpearl(begun=-17.0)
    budget = Shared("brightpearl", 95)
    simulation = Simulation(lambda at, _price: vendor.count(at), budget, Weather(backfill=1.0))
    said: list[float] = []

    def live(at: float) -> None:
        key = f"live {at}"
        said.append(simulation.ask_once(key, Price(), Lane.LIVE, at))
        simulation.at(at + 25.0, live)

    simulation.at(30.0, live)
    simulation.run(WINDOWS * PERIOD)

    assert said == [0.0] * 11
    assert max(vendor.ours.values()) <= 190
