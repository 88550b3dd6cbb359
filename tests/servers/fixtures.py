"""pytest fixtures: a PostgreSQL and a RabbitMQ for the run, an empty place in them for a test.

Both servers start at the same time, before the first test, if a collected test asks for them.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from shared.db.engine import open_engine
from shared.db.migrate import migrate
from tests.servers import ways
from tests.servers.postgresql import plain
from tests.servers.processes import private_folder
from tests.servers.protocol import BrokerServer, Server
from tests.servers.rabbitmq import Management
from tests.servers.sharing import Description, shared
from tests.servers.tables import empty_postgresql
from tests.servers.vhosts import fresh_vhost, remove_vhost


class Servers:
    """The servers of this run, each started when it is first wanted."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the workers of this run meet."""
        self._folder = folder
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="servers")
        self._until_end = ExitStack()
        self._wanted: dict[str, Future[Description]] = {}

    def want(self, name: str) -> Future[Description]:
        """Begin to start `postgresql_url` or `rabbitmq_url`, unless that was begun before."""
        if name not in self._wanted:
            start = {"postgresql_url": self._postgresql, "rabbitmq_url": self._rabbitmq}[name]
            self._wanted[name] = self._pool.submit(start)
        return self._wanted[name]

    def close(self) -> None:
        """Leave the servers; the last worker to leave removes them."""
        self._pool.shutdown(wait=True)
        self._until_end.close()

    def _postgresql(self) -> Description:
        def describe(server: Server) -> Description:
            return {"url": server.url}

        joined = shared(self._folder, "postgresql", make=ways.postgresql, describe=describe)
        return self._until_end.enter_context(joined)

    def _rabbitmq(self) -> Description:
        def describe(server: BrokerServer) -> Description:
            known = server.management
            return {
                "url": server.url,
                "management": known and [known.port, known.password, known.metrics_port],
            }

        joined = shared(self._folder, "rabbitmq", make=ways.rabbitmq, describe=describe)
        return self._until_end.enter_context(joined)


# Set by the first process of a run, inherited by its workers.
MEETING_PLACE = "GOODSOUT_TESTS_MEET_IN"
SERVERS = pytest.StashKey[Servers]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the run's servers with its configuration; nothing is started yet."""
    if not _is_worker():
        os.environ[MEETING_PLACE] = str(private_folder("tests"))
    config.stash[SERVERS] = Servers(Path(os.environ[MEETING_PLACE]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the collected tests ask for, both servers at once, before the first test runs.

    Not beside the tests: a unit test closes the network to the whole process. A failure shows in
    each test that asked for the server.
    """
    if session.config.option.collectonly:
        return
    asked = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    servers = session.config.stash[SERVERS]
    wait([servers.want(name) for name in sorted(asked & {"postgresql_url", "rabbitmq_url"})])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the servers, whatever happened."""
    config.stash[SERVERS].close()
    if not _is_worker():
        shutil.rmtree(os.environ.pop(MEETING_PLACE))


@pytest.fixture(scope="session")
def postgresql_url(pytestconfig: pytest.Config) -> str:
    """Give the URL of the run's PostgreSQL: its first database, as superuser."""
    url: str = pytestconfig.stash[SERVERS].want("postgresql_url").result()["url"]
    return url


@pytest.fixture(scope="session")
def rabbitmq_url(pytestconfig: pytest.Config) -> str:
    """Give the URL of the run's RabbitMQ: its default virtual host."""
    url: str = pytestconfig.stash[SERVERS].want("rabbitmq_url").result()["url"]
    return url


@pytest.fixture(scope="session")
def rabbitmq_management(pytestconfig: pytest.Config) -> Management:
    """Give the management of the run's RabbitMQ; a server given by its URL has none."""
    found = management_of(pytestconfig)
    return found or pytest.skip("the given RabbitMQ has no management that we may use")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> Iterator[str]:
    """Make and give the name of a migrated database of this worker, to be copied only."""
    with fresh_database(postgresql_url) as url:
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def _migrated_postgresql(postgresql_url: str, postgresql_template: str) -> Iterator[str]:
    with fresh_database(postgresql_url, postgresql_template) as url:
        yield url


@pytest.fixture
def migrated_postgresql(_migrated_postgresql: str) -> str:
    """Give the URL of a migrated database without a row; its schema must stay as it is."""
    empty_postgresql(_migrated_postgresql)
    return _migrated_postgresql


@pytest.fixture
def copied_postgresql(postgresql_url: str, postgresql_template: str) -> Iterator[str]:
    """Give the URL of a migrated database that only this test sees, for processes that stay."""
    with fresh_database(postgresql_url, postgresql_template) as url:
        yield url


@pytest.fixture
def database_url_postgresql(postgresql_url: str) -> Iterator[str]:
    """Give the URL of a database that only this test sees, without a table."""
    with fresh_database(postgresql_url) as url:
        yield url


@pytest.fixture
def broker_url_rabbitmq(rabbitmq_url: str, pytestconfig: pytest.Config) -> Iterator[str]:
    """Give the URL of a virtual host that only this test sees, with nothing declared in it."""
    with fresh_broker(rabbitmq_url, pytestconfig) as url:
        yield url


@contextmanager
def fresh_database(postgresql_url: str, template: str = "template1") -> Iterator[str]:
    """Give the URL of a copy of `template`, for as long as it lasts; else it has no table."""
    name = f"test_{secrets.token_hex(6)}"
    _execute(postgresql_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _with_database(postgresql_url, name)
    _execute(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_broker(rabbitmq_url: str, config: pytest.Config) -> Iterator[str]:
    """Give the URL of an empty virtual host, for as long as it lasts."""
    management = management_of(config)
    url = fresh_vhost(rabbitmq_url, management)
    yield url
    remove_vhost(url, management)


def management_of(config: pytest.Config) -> Management | None:
    """Give the HTTP interface of the run's RabbitMQ; None where it has none."""
    known: Any = config.stash[SERVERS].want("rabbitmq_url").result()["management"]
    return Management(*known) if known else None


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _with_database(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(statement.encode())
