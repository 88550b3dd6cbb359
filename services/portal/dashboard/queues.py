"""How much of an account's work waits in each queue, by the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import Session

from shared.db.journal_tables import EVENT
from shared.events import Lane, Queue
from shared.journal.account_ledger import COUNTED_AT_MOST
from shared.journal.dead import open_dead

_E = EVENT.c
_OPEN = (_E.settled_at.is_(None), _E.hold_cause.is_(None))
_UNPUBLISHED = _E.published_at.is_(None)
QUEUES: Final = tuple(queue.value for queue in Queue)

LABELS: Final[Mapping[str, str]] = {
    Queue.ORDER_INGEST: "Reading from Brightpearl",
    Queue.SHIPHERO_PUSH: "Sending to ShipHero",
    Queue.SHIPMENT_RETURN: "Writing back to Brightpearl",
    Queue.NOTIFIER: "Timeline, mails and alerts",
}
# What is put off for want of budget comes back within minutes: it belongs to the backlog. What is
# kept back for a later day does not.
SOON: Final = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Depth:
    """One queue: `due` waits for its turn, `backfill` of it yields to live work.

    `planned` comes later by itself, `retrying` of it after a failure, next at `next_try`.
    `out` is with the broker or a worker, `soon` is due or put off for a moment only.
    """

    queue: str
    due: int = 0
    backfill: int = 0
    planned: int = 0
    retrying: int = 0
    next_try: datetime | None = None
    oldest_due: datetime | None = None
    out: int = 0
    held: int = 0
    dead: int = 0
    soon: int = 0

    @property
    def backlog(self) -> int:
        """What is done as soon as workers and vendors allow."""
        return self.soon + self.out

    @property
    def label(self) -> str:
        """What the queue's work is, in words."""
        return LABELS.get(self.queue, self.queue)


def read_depths(session: Session, account_id: UUID, *, now: datetime) -> Sequence[Depth]:
    """Count what is not done yet, by queue."""
    waiting = _waiting(session, account_id, now=now)
    out = _out(session, account_id)
    held = _held(session, account_id)
    dead = _dead(session, account_id)
    return [
        Depth(
            queue=queue,
            **waiting.get(queue, {}),
            out=out.get(queue, 0),
            held=held.get(queue, 0),
            dead=dead.get(queue, 0),
        )
        for queue in QUEUES
    ]


def _waiting(session: Session, account_id: UUID, *, now: datetime) -> Mapping[str, dict[str, Any]]:
    due, later = _E.due_at <= now, _E.due_at > now
    again, when = later & (_E.failures > 0), _E.due_at.type
    soon = (_E.due_at <= now + SOON) & (due | (_E.failures == 0))
    rows = session.execute(
        select(
            _E.queue,
            func.count(case((due, 1))).label("due"),
            func.count(case((due & (_E.lane == Lane.BACKFILL.value), 1))).label("backfill"),
            func.count(case((soon, 1))).label("soon"),
            func.count(case((later, 1))).label("planned"),
            func.count(case((again, 1))).label("retrying"),
            func.min(case((again, _E.due_at)), type_=when).label("next_try"),
            func.min(case((due, _E.due_at)), type_=when).label("oldest_due"),
        )
        .where(_E.account_id == account_id, _E.queue.in_(QUEUES), *_OPEN, _UNPUBLISHED)
        .group_by(_E.queue)
    )
    told = [row._asdict() for row in rows]
    return {one.pop("queue"): one for one in told}


def _out(session: Session, account_id: UUID) -> Mapping[str, int]:
    return _by_queue(
        session,
        _E.account_id == account_id,
        _E.queue.in_(QUEUES),
        *_OPEN,
        _E.published_at.is_not(None),
    )


def _held(session: Session, account_id: UUID) -> Mapping[str, int]:
    return _by_queue(
        session, _E.account_id == account_id, _E.hold_cause.is_not(None), _E.settled_at.is_(None)
    )


def _dead(session: Session, account_id: UUID) -> Mapping[str, int]:
    newest = (
        select(_E.queue)
        .where(*open_dead(account_id))
        .order_by(_E.settled_at.desc())
        .limit(COUNTED_AT_MOST)
        .subquery()
    ).c
    rows = session.execute(select(newest.queue, func.count()).group_by(newest.queue))
    return {queue: count for queue, count in rows}  # noqa: C416 - rows are no pairs to mypy


def _by_queue(session: Session, *which: Any) -> Mapping[str, int]:
    rows = session.execute(select(_E.queue, func.count()).where(*which).group_by(_E.queue))
    return {queue: count for queue, count in rows}  # noqa: C416 - as above
