"""What is done by the clock, and for which slot of time it is due; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from shared.clock import Pace
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
    RETENTION_REQUESTED,
    SHIPHERO_CHECK_REQUESTED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    SILENCE_CHECK_REQUESTED,
    Lane,
)

HOUR, DAY = 3_600.0, 86_400.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHORTEST_BEAT, LONGEST_BEAT = 0.2, 60.0  # seconds between two looks at what is due
LOOKS = 60  # in one period, so that accounts spread over it


@dataclass(frozen=True, kw_only=True)
class Job:
    """An event that is recorded once in every period, for each account that has `vendors`.

    Without `vendors` it is for every account, connected or not. `name` stands in the dedupe key, so
    it never changes.
    """

    name: str
    event_name: str
    every: timedelta
    vendors: frozenset[str]
    lane: Lane = Lane.BACKFILL
    # Without a go-live time there is nothing to compare yet.
    needs_go_live: bool = False
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def beat(self) -> float:
        """Seconds between two looks."""
        return min(max(self.every.total_seconds() / LOOKS, SHORTEST_BEAT), LONGEST_BEAT)


def jobs_of(*, reconcile_every: float, webhook_check_every: float, pace: Pace) -> tuple[Job, ...]:
    """List everything that is done by the clock for single accounts."""
    often, daily = pace.after(reconcile_every), pace.after(DAY)
    brightpearl, shiphero = frozenset({BRIGHTPEARL}), frozenset({SHIPHERO})
    return (
        Job(
            name="reconciliation",
            event_name=RECONCILIATION_REQUESTED,
            every=often,
            vendors=brightpearl,
            needs_go_live=True,
            payload={"because": "the clock"},
        ),
        Job(
            name="shiphero_reconciliation",
            event_name=SHIPHERO_RECONCILIATION_REQUESTED,
            every=often,
            vendors=shiphero,
            needs_go_live=True,
        ),
        Job(
            name="reference",
            event_name=REFERENCE_REQUESTED,
            every=daily,
            vendors=brightpearl | shiphero,
            payload={"part": "all"},
        ),
        Job(
            name="silence_check",
            event_name=SILENCE_CHECK_REQUESTED,
            every=pace.after(HOUR),
            vendors=brightpearl | shiphero,
            needs_go_live=True,
        ),
        Job(
            name="retention",
            event_name=RETENTION_REQUESTED,
            every=daily,
            vendors=frozenset(),
        ),
        *check_jobs(every=pace.after(webhook_check_every)),
    )


def check_jobs(*, every: timedelta) -> tuple[Job, ...]:
    """List the looks at each vendor's webhooks; they are few, so they wait for no backlog."""
    return (
        Job(
            name="brightpearl_check",
            event_name=BRIGHTPEARL_CHECK_REQUESTED,
            every=every,
            vendors=frozenset({BRIGHTPEARL}),
            lane=Lane.LIVE,
        ),
        Job(
            name="shiphero_check",
            event_name=SHIPHERO_CHECK_REQUESTED,
            every=every,
            vendors=frozenset({SHIPHERO}),
            lane=Lane.LIVE,
        ),
    )


def slot_of(job: Job, account_id: UUID, now: datetime) -> str:
    """Name the period that `now` is in: it began at this time, for this account.

    Each account's periods begin at a moment of its own, always the same one, so that a thousand
    accounts do not ask in the same second. It follows from the time alone: whoever computes it,
    and however long nobody did, the period's run is one and the same.
    """
    shift = job.every * _fraction(job.name, account_id)
    periods = (now - EPOCH - shift) // job.every
    return (EPOCH + shift + periods * job.every).isoformat()


def _fraction(name: str, account_id: UUID) -> float:
    drawn = sha256(f"{name}:{account_id}".encode()).digest()[:4]
    return int.from_bytes(drawn) / 2**32
