"""What all tests share: the servers' fixtures, routes made quickly, no network for unit tests."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket

from tests.lazy_routes import write_routes_lazily

pytest_plugins = ["tests.servers.fixtures"]

UNIT = Path(__file__).parent / "unit"

write_routes_lazily()


def pytest_collection_finish() -> None:
    """Leave what is imported and collected by now out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_network_in_unit_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.node.path.is_relative_to(UNIT):
        yield
        return
    # Socket pairs of the machine itself are no network: an event loop wakes itself by one.
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
