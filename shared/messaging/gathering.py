"""A busy account's events wait a moment for company: what travels together costs fewer calls.

An account at rest waits for nothing: only what comes within a pause or two of the last departure of
its queue is kept until the next one, or until there is a full load.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shared.events import Queue

# The queues whose consumers read and write for many notes in one request, and how many pauses their
# events wait: a parcel that left is in less of a hurry than one that is to be packed.
GATHERED = {Queue.SHIPHERO_PUSH.value: 1, Queue.SHIPMENT_RETURN.value: 2}

Pair = tuple[str, UUID]


@dataclass
class Gathering:
    """When each account's events last left for each queue; one relay's memory."""

    pause: timedelta
    full_load: int = 100
    _left_at: dict[Pair, datetime] = field(default_factory=dict)

    def waits(self, pair: Pair, count: int, *, now: datetime) -> bool:
        """Say whether `count` due events of a queue and account stay for a moment longer."""
        pauses = GATHERED.get(pair[0], 0)
        left_at = self._left_at.get(pair)
        if not pauses or count >= self.full_load or left_at is None:
            return False
        return left_at <= now < left_at + self.pause * pauses

    def left(self, pairs: Collection[Pair], *, now: datetime) -> None:
        """Remember a departure, and forget those of accounts at rest."""
        self._left_at = {
            pair: at
            for pair, at in self._left_at.items()
            if now < at + self.pause * GATHERED.get(pair[0], 0)
        } | dict.fromkeys(pairs, now)
