"""What the journal tells of queues and processes over all accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session

from shared.budgets.admission import CALLING
from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import Queue

_E, _A = EVENT.c, ATTEMPT.c
_QUEUES: Final = tuple(queue.value for queue in Queue)
_OPEN = (_E.settled_at.is_(None), _E.hold_cause.is_(None), _E.queue.in_(_QUEUES))

# Ids grow with time: the newest events tell what goes on now, however long the journal is.
NEWEST: Final = 2000
# A relay looks twenty times a second; what no budget bounds should not wait longer than this.
LATE: Final = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class QueueOfAll:
    """A queue over all accounts: what is due, with the broker or a worker, and held."""

    queue: str
    due: int
    oldest_due: datetime | None
    out: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Worker:
    """A process that worked on one of the newest events."""

    queue: str
    host: str
    process: str
    attempts: int
    last_began: datetime


@dataclass(frozen=True, kw_only=True)
class Relays:
    """How the relays do: `lag` in seconds is how long the oldest event waits that none bounds."""

    last_published: datetime | None
    oldest_due: datetime | None
    lag: float
    being_published: int

    @property
    def is_late(self) -> bool:
        """Whether nobody seems to publish."""
        return self.lag > LATE.total_seconds()


def read_queues(session: Session, *, now: datetime) -> Sequence[QueueOfAll]:
    """Count each queue over all accounts."""
    due = session.execute(
        select(_E.queue, func.count(), func.min(_E.due_at, type_=_E.due_at.type))
        .where(*_OPEN, _E.published_at.is_(None), _E.due_at <= now)
        .group_by(_E.queue)
    )
    counts = {queue: (count, oldest) for queue, count, oldest in due}
    out = _by_queue(session, *_OPEN, _E.published_at.is_not(None))
    held = _by_queue(session, _E.hold_cause.is_not(None), _E.settled_at.is_(None))
    return [
        QueueOfAll(
            queue=queue,
            due=counts.get(queue, (0, None))[0],
            oldest_due=counts.get(queue, (0, None))[1],
            out=out.get(queue, 0),
            held=held.get(queue, 0),
        )
        for queue in _QUEUES
    ]


def read_relays(session: Session, queues: Sequence[QueueOfAll], *, now: datetime) -> Relays:
    """Judge the relays by what they should have published at once."""
    unbounded = [each.oldest_due for each in queues if each.queue not in CALLING]
    oldest = min((at for at in unbounded if at is not None), default=None)
    newest = select(_E.published_at).order_by(_E.id.desc()).limit(NEWEST).subquery()
    last = select(func.max(newest.c.published_at, type_=_E.published_at.type))
    under_way = select(func.count()).where(_E.publishing_until.is_not(None))
    return Relays(
        last_published=session.execute(last).scalar(),
        oldest_due=oldest,
        lag=0.0 if oldest is None else (now - oldest).total_seconds(),
        being_published=session.execute(under_way).scalar_one(),
    )


def read_workers(session: Session) -> Sequence[Worker]:
    """Name the processes that worked on the newest events, by queue."""
    newest = select(_E.id).order_by(_E.id.desc()).limit(NEWEST).subquery()
    rows = session.execute(
        select(_A.worker, func.count(), func.max(_A.started_at, type_=_A.started_at.type))
        .where(_A.event_id.in_(select(newest.c.id)))
        .group_by(_A.worker)
        .order_by(_A.worker)
    )
    return [worker_of(name, count, last) for name, count, last in rows]


def worker_of(name: str, attempts: int, last_began: datetime) -> Worker:
    """Read what a worker's name says: `<queue>@<host>:<process id>`."""
    queue, _, place = name.partition("@")
    host, _, process = place.rpartition(":")
    return Worker(queue=queue, host=host, process=process, attempts=attempts, last_began=last_began)


def _by_queue(session: Session, *which: Any) -> Mapping[str, int]:
    rows = session.execute(select(_E.queue, func.count()).where(*which).group_by(_E.queue))
    return {queue: count for queue, count in rows}  # noqa: C416 - rows are no pairs to mypy
