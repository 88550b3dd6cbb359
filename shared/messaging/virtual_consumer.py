"""Takes messages of one queue in micro-batches through kombu.

kombu's channels belong to one thread, so `ack` and `reject` of other threads wait until the
taking thread comes by: at the next `take`, or within a moment while one waits.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog
from kombu.message import Message

from shared.messaging.kombu_connection import Connect, errors_of
from shared.messaging.protocol import Incoming
from shared.messaging.topology import dead_letters_of
from shared.messaging.virtual_publisher import put

# How long an idle `take` waits at a stretch before it looks after acks of other threads.
STRETCH_SECONDS = 0.1
PAUSE_AFTER_TROUBLE = 1.0

log = structlog.get_logger()


class VirtualConsumer:
    """A Consumer on a kombu connection of its own."""

    def __init__(self, connect: Connect, queue: str, *, prefetch: int, shown_url: str) -> None:
        self._connection = connect()
        self._queue = queue
        self._prefetch = prefetch
        self._log = log.bind(broker=shown_url, queue=queue)
        self._channel: Any = None
        self._arrived: deque[Incoming] = deque()
        self._answers: deque[Callable[[], None]] = deque()
        self._taking_thread = threading.get_ident()
        self._closing = threading.Event()

    def take(self, *, up_to: int, wait: float, gather: float) -> Sequence[Incoming]:
        """Wait for a first message, then gather; see Consumer."""
        self._taking_thread = threading.get_ident()
        try:
            self._open()
            if self._gather(1, wait):
                self._gather(min(up_to, self._prefetch), gather)
        except errors_of(self._connection) as error:
            self._log.warning("broker.lost", why=str(error))
            self._drop()
            self._closing.wait(min(wait, PAUSE_AFTER_TROUBLE))
            return ()
        return tuple(self._arrived.popleft() for _ in range(min(up_to, len(self._arrived))))

    def ack(self, message: Incoming) -> None:
        """Tell the broker that the message was dealt with; from any thread."""
        self._answer(partial(self._ack, *message.handle))

    def reject(self, message: Incoming) -> None:
        """Give the message to the queue's dead-letter queue; from any thread."""
        self._answer(partial(self._reject, *message.handle))

    def close(self) -> None:
        """Stop consuming; what was not acknowledged goes back to the queue."""
        self._closing.set()
        try:
            self._send_answers()
        except errors_of(self._connection) as error:
            self._log.warning("broker.lost", why=str(error))
        self._drop()

    def _open(self) -> None:
        if self._channel is not None:
            return
        channel = self._connection.channel()
        channel.basic_qos(0, self._prefetch, False)
        channel.basic_consume(
            self._queue,
            no_ack=False,
            callback=partial(self._on_message, channel),
            consumer_tag=self._queue,
        )
        self._channel = channel

    def _drop(self) -> None:
        self._channel = None
        self._arrived.clear()
        self._connection.release()

    def _gather(self, count: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        self._send_answers()
        while len(self._arrived) < count and not self._closing.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                self._connection.drain_events(timeout=min(left, STRETCH_SECONDS))
            except TimeoutError:
                self._send_answers()
        return len(self._arrived) >= count

    def _on_message(self, channel: Any, message: Message) -> None:
        body = message.body
        self._arrived.append(
            Incoming(
                body=body if isinstance(body, bytes) else str(body).encode(),
                message_id=message.properties.get("message_id") or "",
                redelivered=bool(message.delivery_info.get("redelivered")),
                handle=(channel, message),
            )
        )

    def _answer(self, answer: Callable[[], None]) -> None:
        self._answers.append(answer)
        if threading.get_ident() == self._taking_thread:
            self._send_answers()

    def _send_answers(self) -> None:
        while self._answers:
            self._answers.popleft()()

    def _ack(self, channel: Any, message: Any) -> None:
        if channel is self._channel:
            message.ack()

    def _reject(self, channel: Any, message: Any) -> None:
        if channel is self._channel:
            put(
                channel,
                dead_letters_of(self._queue),
                body=message.body,
                message_id=message.properties.get("message_id") or "",
            )
            message.ack()
