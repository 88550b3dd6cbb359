"""A database that is locked, down or hanging: 503 whatever the secret, and nothing half-kept."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from shared.db.engine import open_engine
from shared.db.migrate import migrate
from tests.integration.webhooks.edge import PATHS, Edge
from tests.servers.postgresql import private_postgresql
from tests.servers.processes import NoServer
from tests.servers.protocol import Server
from tests.servers.tables import copied_sqlite, empty_postgresql
from tests.waiting import until

VENDORS = ["brightpearl", "shiphero"]
DEADLINE = 0.9
SECRETS = ["known", "unknown"]


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[tuple[Edge, sqlite3.Connection]]:
    """Give an edge and the connection of another writer."""
    file = tmp_path / "edge.sqlite"
    copied_sqlite(file).dispose()
    edge = Edge(f"sqlite:///{file}", keep_deadline=DEADLINE)
    edge.open()
    writer = sqlite3.connect(file, isolation_level=None)
    yield edge, writer
    writer.close()
    edge.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Give a PostgreSQL that may be stopped, because it is this module's own."""
    with private_postgresql(durable=True) as server:
        engine = open_engine(server.url)
        migrate(engine)
        engine.dispose()
        yield server


@pytest.fixture
def postgresql_edge(server: Server) -> Iterator[Edge]:
    with ExitStack() as until_the_end:
        empty_postgresql(server.url)
        until_the_end.callback(server.start)
        edge = Edge(server.url, keep_deadline=DEADLINE)
        until_the_end.callback(edge.close)
        edge.open()
        yield edge
        until_the_end.pop_all()
        edge.close()


def path_of(vendor: str, secret: str) -> str:
    return {"known": PATHS[vendor], "unknown": "a-guess"}[secret]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_database_locked_by_another_writer_answers_503(
    locked: tuple[Edge, sqlite3.Connection], vendor: str, secret: str
) -> None:
    edge, writer = locked
    writer.execute("BEGIN IMMEDIATE")

    answer = edge.genuine(vendor, path_of(vendor, secret))
    writer.execute("ROLLBACK")

    assert answer.status_code == 503
    until(lambda: len(edge.rows()) == edge.counted()[0], what="nothing is half-kept")


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_webhook_refused_for_a_lock_is_kept_once_when_it_comes_again(
    locked: tuple[Edge, sqlite3.Connection], vendor: str
) -> None:
    edge, writer = locked
    writer.execute("BEGIN IMMEDIATE")
    edge.genuine(vendor)
    writer.execute("ROLLBACK")

    assert edge.genuine(vendor).status_code == 200
    assert len(edge.rows()) == 1
    assert edge.counted()[0] == 1


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_stopped_postgresql_answers_503_and_works_again_afterwards(
    postgresql_edge: Edge, server: Server, vendor: str, secret: str
) -> None:
    path = path_of(vendor, secret)
    edge = postgresql_edge
    edge.genuine(vendor)  # connections stand, and break

    server.kill()
    refused = [edge.genuine(vendor, path) for _ in range(3)]
    server.start()
    edge.engine.dispose()  # what this test itself reads by broke with the server

    assert [answer.status_code for answer in refused] == [503, 503, 503]
    assert edge.genuine(vendor).status_code == 200
    assert edge.counted() == (1, 1)
    assert len(edge.rows()) == 1


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_hanging_postgresql_answers_503_and_works_again_afterwards(
    postgresql_edge: Edge, server: Server, vendor: str, secret: str
) -> None:
    edge, path = postgresql_edge, path_of(vendor, secret)
    edge.genuine(vendor, "a-guess")  # a connection stands

    with frozen(server):
        refused = [edge.genuine(vendor, path) for _ in range(3)]
        ready = edge.apps[vendor].test_client().get("/readyz")

    assert [answer.status_code for answer in (*refused, ready)] == [503, 503, 503, 503]
    assert until(lambda: edge.genuine(vendor).status_code == 200, what="it keeps again")
    until(lambda: len(edge.rows()) == edge.counted()[0] == 1, what="what was late is whole")


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Stop every process of the server until the block ends: connections stand, nobody answers."""
    ids = processes_of(server)
    try:
        for one in ids:
            _tell(one, signal.SIGSTOP)
        yield
    finally:
        for one in ids:
            _tell(one, signal.SIGCONT)


def processes_of(server: Server) -> list[int]:
    """Find the server's processes: the one we started and its children."""
    process = getattr(server, "_process", None)
    if process is None:
        raise NoServer("A database that hangs needs an installed PostgreSQL: apt-get install it.")
    children = [
        int(status.parent.name)
        for status in Path("/proc").glob("[0-9]*/stat")
        if _parent(status) == process.id
    ]
    return [process.id, *children]


def _parent(status: Path) -> int:
    """Read a process's parent; 0 for one that ended meanwhile."""
    try:
        # The name in the second field may hold anything, but ends with the last bracket.
        return int(status.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _tell(process: int, number: signal.Signals) -> None:
    # A backend may end by itself between being found and being told.
    with suppress(ProcessLookupError):
        os.kill(process, number)
