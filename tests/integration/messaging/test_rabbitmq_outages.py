"""What RabbitMQ's client does when its server stops, freezes, refuses or forgets us."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from shared.errors import OurTrouble
from shared.messaging.protocol import Broker, Publisher, PublishResult
from shared.messaging.rabbitmq_consumer import RabbitConsumer
from tests.integration.messaging.conftest import OpenConsumer
from tests.integration.messaging.messages import (
    QUEUE,
    an_outgoing,
    ids,
    outgoings,
    take_all,
    take_one,
    until_depth,
)
from tests.servers.protocol import BrokerServer
from tests.servers.rabbitmq import private_rabbitmq
from tests.servers.vhosts import fresh_vhost
from tests.waiting import until

CONFIRMED, REFUSED = PublishResult.CONFIRMED, PublishResult.REFUSED


@pytest.fixture(scope="module")
def server() -> Iterator[BrokerServer]:
    """Start a server of our own: the run's must not be stopped under other tests."""
    with private_rabbitmq() as server:
        yield server


@pytest.fixture(params=["own server"])
def broker_url(server: BrokerServer) -> str:
    return fresh_vhost(server.url, server.management)


def test_publisher_and_consumer_go_on_after_a_restart(
    server: BrokerServer, broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    consumer = open_consumer(QUEUE)
    publisher.publish([an_outgoing(1)], timeout=10)
    before = take_one(consumer)

    server.stop()
    with pytest.raises(OurTrouble):
        publisher.publish([an_outgoing(2)], timeout=0.3)
    server.start()
    results = publisher.publish([an_outgoing(3)], timeout=30)
    consumer.ack(before)  # of the lost connection: ignored, so it comes again
    after = take_all(consumer, 2)

    assert list(results) == [CONFIRMED]
    assert sorted(ids(after)) == ["1", "3"]
    until_depth(broker, ready=0)


def test_what_was_confirmed_survives_a_power_cut(
    server: BrokerServer, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    results = publisher.publish(outgoings(500), timeout=30)

    server.kill()
    server.start()
    taken = take_all(open_consumer(QUEUE), 500)

    assert set(results) == {CONFIRMED}
    assert len(set(ids(taken))) == 500


def test_a_frozen_server_refuses_within_the_time_given(
    server: BrokerServer, publisher: Publisher
) -> None:
    publisher.publish([an_outgoing(1)], timeout=10)

    server.freeze()
    try:
        results = publisher.publish(outgoings(3), timeout=0.5)
    finally:
        server.thaw()

    assert list(results) == [REFUSED, REFUSED, REFUSED]
    assert list(publisher.publish([an_outgoing(4)], timeout=30)) == [CONFIRMED]


def test_a_server_short_of_memory_is_our_trouble_until_it_has_room_again(
    server: BrokerServer, publisher: Publisher
) -> None:
    publisher.publish([an_outgoing(1)], timeout=10)

    server.control("set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        with pytest.raises(OurTrouble, match="short of memory or disk"):
            publisher.publish([an_outgoing(2)], timeout=2)
    finally:
        server.control("set_vm_memory_high_watermark", "0.4")

    assert list(publisher.publish([an_outgoing(3)], timeout=30)) == [CONFIRMED]


def test_a_consumer_subscribes_again_after_its_queue_was_deleted(
    server: BrokerServer,
    broker: Broker,
    broker_url: str,
    publisher: Publisher,
    open_consumer: OpenConsumer,
) -> None:
    consumer = open_consumer(QUEUE)
    publisher.publish([an_outgoing(1)], timeout=10)
    consumer.ack(take_one(consumer))

    with capture_logs() as lines:
        server.control("delete_queue", QUEUE, "--vhost", broker_url.rpartition("/")[2])
        until(lambda: [line for line in lines if line.get("why") == "the broker cancelled us"])
    broker.declare()
    publisher.publish([an_outgoing(2)], timeout=10)

    assert take_one(consumer).message_id == "2"


def test_a_consumer_that_was_forgotten_without_notice_finds_out(
    server: BrokerServer, broker: Broker, broker_url: str, publisher: Publisher
) -> None:
    with closing(RabbitConsumer(broker_url, QUEUE, prefetch=1, ask_every=0.5)) as consumer:
        publisher.publish([an_outgoing(1)], timeout=10)
        consumer.ack(take_one(consumer))

        # Declared again before the old consumer is told, 3.10 keeps it as a ghost, mostly.
        server.control("delete_queue", QUEUE, "--vhost", broker_url.rpartition("/")[2])
        broker.declare()
        publisher.publish(outgoings(3), timeout=10)

        assert len(set(ids(take_all(consumer, 3)))) == 3


def test_a_channel_that_the_server_closes_for_a_late_answer_is_opened_again(
    server: BrokerServer, broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    # Thirty minutes, looked at once a minute, as shipped; read when a channel is opened.
    server.control("eval", "application:set_env(rabbit, consumer_timeout, 500).")
    server.control("eval", "application:set_env(rabbit, channel_tick_interval, 500).")
    try:
        consumer = open_consumer(QUEUE)
        publisher.publish([an_outgoing(1)], timeout=10)
        late = take_one(consumer)

        again = take_one(consumer)
        consumer.ack(late)
        consumer.ack(again)

        assert again.message_id == late.message_id
        assert again.redelivered
        until_depth(broker, ready=0)
    finally:
        server.control("eval", "application:set_env(rabbit, consumer_timeout, 1800000).")
        server.control("eval", "application:set_env(rabbit, channel_tick_interval, 60000).")
