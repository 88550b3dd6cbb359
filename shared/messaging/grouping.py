"""Sort a batch of messages into groups of one account and name; answer those nobody can read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog

from shared.journal.claim import RowVersion
from shared.messaging.envelope import Unreadable, read
from shared.messaging.protocol import Consumer, Incoming
from shared.metrics import deliveries

log = structlog.get_logger()

Group = Mapping[RowVersion, Incoming]
Groups = dict[tuple[UUID, str], dict[RowVersion, Incoming]]


def grouped(messages: Sequence[Incoming], *, consumer: Consumer, queue: str) -> list[Group]:
    """Group messages; one that came twice is acknowledged, an unreadable one rejected."""
    groups: Groups = defaultdict(dict)
    for message in messages:
        try:
            notice = read(message)
        except Unreadable as unreadable:
            log.warning("delivery.unreadable", queue=queue, reason=str(unreadable))
            deliveries.UNREADABLE.labels(queue).inc()
            consumer.reject(message)
            continue
        version = RowVersion(event_id=notice.event_id, generation=notice.generation)
        group = groups[notice.account_id, notice.name]
        if version in group:
            consumer.ack(message)
        else:
            group[version] = message
    return list(groups.values())
