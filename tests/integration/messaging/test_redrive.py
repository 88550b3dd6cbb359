"""What every broker tells of its queues, and how dead letters are put back."""

from shared.events import Queue
from shared.messaging.protocol import Broker, Publisher, QueueState
from shared.messaging.redrive import Redriven, redrive
from tests.integration.messaging.buried import a_genuine_message, an_unreadable_message, bury
from tests.integration.messaging.conftest import OpenConsumer
from tests.integration.messaging.messages import QUEUE, outgoings, take_all, take_one, until_depth
from tests.waiting import until


def state(broker: Broker) -> QueueState:
    return next(each for each in broker.states() if each.queue == QUEUE)


def test_each_queue_tells_how_it_stands(
    broker: Broker, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    publisher.publish(outgoings(3), timeout=10)
    take_one(open_consumer(QUEUE, prefetch=1))

    until(lambda: state(broker).ready == 2, what="one of three is in hand")
    told = state(broker)

    assert [each.queue for each in broker.states()] == list(Queue)
    # A broker that counts consumers counts this one; what it does not know it leaves out.
    assert told.consumers in {1, None}
    assert told.unacknowledged in {1, None}


def test_dead_letters_are_put_back_and_unreadable_ones_stay(
    broker: Broker, open_consumer: OpenConsumer
) -> None:
    genuine = [a_genuine_message(), a_genuine_message()]
    bury(broker, [genuine[0], an_unreadable_message(), genuine[1]])

    done = redrive(broker, QUEUE)

    assert done == Redriven(moved=2, stay=1)
    until_depth(broker, ready=2, dead_letters=1)
    assert {message.message_id for message in take_all(open_consumer(QUEUE), 2)} == {
        message.message_id for message in genuine
    }


def test_no_more_than_a_batch_is_put_back_at_once(broker: Broker) -> None:
    bury(broker, [a_genuine_message() for _ in range(3)])

    done = redrive(broker, QUEUE, up_to=2)

    assert done == Redriven(moved=2, stay=0)
    until_depth(broker, ready=2, dead_letters=1)


def test_an_unreadable_message_stays_however_often_it_is_looked_at(broker: Broker) -> None:
    bury(broker, [an_unreadable_message()])

    looks = [redrive(broker, QUEUE) for _ in range(3)]

    assert looks == [Redriven(moved=0, stay=1)] * 3
    until_depth(broker, ready=0, dead_letters=1)


def test_putting_back_nothing_does_nothing(broker: Broker) -> None:
    assert redrive(broker, QUEUE) == Redriven(moved=0, stay=0)
