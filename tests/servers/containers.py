"""PostgreSQL and RabbitMQ as pinned containers, where a Docker engine answers."""

import secrets
from typing import Any

import docker
import psycopg
from docker.errors import DockerException

from deploy.embedded.free_ports import free_port
from tests.servers.postgresql import plain
from tests.servers.rabbitmq import USER, Management
from tests.waiting import until

POSTGRESQL_IMAGE = "postgres:16.4"
RABBITMQ_IMAGE = "rabbitmq:3.13.7-management"
START_SECONDS = 120.0


def engine() -> Any | None:
    """Connect to the Docker engine, or give None when none answers."""
    try:
        client = docker.from_env()
        client.ping()
    except DockerException:
        return None
    return client


class _Container:
    """One container; stopping and killing keep its data until `remove`."""

    def __init__(
        self, client: Any, image: str, *, ports: dict[str, int], environment: dict[str, str]
    ) -> None:
        self._container = client.containers.create(
            image,
            environment=environment,
            ports={inside: ("127.0.0.1", outside) for inside, outside in ports.items()},
            name=f"goodsout-test-{secrets.token_hex(4)}",
        )

    def stop(self) -> None:
        """End it in good order."""
        self._container.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._container.kill()

    def remove(self) -> None:
        """End it and remove its data."""
        self._container.remove(force=True, v=True)


class PostgresqlContainer(_Container):
    """PostgreSQL in a container."""

    def __init__(self, client: Any) -> None:
        self._port, self._password = free_port(), secrets.token_hex(8)
        environment = {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": self._password}
        super().__init__(
            client, POSTGRESQL_IMAGE, ports={"5432/tcp": self._port}, environment=environment
        )

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the first database, as the superuser."""
        return f"postgresql+psycopg://{USER}:{self._password}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers a query."""
        self._container.start()
        until(self._answers, within=START_SECONDS, what="PostgreSQL's container answers")

    def _answers(self) -> bool:
        try:
            psycopg.connect(plain(self.url), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


class RabbitmqContainer(_Container):
    """RabbitMQ with its management interface in a container."""

    def __init__(self, client: Any) -> None:
        self._port, self._http_port, self._password = free_port(), free_port(), secrets.token_hex(8)
        metrics_port = free_port()
        self.management = Management(
            port=self._http_port, password=self._password, metrics_port=metrics_port
        )
        super().__init__(
            client,
            RABBITMQ_IMAGE,
            ports={
                "5672/tcp": self._port,
                "15672/tcp": self._http_port,
                "15692/tcp": metrics_port,
            },
            environment={"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": self._password},
        )

    @property
    def url(self) -> str:
        """The AMQP URL of the default virtual host."""
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self._port}/%2F"

    def start(self) -> None:
        """Start it and wait until its management interface, the last to come up, answers."""
        self._container.start()
        until(lambda: self.management.answers, within=START_SECONDS, what="RabbitMQ answers")

    def freeze(self) -> None:
        """Make it hang: connections stay open, nothing is answered."""
        self._container.pause()

    def thaw(self) -> None:
        """Let it go on."""
        self._container.unpause()

    def control(self, *words: str) -> None:
        """Run `rabbitmqctl`; RuntimeError when it fails."""
        code, output = self._container.exec_run(["rabbitmqctl", *words])
        if code != 0:
            raise RuntimeError(f"rabbitmqctl {words[0]} failed: {output.decode()[-500:]}")
