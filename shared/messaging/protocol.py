"""What Goodsout asks of a broker; `rabbitmq` and `virtual` both answer it.

At least once is all that is asked: a message may come twice or, with a broker that loses
everything, not at all. The journal makes both harmless.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to publish: a CloudEvents envelope in `body`, routed by `routing_key`.

    The routing key is `<queue>.<event name>`; `message_id` is the event's id.
    """

    routing_key: str
    message_id: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class PublishResult(StrEnum):
    """What the broker said of one message."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"  # no queue is bound: a mistake in the topology, never retried blindly
    REFUSED = "refused"  # a negative confirm, or none within the time limit


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message taken from a queue, to be acknowledged or rejected exactly once.

    `handle` is the implementation's own; a handle from a connection that was lost since is
    ignored by `ack`, because the broker delivers the message again anyway.
    """

    body: bytes
    message_id: str
    redelivered: bool
    handle: Any


class Publisher(Protocol):
    """Publishes with confirms; safe to use from one thread at a time."""

    def publish(self, messages: Sequence[Outgoing], *, timeout: float) -> Sequence[PublishResult]:
        """Publish all, wait for every confirm up to `timeout` seconds; results in input order.

        Raises OurTrouble when the broker cannot be reached at all.
        """
        ...

    def close(self) -> None:
        """Release the connection."""
        ...


class Consumer(Protocol):
    """Takes messages of one queue in micro-batches; `ack` and `reject` work from any thread."""

    def take(self, *, up_to: int, wait: float, gather: float) -> Sequence[Incoming]:
        """Wait up to `wait` s for a first message, then gather up to `up_to` within `gather` s.

        Returns an empty sequence when none came; reconnects by itself after a lost connection.
        """
        ...

    def ack(self, message: Incoming) -> None:
        """Tell the broker that the message was dealt with."""
        ...

    def reject(self, message: Incoming) -> None:
        """Give an unreadable message to the queue's dead-letter queue."""
        ...

    def close(self) -> None:
        """Stop consuming; unacknowledged messages go back to the queue."""
        ...


@dataclass(frozen=True, kw_only=True)
class QueueDepth:
    """How many messages wait in a queue, and in its dead-letter queue."""

    queue: str
    ready: int
    dead_letters: int


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """How a queue stands at the broker; what is None, the broker does not tell.

    `unacknowledged` is what consumers hold just now.
    """

    queue: str
    ready: int
    dead_letters: int
    unacknowledged: int | None = None
    consumers: int | None = None


class Broker(Protocol):
    """One broker by its URL: declares the topology, opens publishers and consumers."""

    def declare(self) -> None:
        """Create exchanges, queues and bindings as `topology` lists them; repeatable."""
        ...

    def publisher(self) -> Publisher:
        """Open a publisher with a connection of its own."""
        ...

    def consumer(self, queue: str, *, prefetch: int) -> Consumer:
        """Open a consumer with a connection of its own."""
        ...

    def depths(self) -> Sequence[QueueDepth]:
        """Count what waits; for the dashboard, `doctor` and tests."""
        ...

    def states(self) -> Sequence[QueueState]:
        """Look at every queue, changing nothing; for the operator's area.

        Raises OurTrouble when the broker cannot be reached or lacks a queue.
        """
        ...

    def check(self) -> None:
        """Raise OurTrouble with a sentence when the broker cannot be reached or lacks a queue."""
        ...
