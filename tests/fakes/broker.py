"""A broker in memory: publishers that answer as they are told, consumers that remember acks."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.errors import OurTrouble
from shared.messaging.protocol import Incoming, Outgoing, PublishResult


@dataclass
class FakePublisher:
    """Keeps what was published; `answers` says how each message fares, `down` fails them all."""

    answers: Callable[[Outgoing], PublishResult] = field(
        default=lambda _message: PublishResult.CONFIRMED
    )
    down: bool = False
    published: list[Outgoing] = field(default_factory=list)

    def publish(self, messages: Sequence[Outgoing], *, timeout: float) -> Sequence[PublishResult]:
        """Answer for each message, in order."""
        assert timeout > 0
        if self.down:
            raise OurTrouble("the broker does not answer")
        results = [self.answers(message) for message in messages]
        self.published += [
            message
            for message, result in zip(messages, results, strict=True)
            if result is PublishResult.CONFIRMED
        ]
        return results

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeConsumer:
    """Hands out what waits in it and remembers what became of each message."""

    waiting: list[Incoming] = field(default_factory=list)
    acked: list[Incoming] = field(default_factory=list)
    rejected: list[Incoming] = field(default_factory=list)
    closed: bool = False
    on_ack: Callable[[Incoming], None] = field(default=lambda _message: None)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, *, up_to: int, wait: float, gather: float) -> Sequence[Incoming]:
        """Give what waits, at once."""
        assert wait >= gather
        with self._lock:
            taken, self.waiting = self.waiting[:up_to], self.waiting[up_to:]
        return taken

    def ack(self, message: Incoming) -> None:
        """Remember the message as dealt with."""
        self.on_ack(message)
        with self._lock:
            self.acked.append(message)

    def reject(self, message: Incoming) -> None:
        """Remember the message as unreadable."""
        with self._lock:
            self.rejected.append(message)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def incoming(message: Outgoing) -> Incoming:
    """Turn what was published into what a consumer gets."""
    return Incoming(
        body=message.body, message_id=message.message_id, redelivered=False, handle=object()
    )
