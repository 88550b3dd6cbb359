"""An empty place on a RabbitMQ for each test."""

from shared.events import Queue
from shared.messaging.open import open_broker
from shared.messaging.protocol import Broker
from shared.messaging.topology import dead_letters_of
from tests.servers.rabbitmq import Management


def fresh_vhost(url: str, management: Management | None) -> str:
    """Make an empty virtual host and give its URL; without management, empty the only one.

    `url` is that of the default virtual host. Tests on an only one have to run one by one.
    """
    if management is not None:
        return url.replace("%2F", management.new_vhost())
    broker = open_broker(url)
    broker.declare()
    for queue in Queue:
        _empty(broker, queue)
        _empty(broker, dead_letters_of(queue))
    return url


def remove_vhost(url: str, management: Management | None) -> None:
    """Remove what `fresh_vhost` made."""
    if management is not None:
        management.remove_vhost(url.rpartition("/")[2])


def _empty(broker: Broker, queue: str) -> None:
    consumer = broker.consumer(queue, prefetch=1000)
    while batch := consumer.take(up_to=1000, wait=0.5, gather=0.1):
        for message in batch:
            consumer.ack(message)
    consumer.close()
