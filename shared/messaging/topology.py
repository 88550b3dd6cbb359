"""Which exchanges, queues and bindings there are: values, declared by every broker alike.

Everything here is allowed on RabbitMQ 3.10 and on 4.x: durable quorum queues, no mirroring, no
transient queue. A queue's arguments cannot be changed once it exists, so they are few; whatever
an operator wants beside them is a RabbitMQ policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.events import ROUTES, Queue

# Deliveries before the broker itself moves a message away. The journal judges failures and
# acknowledges; only a message that keeps killing its consumer gets here. 4.x has the same default.
DELIVERY_LIMIT = 20
# Nobody consumes dead letters, so a flood of unreadable messages must not fill the disk. The
# journal still has every event: what is dropped here is only the evidence.
DEAD_LETTERS_KEPT = 100_000
DEAD_SUFFIX = ".dead"


@dataclass(frozen=True, kw_only=True)
class ExchangeSpec:
    """One durable exchange; `kind` is "topic" or "direct"."""

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class QueueSpec:
    """One durable quorum queue, bound to `exchange` by `pattern`."""

    name: str
    exchange: str
    pattern: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Topology:
    """All that has to exist before a message is sent; `queues` lists the dead-letter ones too."""

    exchanges: tuple[ExchangeSpec, ...]
    queues: tuple[QueueSpec, ...]


LIVE_EXCHANGE = ExchangeSpec(name="goodsout", kind="topic")
DEAD_EXCHANGE = ExchangeSpec(name="goodsout.dead", kind="direct")


def dead_letters_of(queue: str) -> str:
    """Name the queue that takes what `queue` could not read."""
    return queue + DEAD_SUFFIX


def routing_key(event_name: str) -> str:
    """Say where an event goes: `<queue>.<event name>`. KeyError for a name without a route."""
    return f"{ROUTES[event_name]}.{event_name}"


def queue_for(key: str) -> str | None:
    """Find the queue whose binding matches a routing key, or None as the broker would."""
    first_word = key.partition(".")[0]
    return first_word if first_word in set(Queue) else None


def _live(queue: Queue) -> QueueSpec:
    # Dead-lettering stays at-most-once. At-least-once wants overflow=reject-publish, so a full
    # dead-letter queue would end in refused publishing; it falls back silently on 3.10 without
    # the feature flag stream_queue, lacks 3.10.20's repair (#7677) on Debian's 3.10.8, and on
    # 4.2 leaves messages stranded (#16652). A dead letter that is lost is sent again anyway.
    return QueueSpec(
        name=queue.value,
        exchange=LIVE_EXCHANGE.name,
        pattern=f"{queue}.#",
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_EXCHANGE.name,
            "x-dead-letter-routing-key": dead_letters_of(queue),
        },
    )


def _dead(queue: Queue) -> QueueSpec:
    return QueueSpec(
        name=dead_letters_of(queue),
        exchange=DEAD_EXCHANGE.name,
        pattern=dead_letters_of(queue),
        arguments={"x-queue-type": "quorum", "x-max-length": DEAD_LETTERS_KEPT},
    )


TOPOLOGY = Topology(
    exchanges=(LIVE_EXCHANGE, DEAD_EXCHANGE),
    queues=tuple(spec for queue in Queue for spec in (_live(queue), _dead(queue))),
)


def render() -> str:
    """Lay the topology out as a table, one line per queue, for `goodsout topology`."""
    heads = ("queue", "exchange", "binding", "arguments")
    rows = [
        (spec.name, spec.exchange, spec.pattern, _arguments_in_words(spec.arguments))
        for spec in TOPOLOGY.queues
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, tuple("-" * width for width in widths), *rows)
    ]
    exchanges = ", ".join(f"{spec.name} ({spec.kind})" for spec in TOPOLOGY.exchanges)
    return "\n".join([f"exchanges: {exchanges}", "", *lines])


def _arguments_in_words(arguments: Mapping[str, str | int]) -> str:
    return " ".join(f"{name.removeprefix('x-')}={value}" for name, value in arguments.items())
