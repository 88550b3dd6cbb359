"""Messages that were rejected: genuine ones, and what nobody can read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from shared.events import SYNC_LOG_CHANGED, Queue
from shared.messaging.envelope import Notice, to_outgoing
from shared.messaging.protocol import Broker, Outgoing
from shared.messaging.topology import routing_key
from tests.waiting import until


def a_genuine_message() -> Outgoing:
    notice = Notice(
        event_id=uuid4(), name=SYNC_LOG_CHANGED, subject="7001", account_id=uuid4(), generation=1
    )
    return to_outgoing(notice, time=datetime(2026, 11, 24, tzinfo=UTC))


def an_unreadable_message() -> Outgoing:
    return Outgoing(routing_key=routing_key(SYNC_LOG_CHANGED), message_id="?", body=b"no envelope")


def bury(broker: Broker, messages: Sequence[Outgoing]) -> None:
    """Publish messages for the notifier and reject every one."""
    publisher = broker.publisher()
    publisher.publish(messages, timeout=10)
    publisher.close()
    consumer = broker.consumer(Queue.NOTIFIER, prefetch=len(messages))
    taken = 0

    def all_are_rejected() -> bool:
        nonlocal taken
        for message in consumer.take(up_to=len(messages), wait=1, gather=0.1):
            consumer.reject(message)
            taken += 1
        return taken == len(messages)

    until(all_are_rejected)
    consumer.close()
    until(lambda: broker.states()[list(Queue).index(Queue.NOTIFIER)].dead_letters == taken)
