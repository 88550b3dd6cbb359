"""pytest fixtures: a PostgreSQL and a RabbitMQ for the run, an empty place in them for a test.

Both servers start while pytest begins, at the same time, if a collected test asks for them.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from tests.servers import ways
from tests.servers.postgresql import plain
from tests.servers.processes import private_folder
from tests.servers.protocol import BrokerServer, Server
from tests.servers.rabbitmq import Management
from tests.servers.sharing import Description, folder_of, shared
from tests.servers.vhosts import fresh_vhost, remove_vhost


class Servers:
    """The servers of this run, each started when it is first wanted."""

    def __init__(self, run: str | None) -> None:
        """`run` names a run of several workers; None when there is one process only."""
        self._run = run
        self._folder = folder_of(run) if run else private_folder("tests")
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
        if self._run is None:
            shutil.rmtree(self._folder)

    def _postgresql(self) -> Description:
        def describe(server: Server) -> Description:
            return {"url": server.url}

        joined = shared(self._folder, "postgresql", make=ways.postgresql, describe=describe)
        return self._until_end.enter_context(joined)

    def _rabbitmq(self) -> Description:
        def describe(server: BrokerServer) -> Description:
            known = server.management
            return {"url": server.url, "management": known and [known.port, known.password]}

        joined = shared(self._folder, "rabbitmq", make=ways.rabbitmq, describe=describe)
        return self._until_end.enter_context(joined)


SERVERS = pytest.StashKey[Servers]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the run's servers with its configuration; nothing is started yet."""
    config.stash[SERVERS] = Servers(os.environ.get("PYTEST_XDIST_TESTRUNUID"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the collected tests ask for, so that it is there when they get to it."""
    if session.config.option.collectonly:
        return
    asked = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    for name in sorted(asked & {"postgresql_url", "rabbitmq_url"}):
        session.config.stash[SERVERS].want(name)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the servers, whatever happened."""
    config.stash[SERVERS].close()
    # Only the process that controls the workers has the option set.
    if run := config.getoption("testrunuid", None):
        shutil.rmtree(folder_of(run))


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
def prepare_database() -> Callable[[str], None]:
    """Say what to do once to the database that every test's is copied from: nothing.

    Overridden where tests want tables; it must close every connection that it opens.
    """
    return lambda _url: None


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql_url: str, prepare_database: Callable[[str], None]
) -> Iterator[str]:
    """Make and give the name of a prepared database of this worker."""
    name = f"template_{secrets.token_hex(4)}"
    _execute(postgresql_url, f"CREATE DATABASE {name}")
    prepare_database(_with_database(postgresql_url, name))
    yield name
    _execute(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url_postgresql(postgresql_url: str, postgresql_template: str) -> Iterator[str]:
    """Give the URL of a database that only this test sees, prepared like the template."""
    name = f"test_{secrets.token_hex(6)}"
    _execute(postgresql_url, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield _with_database(postgresql_url, name)
    _execute(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def broker_url_rabbitmq(rabbitmq_url: str, pytestconfig: pytest.Config) -> Iterator[str]:
    """Give the URL of a virtual host that only this test sees, with nothing declared in it."""
    description = pytestconfig.stash[SERVERS].want("rabbitmq_url").result()
    management = _management(description)
    url = fresh_vhost(rabbitmq_url, management)
    yield url
    remove_vhost(url, management)


def _management(description: Description) -> Management | None:
    known: Any = description["management"]
    return Management(*known) if known else None


def _with_database(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(statement.encode())
