"""Long hours of several processes at one ShipHero, in virtual time."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events import Lane
from tests.unit.budgets.simulation import Price, Shared, Simulation, Weather
from tests.unit.budgets.vendors_counting import CountingShipHero

MINUTE = 60.0
BUCKETS = {4004: 60.0, 2002: 30.0, 1001: 15.0}  # those that were seen (contract §3)
# Credits that fill the bucket in a run: what is left in it at the end weighs little beside them.
LONG_ENOUGH = 10_000
A_LOOK_UP = 206  # credits that five orders with twenty lines each are estimated at


Prices = Callable[[random.Random], Price]


def cheap(dice: random.Random) -> Price:
    """Price a mutation, which takes up to its estimate."""
    return Price(needed=10, cost=dice.randint(1, 10))


def mixed(dice: random.Random) -> Price:
    """Price one of ten calls as a look-up, which takes far less than its estimate."""
    return Price(needed=A_LOOK_UP, cost=dice.randint(2, 40)) if dice.random() < 0.1 else cheap(dice)


def a_shiphero(most: int = 4004, held: float | None = None) -> CountingShipHero:
    """Build a bucket of one of the sizes seen, full unless said otherwise."""
    return CountingShipHero(
        most=most,
        refill=BUCKETS[most],
        held=float(most) if held is None else held,
        lowest=float(most),
    )


def a_run(vendor: CountingShipHero, weather: Weather, price: Prices = cheap) -> Simulation:
    """Build a backlog's simulation at 90 % of a bucket."""
    return Simulation(
        lambda at, its: vendor.take(at, needed=its.needed, cost=its.cost),
        Shared("shiphero", 90),
        weather,
        price,
    )


weathers = st.builds(
    Weather,
    seed=st.integers(0, 2**32),
    processes=st.integers(2, 5),
    threads=st.integers(8, 16),
    apart=st.sampled_from([0.0, 0.5, 1.5]),
    slow=st.sampled_from([0.0, 0.02]),
    lost=st.sampled_from([0.0, 0.005]),
    silent=st.sampled_from([0.0, 0.01]),
    dying=st.sampled_from([0.0, 0.005]),
    backfill=st.sampled_from([0.0, 0.5, 0.9]),
)
few = settings(
    max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@few
@given(
    weather=weathers, most=st.sampled_from(sorted(BUCKETS)), price=st.sampled_from([cheap, mixed])
)
def test_no_call_is_refused_the_reserve_stays_and_what_comes_in_is_used(
    weather: Weather, most: int, price: Prices
) -> None:
    vendor = a_shiphero(most)
    simulation = a_run(vendor, weather, price)
    seconds = LONG_ENOUGH / vendor.refill

    simulation.run(MINUTE)
    begun = vendor.spent
    simulation.go_on(MINUTE + seconds)

    assert vendor.refused == 0
    assert vendor.lowest >= most // 10
    assert (vendor.spent - begun) / (seconds * vendor.refill) >= 0.95


@few
@given(seed=st.integers(0, 2**32), held=st.integers(0, 400))
def test_a_bucket_found_nearly_empty_costs_one_refused_call_at_most(seed: int, held: int) -> None:
    vendor = a_shiphero(held=float(held))

    a_run(vendor, Weather(seed=seed, lost=0.01)).run(MINUTE / 2)

    assert vendor.refused <= 1


def test_beside_others_that_spend_we_are_not_refused() -> None:
    vendor = a_shiphero()
    simulation = a_run(vendor, Weather(seed=1, slow=0.02))

    def ask(at: float) -> None:
        vendor.take(at, needed=10, cost=10, is_ours=False)
        simulation.at(at + simulation.dice.expovariate(2.0), ask)

    simulation.at(0.0, ask)
    simulation.run(3 * MINUTE)

    assert vendor.refused == 0
    # What others leave: sixty credits a second less twenty.
    assert vendor.spent >= 0.95 * 3 * MINUTE * 40


@pytest.mark.parametrize("most", [1001, 4004])
@pytest.mark.parametrize("backfill", [0.0, 1.0], ids=["live", "backfill"])
def test_a_dear_live_call_waits_no_longer_than_its_credits_need(most: int, backfill: float) -> None:
    vendor = a_shiphero(most)
    simulation = a_run(vendor, Weather(seed=3, backfill=backfill))
    waited: list[float] = []

    def look_up(at: float, first: float) -> None:
        price = Price(needed=A_LOOK_UP, cost=6)
        again = simulation.ask_once(f"look-up {at}", price, Lane.LIVE, at)
        if again:
            simulation.at(again + 0.1, lambda at: look_up(at, first))
            return
        waited.append(at - first)
        simulation.at(at + 600 / vendor.refill, lambda at: look_up(at, at))

    simulation.at(MINUTE, lambda at: look_up(at, at))
    simulation.run(MINUTE + 6000 / vendor.refill)

    # Filling takes so long where nothing is left, with a turn for the cheaper ones before.
    assert len(waited) >= 5
    assert max(waited) <= (A_LOOK_UP + 180) / vendor.refill + 4


def test_live_calls_wait_for_no_backfill() -> None:
    vendor = a_shiphero(1001)
    simulation = a_run(vendor, Weather(seed=5, backfill=1.0))
    waited: list[float] = []

    def live(at: float) -> None:
        again = simulation.ask_once(f"live {at}", Price(needed=10, cost=10), Lane.LIVE, at)
        waited.append(max(0.0, again - at))
        simulation.at(at + 20.0, live)

    simulation.at(2 * MINUTE, live)
    simulation.run(8 * MINUTE)

    assert waited == [0.0] * 18
