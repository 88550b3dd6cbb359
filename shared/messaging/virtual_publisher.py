"""Publishes through kombu: a message counts as confirmed when the transport has taken it."""

import time
from collections.abc import Sequence
from typing import Any

from shared.errors import OurTrouble
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.kombu_connection import Connect, errors_of
from shared.messaging.protocol import Outgoing, PublishResult
from shared.messaging.spool import SpoolMissing
from shared.messaging.topology import queue_for


class VirtualPublisher:
    """A Publisher on a kombu connection of its own."""

    def __init__(self, connect: Connect, *, shown_url: str) -> None:
        self._connection = connect()
        self._shown_url = shown_url
        self._channel: Any = None

    def publish(self, messages: Sequence[Outgoing], *, timeout: float) -> Sequence[PublishResult]:
        """Hand over one after the other, until `timeout` s are over; see Publisher."""
        deadline = time.monotonic() + timeout
        results: list[PublishResult] = []
        try:
            self._channel = self._channel or self._connection.channel()
            for message in messages:
                if time.monotonic() > deadline:
                    break
                results.append(publish_one(self._channel, message))
        except errors_of(self._connection) as error:
            self.close()
            if not results:
                raise OurTrouble(f"The broker at {self._shown_url} fails: {error}.") from error
        refused = [PublishResult.REFUSED] * (len(messages) - len(results))
        return (*results, *refused)

    def close(self) -> None:
        """Release the connection; a later `publish` would make a new one."""
        self._connection.release()
        self._channel = None


def publish_one(channel: Any, message: Outgoing) -> PublishResult:
    """Put a message on the queue of its routing key, if there is one."""
    queue = queue_for(message.routing_key)
    if queue is None:
        return PublishResult.RETURNED
    try:
        put(channel, queue, body=message.body, message_id=message.message_id)
    except SpoolMissing:
        return PublishResult.RETURNED
    return PublishResult.CONFIRMED


def put(channel: Any, queue: str, *, body: bytes, message_id: str) -> None:
    """Put a body on a queue by its name; errors are the transport's."""
    message = channel.prepare_message(
        body,
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        properties={"message_id": message_id, "delivery_mode": 2},
    )
    channel.basic_publish(message, exchange="", routing_key=queue)
