"""RabbitMQ as a Broker: declares the topology, counts messages, opens publishers and consumers."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from pika.channel import Channel

from shared.errors import OurTrouble
from shared.events import Queue
from shared.messaging.protocol import Consumer, Publisher, QueueDepth, QueueState
from shared.messaging.rabbitmq_connection import RabbitConnection, parameters_from
from shared.messaging.rabbitmq_consumer import RabbitConsumer
from shared.messaging.rabbitmq_publisher import RabbitPublisher
from shared.messaging.topology import (
    TOPOLOGY,
    ExchangeSpec,
    QueueSpec,
    Topology,
    dead_letters_of,
)
from shared.messaging.url import without_secret

# Declaring a quorum queue starts a Raft group; a busy cluster takes a second for each.
ANSWER_SECONDS = 30.0

# One call to the broker: made on the channel, its answer handed to the second argument.
Step = Callable[[Channel, Callable[[Any], None]], None]


class RabbitBroker:
    """A Broker for `amqp://` and `amqps://`; opens a connection for each thing it is asked."""

    def __init__(self, url: str, *, topology: Topology = TOPOLOGY) -> None:
        """ValueError when `url` is no AMQP URL."""
        parameters_from(url, purpose="check")
        self._url = url
        self._topology = topology

    def declare(self) -> None:
        """Create what is missing; OurTrouble when something exists with other arguments."""
        steps: list[Step] = [_declare_exchange(spec) for spec in self._topology.exchanges]
        for spec in self._topology.queues:
            steps += [_declare_queue(spec), _bind_queue(spec)]
        _carry_out(self._url, steps)

    def publisher(self) -> Publisher:
        """Open a publisher; it connects in the background."""
        return RabbitPublisher(self._url)

    def consumer(self, queue: str, *, prefetch: int) -> Consumer:
        """Open a consumer; it connects in the background."""
        return RabbitConsumer(self._url, queue, prefetch=prefetch)

    def depths(self) -> Sequence[QueueDepth]:
        """Count ready messages by asking for each queue without creating it."""
        return tuple(
            QueueDepth(queue=one.queue, ready=one.ready, dead_letters=one.dead_letters)
            for one in self.states()
        )

    def states(self) -> Sequence[QueueState]:
        """Ask for each queue without creating it; what is unacknowledged is not told this way."""
        names = [name for queue in Queue for name in (queue, dead_letters_of(queue))]
        answers = _carry_out(self._url, [_look_at(name) for name in names])
        told = {answer.queue: answer for answer in answers}
        return tuple(
            QueueState(
                queue=queue,
                ready=told[queue].message_count,
                dead_letters=told[dead_letters_of(queue)].message_count,
                consumers=told[queue].consumer_count,
            )
            for queue in Queue
        )

    def check(self) -> None:
        """Raise OurTrouble unless every exchange and queue of the topology is there."""
        steps = [_look_at_exchange(spec.name) for spec in self._topology.exchanges]
        steps += [_look_at(spec.name) for spec in self._topology.queues]
        _carry_out(self._url, steps)


class _Round:
    """Makes calls one after the other on the first channel it is given; no second try."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = deque(steps)
        self._answers: list[Any] = []
        self.outcome: Future[Sequence[Any]] = Future()

    def opened(self, channel: Channel) -> None:
        self._go_on(channel)

    def lost(self, why: str) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(ConnectionError(why))

    def blocked(self, is_blocked: bool) -> None:  # noqa: FBT001 - see ChannelUser
        """Go on: declaring and counting are not held up."""

    def _go_on(self, channel: Channel) -> None:
        if self.outcome.done():
            return
        if not self._steps:
            self.outcome.set_result(tuple(self._answers))
            return
        self._steps.popleft()(channel, partial(self._take_answer, channel))

    def _take_answer(self, channel: Channel, frame: Any) -> None:
        self._answers.append(frame.method)
        self._go_on(channel)


def _carry_out(url: str, steps: Sequence[Step]) -> Sequence[Any]:
    asked = _Round(steps)
    connection = RabbitConnection(url, purpose="topology", user=asked)
    connection.start()
    try:
        return asked.outcome.result(timeout=ANSWER_SECONDS)
    except (ConnectionError, TimeoutError) as error:
        why = str(error) or f"no answer within {ANSWER_SECONDS:.0f} s"
        raise OurTrouble(
            f"RabbitMQ at {without_secret(url)} does not do as asked: {why}."
        ) from None
    finally:
        connection.close()


def _declare_exchange(spec: ExchangeSpec) -> Step:
    return lambda channel, then: channel.exchange_declare(
        spec.name, exchange_type=spec.kind, durable=True, callback=then
    )


def _declare_queue(spec: QueueSpec) -> Step:
    return lambda channel, then: channel.queue_declare(
        spec.name, durable=True, arguments=dict(spec.arguments), callback=then
    )


def _bind_queue(spec: QueueSpec) -> Step:
    return lambda channel, then: channel.queue_bind(
        spec.name, spec.exchange, routing_key=spec.pattern, callback=then
    )


def _look_at(queue: str) -> Step:
    return lambda channel, then: channel.queue_declare(queue, passive=True, callback=then)


def _look_at_exchange(exchange: str) -> Step:
    return lambda channel, then: channel.exchange_declare(exchange, passive=True, callback=then)
