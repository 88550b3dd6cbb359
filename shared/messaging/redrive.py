"""Put a queue's dead letters back into it, a bounded batch at a time; what nobody can read stays.

A message that is stale by now does nothing when it comes: the journal knows its generation.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from shared.events import ROUTES, Queue
from shared.messaging.envelope import Unreadable, read
from shared.messaging.protocol import Broker, Consumer, Incoming, Outgoing, PublishResult
from shared.messaging.topology import dead_letters_of, routing_key

UP_TO: Final = 1000
FIRST_WAIT: Final = 2.0  # seconds; a consumer connects meanwhile
NEXT_WAIT: Final = 0.3
CONFIRM_SECONDS: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Redriven:
    """How many were put back, and how many of those looked at stay dead letters."""

    moved: int
    stay: int


def redrive(broker: Broker, queue: Queue, *, up_to: int = UP_TO) -> Redriven:
    """Move what is readable of the oldest `up_to` dead letters; each is put back before it goes.

    Raises OurTrouble when the broker does not take them; they are dead letters still.
    """
    with (
        closing(broker.consumer(dead_letters_of(queue), prefetch=up_to)) as consumer,
        closing(broker.publisher()) as publisher,
    ):
        # Closing gives back what is not acknowledged. A quorum queue counts that as a delivery:
        # from RabbitMQ 4 on, one that stays twenty times is dropped, which loses evidence only.
        looked_at = _take(consumer, up_to)
        sound = [(message, again) for message in looked_at if (again := _again(message, queue))]
        results = publisher.publish([again for _, again in sound], timeout=CONFIRM_SECONDS)
        moved = [
            message
            for (message, _), result in zip(sound, results, strict=True)
            if result is PublishResult.CONFIRMED
        ]
        for message in moved:
            consumer.ack(message)
    return Redriven(moved=len(moved), stay=len(looked_at) - len(moved))


def _take(consumer: Consumer, up_to: int) -> Sequence[Incoming]:
    taken: list[Incoming] = []
    wait = FIRST_WAIT
    while len(taken) < up_to:
        batch = consumer.take(up_to=up_to - len(taken), wait=wait, gather=NEXT_WAIT)
        if not batch:
            break
        taken += batch
        wait = NEXT_WAIT
    return taken


def _again(message: Incoming, queue: Queue) -> Outgoing | None:
    try:
        notice = read(message)
    except Unreadable:
        return None
    if ROUTES.get(notice.name) is not queue:
        return None
    return Outgoing(
        routing_key=routing_key(notice.name),
        message_id=message.message_id,
        body=message.body,
        headers={"traceparent": notice.traceparent} if notice.traceparent else {},
    )
