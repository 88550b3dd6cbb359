"""Every broker but RabbitMQ, through kombu's virtual transports.

kombu emulates exchanges in tables of its own; we publish straight to the queue that the topology
names for a routing key, so no table has to be kept, and a key without a queue is known as such.
"""

from collections.abc import Sequence

from shared.errors import OurTrouble
from shared.events import Queue
from shared.messaging.kombu_connection import connector, errors_of
from shared.messaging.protocol import Consumer, Publisher, QueueDepth, QueueState
from shared.messaging.spool import Held
from shared.messaging.topology import TOPOLOGY, dead_letters_of
from shared.messaging.url import scheme_of, without_secret
from shared.messaging.virtual_consumer import VirtualConsumer
from shared.messaging.virtual_publisher import VirtualPublisher


class VirtualBroker:
    """A Broker for any URL that kombu knows.

    `filesystem://var/broker` keeps everything below that folder, relative to the working folder;
    `filesystem:///srv/goodsout/broker` names it from the root; `?poll=0.2` changes how often an
    idle consumer looks (seconds). `memory://room` lives in this process, one set of queues a
    room. Others are kombu's own: `redis://host/0`, `sqs://…`.
    """

    def __init__(self, url: str) -> None:
        """ValueError when the URL lacks what its scheme needs."""
        self._shown_url = without_secret(url)
        # Redis and its like keep no empty queue, so that only these can say that one is missing.
        self._knows_empty_queues = scheme_of(url) in {"filesystem", "memory"}
        self._connect = connector(url)

    def declare(self) -> None:
        """Make the folders or whatever the transport needs; repeatable while others run."""
        self._each_queue(passive=False)

    def publisher(self) -> Publisher:
        """Open a publisher with a connection of its own, made at the first message."""
        return VirtualPublisher(self._connect, shown_url=self._shown_url)

    def consumer(self, queue: str, *, prefetch: int) -> Consumer:
        """Open a consumer with a connection of its own, made at the first `take`."""
        return VirtualConsumer(self._connect, queue, prefetch=prefetch, shown_url=self._shown_url)

    def depths(self) -> Sequence[QueueDepth]:
        """Count what waits in each queue."""
        counts = self._each_queue(passive=self._knows_empty_queues)
        return tuple(
            QueueDepth(queue=name, ready=counts[name], dead_letters=counts[dead_letters_of(name)])
            for name in Queue
        )

    def states(self) -> Sequence[QueueState]:
        """Count what waits, and in the filesystem's queues what consumers hold."""
        holders = self._holders()
        return tuple(
            QueueState(
                queue=depth.queue,
                ready=depth.ready,
                dead_letters=depth.dead_letters,
                unacknowledged=None if holders is None else holders[depth.queue].messages,
                consumers=None if holders is None else holders[depth.queue].consumers,
            )
            for depth in self.depths()
        )

    def check(self) -> None:
        """Raise OurTrouble when the broker is out of reach or lacks a queue."""
        self._each_queue(passive=self._knows_empty_queues)

    def _holders(self) -> dict[str, Held] | None:
        with self._connect() as connection, connection.channel() as channel:
            tell = getattr(channel, "held", None)
            return None if tell is None else {queue: tell(queue) for queue in Queue}

    def _each_queue(self, *, passive: bool) -> dict[str, int]:
        with self._connect() as connection:
            try:
                with connection.channel() as channel:
                    return {
                        spec.name: channel.queue_declare(spec.name, passive=passive).message_count
                        for spec in TOPOLOGY.queues
                    }
            except errors_of(connection) as error:
                raise OurTrouble(f"The broker at {self._shown_url} fails: {error}.") from error
