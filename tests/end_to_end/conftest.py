"""The whole system as separate processes, on each pair of database and broker."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.embedded import demo, smoke
from deploy.embedded.smoke import SmokeRun
from tests.end_to_end.forged import connect_demo, start
from tests.end_to_end.room import Room
from tests.end_to_end.standing import Standing, wait_until_at_rest
from tests.servers.fixtures import fresh_broker, fresh_database

EMBEDDED, SERVERS = "sqlite and files", "postgresql and rabbitmq"
PAIRS = (EMBEDDED, SERVERS)
NEVER = 1_000_000.0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Keep the tests of one standing system together, in one worker."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and (pair := callspec.params.get("standing")):
            item.add_marker(pytest.mark.xdist_group(pair))


@pytest.fixture(params=PAIRS)
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmokeRun]:
    """Give a running system with a connected demo account, whose warehouse ships by itself."""
    run = start(tmp_path, servers(request))
    with run.supervisor:
        connect_demo(run)
        wait_until_at_rest(run)
        yield run


@pytest.fixture(params=PAIRS)
def commanded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmokeRun]:
    """Give the same, each process started by its own command, as it is where nothing is forked."""
    run = smoke.start(tmp_path, servers(request))
    with run.supervisor:
        demo.connect_demo(run.environment)
        yield run


@pytest.fixture(scope="session", params=PAIRS)
def standing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """Give the system that the tests of a pair share; nothing ships there by itself."""
    with ExitStack() as until_end:
        given = {}
        if request.param == SERVERS:
            postgresql, rabbitmq = (
                request.getfixturevalue(name) for name in ("postgresql_url", "rabbitmq_url")
            )
            template = request.getfixturevalue("postgresql_template")
            given = {
                "DATABASE_URL": until_end.enter_context(fresh_database(postgresql, template)),
                "BROKER_URL": until_end.enter_context(fresh_broker(rabbitmq, request.config)),
            }
        run = start(tmp_path_factory.mktemp("standing"), given, ship_after=NEVER)
        until_end.enter_context(run.supervisor)
        connect_demo(run)
        wait_until_at_rest(run)
        yield Standing.of(run)


@pytest.fixture
def room(standing: Standing) -> Room:
    """Give the shared system, as if new: for tests whose traces bother no other."""
    standing.tidy()
    return Room(standing.run)


@pytest.fixture
def floor(room: Room) -> Room:
    """Give the warehouse floor of the shared system."""
    return room


@pytest.fixture(params=PAIRS)
def own_room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """Give a system to a test that would leave it spoiled; nothing ships there by itself."""
    run = start(tmp_path, servers(request), ship_after=NEVER)
    with run.supervisor:
        connect_demo(run)
        wait_until_at_rest(run)
        yield Room(run)


def servers(request: pytest.FixtureRequest) -> dict[str, str]:
    """Give the addresses of the pair that a fixture is for."""
    if request.param != SERVERS:
        return {}
    return {
        "DATABASE_URL": request.getfixturevalue("copied_postgresql"),
        "BROKER_URL": request.getfixturevalue("broker_url_rabbitmq"),
    }


@pytest.fixture
def embedded(tmp_path: Path) -> Callable[[], SmokeRun]:
    """Give a way to have an embedded system that the test starts and stops by itself."""
    return lambda: start(tmp_path, {})
