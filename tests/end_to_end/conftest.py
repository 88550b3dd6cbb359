"""The whole system as separate processes, on each pair of database and broker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.embedded.demo import connect_demo
from deploy.embedded.smoke import SmokeRun, start

EMBEDDED, SERVERS = "sqlite and files", "postgresql and rabbitmq"


@pytest.fixture(params=[EMBEDDED, SERVERS])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmokeRun]:
    """Give a running system with a connected demo account."""
    given = {}
    if request.param == SERVERS:
        given = {
            "DATABASE_URL": request.getfixturevalue("database_url_postgresql"),
            "BROKER_URL": request.getfixturevalue("broker_url_rabbitmq"),
        }
    run = start(tmp_path, given)
    with run.supervisor:
        connect_demo(run.environment, run.ports)
        yield run


@pytest.fixture
def embedded(tmp_path: Path) -> Callable[[], SmokeRun]:
    """Give a way to have an embedded system that the test starts and stops by itself."""
    return lambda: start(tmp_path, {})
