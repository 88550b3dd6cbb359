"""Takes messages of one RabbitMQ queue in micro-batches."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pika import BasicProperties, spec
from pika.channel import Channel
from pika.frame import Method

from shared.messaging.protocol import Incoming
from shared.messaging.rabbitmq_connection import RabbitConnection

# A quorum queue that is deleted and declared again at once may keep a consumer as a ghost: it
# is neither served nor told (seen on 3.10.8; 3.10.9 repaired another such fault). So we ask.
ASK_EVERY_SECONDS = 30.0


@dataclass(frozen=True)
class _Handle:
    """A delivery's number on the channel it came by; numbers start anew on every channel."""

    channel: Channel
    number: int


Answer = Callable[[Channel, int], None]


class RabbitConsumer:
    """A Consumer; deliveries wait in memory, at most `prefetch` of them unacknowledged."""

    def __init__(
        self, url: str, queue: str, *, prefetch: int, ask_every: float = ASK_EVERY_SECONDS
    ) -> None:
        self._queue = queue
        self._prefetch = prefetch
        self._ask_every = ask_every
        self._held = 0
        self._is_idle = True
        self._arrived: deque[Incoming] = deque()
        self._wanted = 1
        self._changed = threading.Condition()
        self._answers: deque[tuple[_Handle, Answer]] = deque()
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
        self._answer(message, lambda channel, number: channel.basic_ack(number))

    def reject(self, message: Incoming) -> None:
        """Give the message to the queue's dead-letter queue; from any thread."""
        self._answer(message, lambda channel, number: channel.basic_reject(number, requeue=False))

    def close(self) -> None:
        """Stop consuming; what was not acknowledged goes back to the queue."""
        self._closed = True
        self._connection.close()

    def opened(self, channel: Channel) -> None:
        """Subscribe; the limit is per consumer, the only kind a quorum queue knows."""
        channel.basic_qos(prefetch_count=self._prefetch, global_qos=False)
        channel.basic_consume(self._queue, self._on_message)
        self._held = 0
        self._connection.call_later(self._ask_every, partial(self._ask, channel))

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
        self._held += 1
        self._is_idle = False
        with self._changed:
            self._arrived.append(message)
            if len(self._arrived) >= self._wanted:
                self._changed.notify_all()

    def _answer(self, message: Incoming, answer: Answer) -> None:
        with self._answering:
            self._answers.append((message.handle, answer))
            is_first = len(self._answers) == 1
        if is_first:  # one waking of the connection's thread carries all that gather meanwhile
            self._connection.call(self._send_answers)

    def _send_answers(self) -> None:
        with self._answering:
            answers = tuple(self._answers)
            self._answers.clear()
        for handle, answer in answers:
            if handle.channel.is_open:  # else the broker has taken it back already
                self._held -= 1
                answer(handle.channel, handle.number)

    def _ask(self, channel: Channel) -> None:
        if not channel.is_open:
            return
        if self._is_idle and self._held == 0:
            channel.queue_declare(self._queue, passive=True, callback=self._on_count)
        self._is_idle = True
        self._connection.call_later(self._ask_every, partial(self._ask, channel))

    def _on_count(self, frame: Method) -> None:
        # Messages that wait while we do are not meant for us, in the queue's opinion.
        if frame.method.consumer_count == 0 or (frame.method.message_count and self._is_idle):
            self._connection.drop("the queue does not know us any more")
