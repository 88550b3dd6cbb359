"""A private RabbitMQ from the installed binaries, with its management interface."""

import base64
import http.client
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deploy.embedded.free_ports import free_port
from tests.servers.processes import (
    Command,
    ServerProcess,
    private_folder,
    remove_folder,
    wait_until_serving,
)
from tests.servers.protocol import BrokerServer
from tests.waiting import until

START_SECONDS = 120.0
STOP_SECONDS = 30.0
USER = "goodsout"


def binaries() -> Path | None:
    """Find RabbitMQ's own scripts; Debian's commands on the PATH insist on its system user."""
    for folder in (Path("/usr/lib/rabbitmq/bin"), Path("/opt/rabbitmq/sbin")):
        if (folder / "rabbitmq-server").exists() and shutil.which("epmd"):
            return folder
    return None


@dataclass(frozen=True)
class Management:
    """The few calls of RabbitMQ's HTTP interface that tests need.

    `metrics_port` is where it tells Prometheus.
    """

    port: int
    password: str
    metrics_port: int

    def call(self, method: str, path: str, body: str = "") -> int:
        """Make one call and give its status; OSError when nobody answers."""
        secret = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers)
            with connection.getresponse() as response:
                response.read()
                return response.status
        finally:
            connection.close()

    @property
    def answers(self) -> bool:
        """Say whether the interface is up; it comes up last of all."""
        with suppress(OSError, http.client.HTTPException):
            return self.call("GET", "/api/overview") == http.client.OK
        return False

    def new_vhost(self) -> str:
        """Make an empty virtual host of random name and give that."""
        name = f"test-{secrets.token_hex(6)}"
        self._must("PUT", f"/api/vhosts/{name}")
        rights = '{"configure": ".*", "write": ".*", "read": ".*"}'
        self._must("PUT", f"/api/permissions/{name}/{USER}", rights)
        return name

    def remove_vhost(self, name: str) -> None:
        """Remove a virtual host and all that is in it."""
        self._must("DELETE", f"/api/vhosts/{name}")

    def _must(self, method: str, path: str, body: str = "") -> None:
        status = self.call(method, path, body)
        if status not in {http.client.CREATED, http.client.NO_CONTENT}:
            raise RuntimeError(f"RabbitMQ's management answered {status} to {method} {path}.")


class InstalledRabbitmq:
    """A node with all it has in a temporary folder, and a name daemon of its own.

    One that is to join another's cluster has that one's name daemon, password and cookie.
    """

    def __init__(
        self, folder_of_binaries: Path, *, joins: "InstalledRabbitmq | None" = None
    ) -> None:
        self._binaries, self._joins = folder_of_binaries, joins
        self._port, self._cluster_port, self._http_port = free_port(), free_port(), free_port()
        self._names_port: int = joins._names_port if joins else free_port()
        self._metrics_port = free_port()
        self._password: str = joins._password if joins else secrets.token_hex(8)
        self.management = Management(
            port=self._http_port, password=self._password, metrics_port=self._metrics_port
        )
        self._folder = private_folder("rabbitmq")
        self._write_configuration()

    @property
    def url(self) -> str:
        """The AMQP URL of the default virtual host."""
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self._port}/%2F"

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 where it speaks AMQP."""
        return self._port

    @property
    def name(self) -> str:
        """Its name in a cluster."""
        return f"goodsout-{self._port}@localhost"

    def start(self) -> None:
        """Start it and wait until both its interfaces answer."""
        if self._joins is None:
            self._names.start()
            wait_until_serving(self._names, self._names_port, within=START_SECONDS)
        self.start_alone()

    def stop(self) -> None:
        """End it in good order; SIGTERM is its orderly shutdown."""
        self._server.end(signal.SIGTERM, within=STOP_SECONDS)
        self._names.end(signal.SIGTERM, within=STOP_SECONDS)

    def start_alone(self) -> None:
        """Start it again where its name daemon still runs, as another node's of its cluster."""
        self._server.start()
        wait_until_serving(self._server, self._port, within=START_SECONDS)
        until(lambda: self.management.answers, within=START_SECONDS, what="management answers")

    def end_alone(self, how: signal.Signals) -> None:
        """End it, and leave the name daemon to the other nodes of its cluster."""
        self._server.end(how, within=STOP_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._server.end(signal.SIGKILL, within=STOP_SECONDS)
        self._names.end(signal.SIGKILL, within=STOP_SECONDS)

    def remove(self) -> None:
        """End it and remove its data, which makes an orderly shutdown a waste."""
        self.kill()
        remove_folder(self._folder)

    def freeze(self) -> None:
        """Make it hang: connections stay open, nothing is answered."""
        os.killpg(self._server.id, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.killpg(self._server.id, signal.SIGCONT)

    def control(self, *words: str) -> None:
        """Run `rabbitmqctl`, which takes about two seconds."""
        self.command("rabbitmqctl", *words)

    def command(self, program: str, *words: str) -> str:
        """Run another of RabbitMQ's programs about this node; gives what it says."""
        command = (str(self._binaries / program), *words)
        ended = subprocess.run(
            command, check=True, capture_output=True, text=True, env=self._environment
        )
        return ended.stdout

    @cached_property
    def _server(self) -> ServerProcess:
        words = (str(self._binaries / "rabbitmq-server"),)
        return ServerProcess(Command(words, self._folder / "server.log", self._environment))

    @cached_property
    def _names(self) -> ServerProcess:
        # Erlang would start its name daemon by itself and leave it running for ever.
        words = ("epmd", "-port", str(self._names_port), "-address", "127.0.0.1")
        return ServerProcess(Command(words, self._folder / "epmd.log", self._environment))

    @cached_property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._cluster_port),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "empty"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
        }

    def _write_configuration(self) -> None:
        lines = (
            f"default_user = {USER}",
            f"default_pass = {self._password}",
            f"management.tcp.port = {self._http_port}",
            "management.tcp.ip = 127.0.0.1",
            f"prometheus.tcp.port = {self._metrics_port}",
            "prometheus.tcp.ip = 127.0.0.1",
            "disk_free_limit.absolute = 50MB",
        )
        (self._folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self._folder / "empty").touch()
        cookie = self._folder / ".erlang.cookie"
        cookie.write_text(self._password)
        cookie.chmod(0o400)
        (self._folder / "plugins").write_text("[rabbitmq_management,rabbitmq_prometheus].\n")


@contextmanager
def private_rabbitmq() -> Iterator[BrokerServer]:
    """Run a private RabbitMQ, in whichever way this machine allows; gone afterwards."""
    from tests.servers.ways import rabbitmq  # noqa: PLC0415 - the ways know this module

    server = rabbitmq()
    try:
        server.start()
        yield server
    finally:
        server.remove()
