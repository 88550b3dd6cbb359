"""What every broker does alike: RabbitMQ, the filesystem's and the one in memory."""

import threading

import pytest

from shared.errors import OurTrouble
from shared.events import Queue
from shared.messaging.open import open_broker
from shared.messaging.protocol import Broker, Publisher, PublishResult
from shared.messaging.topology import DELIVERY_LIMIT
from tests.integration.messaging.conftest import OpenConsumer
from tests.integration.messaging.messages import (
    QUEUE,
    an_outgoing,
    depth,
    ids,
    outgoings,
    take_all,
    take_one,
    until_depth,
)

CONFIRMED, RETURNED = PublishResult.CONFIRMED, PublishResult.RETURNED


def test_a_message_is_confirmed_comes_and_is_gone_when_acknowledged(
    broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    consumer = open_consumer(QUEUE)

    results = publisher.publish([an_outgoing(7)], timeout=10)
    message = take_one(consumer)
    consumer.ack(message)
    consumer.close()

    assert list(results) == [CONFIRMED]
    assert (message.message_id, message.body) == ("7", b'{"n": 7}')
    assert not message.redelivered
    until_depth(broker, ready=0)


def test_of_many_messages_none_is_lost(publisher: Publisher, open_consumer: OpenConsumer) -> None:
    messages = outgoings(3000)

    results = publisher.publish(messages, timeout=30)
    taken = take_all(open_consumer(QUEUE), 3000)

    assert set(results) == {CONFIRMED}
    assert sorted(ids(taken)) == sorted(message.message_id for message in messages)


def test_messages_come_in_the_order_they_were_published(
    publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    publisher.publish(outgoings(300), timeout=10)

    taken = take_all(open_consumer(QUEUE), 300)

    assert ids(taken) == [str(number) for number in range(1, 301)]


def test_a_message_without_a_queue_is_returned_and_its_neighbours_are_not(
    publisher: Publisher,
) -> None:
    lost = an_outgoing(2, key="nowhere.sync_log.changed")

    results = publisher.publish([an_outgoing(1), lost, an_outgoing(3)], timeout=10)

    assert list(results) == [CONFIRMED, RETURNED, CONFIRMED]


def test_publishing_nothing_gives_nothing(publisher: Publisher) -> None:
    assert list(publisher.publish([], timeout=10)) == []


def test_a_rejected_message_is_a_dead_letter_that_can_be_read(
    broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    consumer = open_consumer(QUEUE)
    publisher.publish([an_outgoing(7)], timeout=10)

    consumer.reject(take_one(consumer))

    until_depth(broker, ready=0, dead_letters=1)
    assert take_one(open_consumer(f"{QUEUE}.dead")).message_id == "7"


def test_unacknowledged_messages_come_back_when_the_consumer_closes(
    publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    first = open_consumer(QUEUE)
    publisher.publish([an_outgoing(7)], timeout=10)
    take_one(first)

    first.close()
    again = take_one(open_consumer(QUEUE))

    assert again.message_id == "7"
    assert again.redelivered


def test_messages_that_arrived_but_were_not_taken_come_back_too(
    publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    first = open_consumer(QUEUE)
    publisher.publish(outgoings(5), timeout=10)
    first.ack(take_one(first))

    first.close()
    rest = take_all(open_consumer(QUEUE), 4)

    assert sorted(ids(rest)) == ["2", "3", "4", "5"]


def test_acknowledging_after_close_does_nothing(
    broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    consumer = open_consumer(QUEUE)
    publisher.publish([an_outgoing(7)], timeout=10)
    message = take_one(consumer)
    consumer.close()

    consumer.ack(message)
    consumer.reject(message)

    until_depth(broker, ready=1)


def test_no_more_than_the_prefetch_is_out_at_once(
    publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    consumer = open_consumer(QUEUE, prefetch=3)
    publisher.publish(outgoings(10), timeout=10)

    first = consumer.take(up_to=10, wait=10, gather=0.3)
    meanwhile = consumer.take(up_to=10, wait=0.3, gather=0)
    consumer.ack(first[0])
    next_one = take_one(consumer)

    assert ids(first) == ["1", "2", "3"]
    assert list(meanwhile) == []
    assert next_one.message_id == "4"


def test_a_batch_gathers_up_to_the_number_asked_for(
    publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    consumer = open_consumer(QUEUE)
    publisher.publish(outgoings(7), timeout=10)

    first = consumer.take(up_to=5, wait=10, gather=10)
    rest = consumer.take(up_to=5, wait=10, gather=0.3)

    assert ids(first) == ["1", "2", "3", "4", "5"]
    assert ids(rest) == ["6", "7"]


def test_taking_from_an_empty_queue_gives_nothing(open_consumer: OpenConsumer) -> None:
    assert list(open_consumer(QUEUE).take(up_to=5, wait=0.2, gather=0.1)) == []


def test_two_consumers_share_a_queue(
    broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    one, other = open_consumer(QUEUE, prefetch=10), open_consumer(QUEUE, prefetch=10)
    publisher.publish(outgoings(200), timeout=10)

    first = one.take(up_to=10, wait=10, gather=5)
    second = other.take(up_to=10, wait=10, gather=5)

    assert len(first) == len(second) == 10
    assert not set(ids(first)) & set(ids(second))
    one.close()
    other.close()
    until_depth(broker, ready=200)


def test_another_thread_may_acknowledge(publisher: Publisher, open_consumer: OpenConsumer) -> None:
    consumer = open_consumer(QUEUE, prefetch=1)
    publisher.publish(outgoings(2), timeout=10)
    message = take_one(consumer)

    worker = threading.Thread(target=consumer.ack, args=(message,))
    worker.start()
    worker.join()

    assert take_one(consumer).message_id == "2"


@pytest.mark.parametrize("broker_url", ["rabbitmq", "filesystem"], indirect=True)
def test_a_message_that_keeps_coming_back_ends_as_a_dead_letter(
    broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    publisher.publish([an_outgoing(7)], timeout=10)

    for _ in range(DELIVERY_LIMIT + 1):
        consumer = open_consumer(QUEUE)
        consumer.take(up_to=1, wait=5, gather=0)
        consumer.close()

    open_consumer(QUEUE).take(up_to=1, wait=0.2, gather=0)
    until_depth(broker, ready=0, dead_letters=1)


def test_declaring_again_keeps_what_waits(broker: Broker, publisher: Publisher) -> None:
    publisher.publish(outgoings(3), timeout=10)

    broker.declare()

    until_depth(broker, ready=3)


def test_every_queue_is_counted(broker: Broker) -> None:
    assert [each.queue for each in broker.depths()] == list(Queue)
    assert depth(broker).ready == 0


def test_a_broker_without_the_topology_fails_its_check(broker_url: str) -> None:
    bare = open_broker(broker_url)

    with pytest.raises(OurTrouble, match="NOT_FOUND"):
        bare.check()


def test_a_declared_broker_passes_its_check(broker: Broker) -> None:
    broker.check()
