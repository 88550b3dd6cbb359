"""Three RabbitMQ nodes behind one address, as a Service of Kubernetes has them.

HAProxy stands where the Service stands: it gives new connections to the nodes that answer.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from subprocess import CalledProcessError

from deploy.embedded.free_ports import free_port
from tests.servers.install import install, may_install
from tests.servers.processes import (
    Command,
    NoServer,
    ServerProcess,
    private_folder,
    remove_folder,
    wait_until_serving,
)
from tests.servers.rabbitmq import InstalledRabbitmq, binaries
from tests.waiting import until

NODES = 3
BACK_WITHIN = 60.0
PROXY = """
defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
    default-server check inter 500 fall 2 rise 2 on-marked-down shutdown-sessions
listen amqp
    bind 127.0.0.1:{port}
    balance roundrobin
"""


class RabbitmqCluster:
    """Starts them, and takes one after the other away and back."""

    def __init__(self, folder_of_binaries: Path, proxy: str) -> None:
        first = InstalledRabbitmq(folder_of_binaries)
        others = [InstalledRabbitmq(folder_of_binaries, joins=first) for _ in range(NODES - 1)]
        self.nodes: Sequence[InstalledRabbitmq] = (first, *others)
        self._port, self._folder = free_port(), private_folder("haproxy")
        configuration = self._folder / "haproxy.cfg"
        servers = "".join(f"    server n{one.port} 127.0.0.1:{one.port}\n" for one in self.nodes)
        configuration.write_text(PROXY.format(port=self._port) + servers)
        words = (proxy, "-db", "-f", str(configuration))
        self._proxy = ServerProcess(Command(words, self._folder / "haproxy.log", {}))

    @property
    def url(self) -> str:
        """The AMQP URL that leads to any node that is up."""
        first = self.nodes[0]
        return first.url.replace(f":{first.port}/", f":{self._port}/")

    def start(self) -> None:
        """Start every node, have them join the first, and start the proxy."""
        for node in self.nodes:
            node.start()
        for node in self.nodes[1:]:
            node.control("stop_app")
            node.control("join_cluster", self.nodes[0].name)
            node.control("start_app")
        self._proxy.start()
        wait_until_serving(self._proxy, self._port, within=BACK_WITHIN)

    def take_away(self, node: InstalledRabbitmq) -> None:
        """Take a node out as the runbook says: drained and stopped, while no queue needs it."""
        until(lambda: not _is_needed(node), within=BACK_WITHIN, what="a majority without the node")
        node.command("rabbitmq-upgrade", "drain")
        node.end_alone(signal.SIGTERM)

    def bring_back(self, node: InstalledRabbitmq) -> None:
        """Start a node again, and wait until every queue has all its members."""
        node.start_alone()
        node.command("rabbitmq-diagnostics", "check_running")
        node.command("rabbitmq-diagnostics", "check_local_alarms")
        until(self._is_whole, within=BACK_WITHIN, what="every member of every queue")

    def remove(self) -> None:
        """End and remove all."""
        self._proxy.end(signal.SIGKILL, within=1)
        for node in reversed(self.nodes):
            node.remove()
        remove_folder(self._folder)

    def _is_whole(self) -> bool:
        return not any(_is_needed(node) for node in self.nodes)


def _is_needed(node: InstalledRabbitmq) -> bool:
    """Say whether some queue would lose its majority with this node."""
    try:
        node.command("rabbitmq-diagnostics", "check_if_node_is_quorum_critical")
    except CalledProcessError:
        return True
    return False


@contextmanager
def private_cluster() -> Iterator[RabbitmqCluster]:
    """Run a private cluster; gone afterwards. Raises NoServer where it cannot be had."""
    if which("haproxy") is None and may_install():
        install("haproxy")
    folder, proxy = binaries(), which("haproxy", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if folder is None or proxy is None:
        raise NoServer("The trial needs Debian's packages rabbitmq-server and haproxy.")
    cluster = RabbitmqCluster(folder, proxy)
    try:
        cluster.start()
        yield cluster
    finally:
        with suppress(ProcessLookupError):
            cluster.remove()
