"""Builders and readers that the broker tests share."""

from collections.abc import Sequence

from shared.events import SYNC_LOG_CHANGED, Queue
from shared.messaging.protocol import Broker, Consumer, Incoming, Outgoing, QueueDepth
from shared.messaging.topology import routing_key
from tests.waiting import until

QUEUE = Queue.NOTIFIER


def an_outgoing(number: int = 1, *, key: str = routing_key(SYNC_LOG_CHANGED)) -> Outgoing:
    """Build a message whose id is its number."""
    return Outgoing(routing_key=key, message_id=str(number), body=f'{{"n": {number}}}'.encode())


def outgoings(count: int) -> Sequence[Outgoing]:
    """Build messages numbered from 1."""
    return tuple(an_outgoing(number) for number in range(1, count + 1))


def ids(messages: Sequence[Incoming]) -> list[str]:
    """List the ids in the order of arrival."""
    return [message.message_id for message in messages]


def take_one(consumer: Consumer) -> Incoming:
    """Take a message that surely comes."""
    [message] = until(lambda: consumer.take(up_to=1, wait=1, gather=0), within=30)
    return message


def take_all(consumer: Consumer, count: int) -> Sequence[Incoming]:
    """Take and acknowledge until `count` different messages came."""
    taken: list[Incoming] = []

    def came() -> bool:
        batch = consumer.take(up_to=100, wait=1, gather=0.05)
        taken.extend(batch)
        for message in batch:
            consumer.ack(message)
        return len({message.message_id for message in taken}) >= count

    until(came, within=30, what=f"{count} messages come")
    return taken


def depth(broker: Broker, queue: str = QUEUE) -> QueueDepth:
    """Count one queue."""
    return next(each for each in broker.depths() if each.queue == queue)


def until_depth(broker: Broker, *, ready: int, dead_letters: int = 0) -> None:
    """Wait until the queue's counts are these; a broker counts a moment later."""
    wanted = QueueDepth(queue=QUEUE, ready=ready, dead_letters=dead_letters)
    until(lambda: depth(broker) == wanted, what=f"{wanted}")
