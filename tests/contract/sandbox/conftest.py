"""A sandbox in the test's own process, with a clock that stands still."""

import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.clock import Clock
from sandbox.server import open_server
from sandbox.settings import Settings
from sandbox.world import World, build_world
from tests.contract.sandbox.playing import BrightpearlCaller, FakeClock, Receiver, ShipHeroCaller
from tests.contract.sandbox.served import Served


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> Iterator[World]:
    """Give a world whose webhooks are kept but not sent."""
    world = build_world(Settings(seed=7), Clock(now=clock, pause=clock.turn))
    yield world
    world.deliveries.stop()
    world.store.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world).test_client()


@pytest.fixture
def brightpearl(client: FlaskClient) -> BrightpearlCaller:
    return BrightpearlCaller(client)


@pytest.fixture
def shiphero(client: FlaskClient) -> ShipHeroCaller:
    return ShipHeroCaller(client)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def note_id(client: FlaskClient) -> int:
    """Give the goods-out note of a new sales order."""
    made = client.post("/control/sales-orders", json={"warehouseId": 2}).get_json()
    number: int = made["orders"][0]["noteIds"][0]
    return number


@pytest.fixture
def served() -> Iterator[Served]:
    """Serve a sandbox over HTTP that sends its webhooks; its pauses are a hundredth."""
    world = build_world(Settings(seed=7), Clock(scale=0.01))
    server = open_server(create_app(world), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    world.deliveries.start()
    served = Served(world, f"http://127.0.0.1:{server.port}")
    yield served
    served.close()
    server.shutdown()
    server.server_close()
    thread.join()
    world.deliveries.stop()
    world.store.close()
