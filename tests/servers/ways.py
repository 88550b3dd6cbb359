"""Finds a way to have a server: installed, installable, in a container, or given by URL."""

import os
from functools import cache

from tests.servers import postgresql as installed_postgresql
from tests.servers import prometheus as installed_prometheus
from tests.servers import rabbitmq as installed_rabbitmq
from tests.servers.containers import PostgresqlContainer, RabbitmqContainer, engine
from tests.servers.given import GivenServer
from tests.servers.install import install, may_install
from tests.servers.postgresql import InstalledPostgresql
from tests.servers.processes import NoServer
from tests.servers.protocol import BrokerServer, Server
from tests.servers.rabbitmq import InstalledRabbitmq


def postgresql(*, durable: bool = False) -> Server:
    """Give a PostgreSQL that is not started yet; NoServer when there is no way to one."""
    folder = installed_postgresql.binaries()
    if folder is None and _installed("postgresql"):
        folder = installed_postgresql.binaries()
    if folder is not None:
        return InstalledPostgresql(folder, durable=durable)
    if (client := engine()) is not None:
        return PostgresqlContainer(client)
    if url := os.environ.get("TEST_DATABASE_URL"):
        return GivenServer(url)
    raise NoServer(_what_to_do("PostgreSQL", package="postgresql", variable="TEST_DATABASE_URL"))


def rabbitmq() -> BrokerServer:
    """Give a RabbitMQ that is not started yet; NoServer when there is no way to one."""
    folder = installed_rabbitmq.binaries()
    if folder is None and _installed("rabbitmq-server"):
        folder = installed_rabbitmq.binaries()
    if folder is not None:
        return InstalledRabbitmq(folder)
    if (client := engine()) is not None:
        return RabbitmqContainer(client)
    if url := os.environ.get("TEST_BROKER_URL"):
        return GivenServer(url)
    raise NoServer(_what_to_do("RabbitMQ", package="rabbitmq-server", variable="TEST_BROKER_URL"))


def prometheus() -> tuple[str, str]:
    """Give the paths of Prometheus and promtool; NoServer when there is no way to them."""
    found = installed_prometheus.binaries()
    if found is None and _installed(installed_prometheus.PACKAGE):
        found = installed_prometheus.binaries()
    if found is None:
        raise NoServer(
            "The tests of metrics need Prometheus: install it (apt-get install prometheus), or run "
            "them as root on Debian or Ubuntu so that they install it."
        )
    return found


@cache
def _installed(package: str) -> bool:
    if not may_install():
        return False
    try:
        install(package)
    except (OSError, ValueError) as error:
        raise NoServer(f"apt could not be run for {package}: {error}") from error
    return True


def _what_to_do(server: str, *, package: str, variable: str) -> str:
    return (
        f"The tests need {server}: install it (apt-get install {package}), run them as root on "
        f"Debian or Ubuntu so that they install it, start a Docker engine, or name a server that "
        f"may be emptied in {variable}."
    )
