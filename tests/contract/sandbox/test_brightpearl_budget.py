"""Whose calls count in which pool, how long a window is, and how long a call takes (section 4)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.brightpearl.throttle import Throttle
from sandbox.clock import Clock
from sandbox.settings import Settings
from sandbox.world import World, build_world
from tests.contract.sandbox.oauth import OAuthApp
from tests.contract.sandbox.playing import STAFF, BrightpearlCaller, FakeClock

LEFT = "Brightpearl-Requests-Remaining"
WAREHOUSES = "/warehouse-service/warehouse"


def test_an_oauth_app_has_a_pool_of_its_own(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    token = OAuthApp(client).connect()["access_token"]
    brightpearl.call("GET", WAREHOUSES)

    answer = OAuthApp(client).call(token)

    assert answer.headers[LEFT] == "199"


def test_an_oauth_apps_limit_can_be_raised(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/switches", json={"flexible_limit": 600})
    token = OAuthApp(client).connect()["access_token"]

    raised = OAuthApp(client).call(token)

    assert raised.headers[LEFT] == "599"
    assert brightpearl.call("GET", WAREHOUSES).headers[LEFT] == "199"


def test_another_integration_spends_the_private_apps_pool(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    told = client.post("/control/accounts/demo/spend", json={"requests": 150}).get_json()

    answer = brightpearl.call("GET", WAREHOUSES)

    assert (told["remaining"], answer.headers[LEFT]) == (50, "49")


def test_refused_calls_count_too(brightpearl: BrightpearlCaller) -> None:
    brightpearl.call("GET", "/product-service/product-search?updatedOn=soon")
    brightpearl.call("PUT", "/warehouse-service/goods-note/goods-out/1", {"priority": True})

    assert brightpearl.call("GET", WAREHOUSES).headers[LEFT] == "197"


@pytest.mark.parametrize(("scale", "period"), [(1.0, 37_000), (0.1, 1000)])
def test_the_window_follows_the_time_scale(world: World, scale: float, period: int) -> None:
    now = FakeClock(1_782_900_023.0)
    throttle = Throttle(Clock(scale=scale, now=now), world.switches)

    assert throttle.count("demo", "private apps").next_period_ms == period


def test_the_throttles_status_can_be_429(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/switches", json={"throttle_limit": 0, "throttle_status": 429})

    assert brightpearl.call("GET", WAREHOUSES).status_code == 429


def test_slow_calls_do_not_wait_for_each_other() -> None:
    at_once = threading.Barrier(5)

    def pause(_: float) -> None:
        at_once.wait(10)

    world = build_world(Settings(), Clock(pause=pause))
    app = create_app(world)
    world.switches.turn({"brightpearl_latency": 0.3})

    def call(_: int) -> int:
        address = f"/public-api/demo{WAREHOUSES}"
        return app.test_client().get(address, headers=STAFF).status_code

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(call, range(5)))

    world.store.close()
    assert statuses == [200] * 5
