"""`make broker-trial`: each of three RabbitMQ nodes goes away and comes back while notes are made.

The steps are those that the runbook gives for an upgrade with no stop; every note must be shipped
once. Ends with one node killed, as a power cut would. Needs PostgreSQL, RabbitMQ and HAProxy.
"""

import signal
import sys
import tempfile
from pathlib import Path

from deploy.embedded.demo import connect_demo
from deploy.embedded.smoke import SmokeRun, start
from deploy.embedded.walked import Walked
from tests.servers.postgresql import private_postgresql
from tests.servers.rabbitmq_cluster import RabbitmqCluster, private_cluster
from tests.steady_notes import notes_made, say

PHASE = 5.0  # seconds


def main() -> int:
    """Have every node away once, and count what came out."""
    with (
        tempfile.TemporaryDirectory(prefix="goodsout-brokers-") as folder,
        private_postgresql() as postgresql,
        private_cluster() as cluster,
    ):
        servers = {"DATABASE_URL": postgresql.url, "BROKER_URL": cluster.url}
        run = start(Path(folder), servers, ship_after=3)
        walked = _roll(run, cluster)
    say(walked.line().replace("smoke", "rolling upgrade of three brokers"))
    return 0 if walked.ok else 1


def _roll(run: SmokeRun, cluster: RabbitmqCluster) -> Walked:
    with run.supervisor:
        connect_demo(run.environment)
        with notes_made(run) as made:
            for number, node in enumerate(cluster.nodes, start=1):
                made.wait(PHASE)
                say(f"node {number} of {len(cluster.nodes)} is drained and stopped")
                cluster.take_away(node)
                made.wait(PHASE)
                cluster.bring_back(node)
            say("one node is killed")
            cluster.nodes[-1].end_alone(signal.SIGKILL)
            made.wait(2 * PHASE)
            cluster.bring_back(cluster.nodes[-1])
            made.wait(PHASE)
            made.set()
            run.wait_until_shipped(1, seconds=120)
            return run.walked()


if __name__ == "__main__":
    sys.exit(main())
