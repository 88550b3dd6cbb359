"""Takes messages of one RabbitMQ queue in micro-batches."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pika import BasicProperties, spec
from pika.channel import Channel

from shared.messaging.protocol import Incoming
from shared.messaging.rabbitmq_connection import RabbitConnection


@dataclass(frozen=True)
class _Handle:
    """A delivery's number on the channel it came by; numbers start anew on every channel."""

    channel: Channel
    number: int


class RabbitConsumer:
    """A Consumer; deliveries wait in memory, at most `prefetch` of them unacknowledged."""

    def __init__(self, url: str, queue: str, *, prefetch: int) -> None:
        self._queue = queue
        self._prefetch = prefetch
        self._arrived: deque[Incoming] = deque()
        self._wanted = 1
        self._changed = threading.Condition()
        self._answers: deque[Callable[[], None]] = deque()
        self._answering = threading.Lock()
        self._closed = False
        self._connection = RabbitConnection(url, purpose=f"consumer {queue}", user=self)
        self._connection.start()

    def take(self, *, up_to: int, wait: float, gather: float) -> Sequence[Incoming]:
        """Wait for a first message, then gather; see Consumer."""
        if not self._closed and not self._connection.is_alive:
            raise RuntimeError(f"The connection thread of queue {self._queue} died of a bug.")
        with self._changed:
            if not self._await(1, wait):
                return ()
            # No more than `prefetch` can come before something is acknowledged.
            self._await(min(up_to, self._prefetch), gather)
            return tuple(self._arrived.popleft() for _ in range(min(up_to, len(self._arrived))))

    def ack(self, message: Incoming) -> None:
        """Tell the broker that the message was dealt with; from any thread."""
        self._answer(partial(_ack, message.handle))

    def reject(self, message: Incoming) -> None:
        """Give the message to the queue's dead-letter queue; from any thread."""
        self._answer(partial(_reject, message.handle))

    def close(self) -> None:
        """Stop consuming; what was not acknowledged goes back to the queue."""
        self._closed = True
        self._connection.close()

    def opened(self, channel: Channel) -> None:
        """Subscribe; the limit is per consumer, the only kind a quorum queue knows."""
        channel.basic_qos(prefetch_count=self._prefetch, global_qos=False)
        channel.basic_consume(self._queue, self._on_message)

    def lost(self, _why: str) -> None:
        """Forget what had arrived: the broker will deliver it again."""
        with self._changed:
            self._arrived.clear()
            self._changed.notify_all()

    def blocked(self, is_blocked: bool) -> None:  # noqa: FBT001 - see ChannelUser
        """Only publishers are held up."""

    def _await(self, count: int, seconds: float) -> bool:
        # Called with the lock held. The connection's thread wakes us at `_wanted` messages and
        # not at every one, which would cost a change of threads each.
        self._wanted = count
        deadline = time.monotonic() + seconds
        while len(self._arrived) < count and not self._closed:
            left = deadline - time.monotonic()
            if left <= 0 or not self._changed.wait(left):
                break
        return len(self._arrived) >= count

    def _on_message(
        self,
        channel: Channel,
        method: spec.Basic.Deliver,
        properties: BasicProperties,
        body: bytes,
    ) -> None:
        message = Incoming(
            body=body,
            message_id=properties.message_id or "",
            redelivered=method.redelivered,
            handle=_Handle(channel, method.delivery_tag),
        )
        with self._changed:
            self._arrived.append(message)
            if len(self._arrived) >= self._wanted:
                self._changed.notify_all()

    def _answer(self, answer: Callable[[], None]) -> None:
        with self._answering:
            self._answers.append(answer)
            is_first = len(self._answers) == 1
        if is_first:  # one waking of the connection's thread carries all that gather meanwhile
            self._connection.call(self._send_answers)

    def _send_answers(self) -> None:
        with self._answering:
            answers = tuple(self._answers)
            self._answers.clear()
        for answer in answers:
            answer()


def _ack(handle: _Handle) -> None:
    if handle.channel.is_open:
        handle.channel.basic_ack(handle.number)


def _reject(handle: _Handle) -> None:
    if handle.channel.is_open:
        handle.channel.basic_reject(handle.number, requeue=False)
