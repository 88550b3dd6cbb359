"""What only RabbitMQ's client does, on a server that stays up; see test_rabbitmq_outages."""

import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace

import pytest

from deploy.embedded.free_ports import free_port
from shared.errors import OurTrouble
from shared.messaging.open import open_broker
from shared.messaging.protocol import Broker, Publisher
from shared.messaging.rabbitmq import RabbitBroker
from shared.messaging.topology import TOPOLOGY
from tests.integration.messaging.conftest import OpenConsumer
from tests.integration.messaging.messages import (
    QUEUE,
    an_outgoing,
    take_one,
    until_depth,
)
from tests.waiting import until

CONSUMER_THAT_HANGS = """
import sys
from shared.messaging.open import open_broker

consumer = open_broker(sys.argv[1]).consumer(sys.argv[2], prefetch=1)
[message] = consumer.take(up_to=1, wait=30, gather=0)
print("took", message.message_id, file=sys.stderr, flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["rabbitmq"])
def broker_url(broker_url_rabbitmq: str) -> str:
    return broker_url_rabbitmq


def test_what_a_killed_consumer_held_comes_again(
    broker_url: str, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    publisher.publish([an_outgoing(7)], timeout=10)
    words = [sys.executable, "-c", CONSUMER_THAT_HANGS, broker_url, QUEUE]

    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.kill()
    again = take_one(open_consumer(QUEUE))

    assert said == b"took 7\n"
    assert again.message_id == "7"
    assert again.redelivered


def test_heartbeats_go_on_while_a_handler_works(
    broker: Broker, broker_url: str, publisher: Publisher
) -> None:
    publisher.publish([an_outgoing(7)], timeout=10)
    with closing(open_broker(f"{broker_url}?heartbeat=1").consumer(QUEUE, prefetch=1)) as consumer:
        message = take_one(consumer)

        # The subject is time itself: RabbitMQ closes a connection after two silent heartbeats.
        started = time.monotonic()
        until(lambda: time.monotonic() - started > 3.5, what="three heartbeats pass")
        consumer.ack(message)
        meanwhile = consumer.take(up_to=1, wait=0.5, gather=0)

    assert list(meanwhile) == []
    until_depth(broker, ready=0)


def test_an_unreachable_broker_is_our_trouble_within_the_time_given() -> None:
    nobody = open_broker(f"amqp://user:secret@127.0.0.1:{free_port()}/%2F")

    with (
        closing(nobody.publisher()) as publisher,
        pytest.raises(OurTrouble, match="cannot be published to") as trouble,
    ):
        publisher.publish([an_outgoing()], timeout=0.5)

    assert "secret" not in str(trouble.value)
    with pytest.raises(OurTrouble, match="Connection refused"):
        nobody.check()


def test_refused_credentials_are_named_without_the_secret(broker_url: str) -> None:
    stranger = open_broker("amqp://stranger:secret@" + broker_url.rpartition("@")[2])

    with pytest.raises(OurTrouble, match=r"stranger:\*\*\*@.*ACCESS_REFUSED"):
        stranger.check()


def test_a_queue_of_other_arguments_is_named(broker_url: str, broker: Broker) -> None:
    broker.declare()
    fewer = tuple(replace(spec, arguments={"x-queue-type": "quorum"}) for spec in TOPOLOGY.queues)
    changed = RabbitBroker(broker_url, topology=replace(TOPOLOGY, queues=fewer))

    with pytest.raises(OurTrouble, match="PRECONDITION_FAILED"):
        changed.declare()


def test_closing_before_a_connection_was_made_ends_at_once() -> None:
    nobody = open_broker(f"amqp://127.0.0.1:{free_port()}/%2F")
    publisher, consumer = nobody.publisher(), nobody.consumer(QUEUE, prefetch=1)

    publisher.close()
    consumer.close()

    with pytest.raises(OurTrouble):
        publisher.publish([an_outgoing()], timeout=0.1)
    assert list(consumer.take(up_to=1, wait=0.1, gather=0)) == []
