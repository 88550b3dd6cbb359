"""How many events of the journal wait, for what and since when, by account and queue.

Every query is answered by a partial index whose size follows the work in hand, not the history.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import Session

from shared.accounts import STOPPED_BY_PERSON
from shared.db.journal_tables import EVENT
from shared.events import MAIL_REQUESTED, Queue
from shared.journal.dead import open_dead

_E = EVENT.c
_UNSETTLED = (_E.settled_at.is_(None), _E.hold_cause.is_(None))
_WAITS = (*_UNSETTLED, _E.published_at.is_(None))
_OUT = (*_UNSETTLED, _E.published_at.is_not(None))
_HELD = (_E.hold_cause.is_not(None), _E.settled_at.is_(None))
_WHOSE = (_E.account_id, _E.queue)

QUEUES: Final = tuple(queue.value for queue in Queue)
DUE, PLANNED, RETRYING, OUT, HELD, DEAD = "due", "planned", "retrying", "out", "held", "dead"
STATES: Final = (DUE, PLANNED, RETRYING, OUT, HELD, DEAD)
# A retry that has been due for longer than this is late: a relay looks twenty times a second, and
# a budget opens again within two minutes.
LATE: Final = timedelta(minutes=5)
# More dead letters than these are not counted one by one.
DEAD_AT_MOST: Final = 10_000

Pair = tuple[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What is not done, by account and queue; `held` and `dead` also by cause and reason code."""

    counts: Counter[tuple[UUID, str, str]] = field(default_factory=Counter)
    late: Counter[Pair] = field(default_factory=Counter)
    oldest_due: Mapping[Pair, datetime] = field(default_factory=dict)
    oldest_out: Mapping[Pair, datetime] = field(default_factory=dict)
    held: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    dead: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    oldest_mail: datetime | None = None


def read_journal(session: Session, *, now: datetime) -> Journal:
    """Count everything that is not done."""
    waiting = session.execute(_waiting(now)).all()
    out = session.execute(_out()).all()
    held = session.execute(_held()).all()
    dead = session.execute(_dead()).all()
    counts: Counter[tuple[UUID, str, str]] = Counter()
    for row in waiting:
        for state in (DUE, PLANNED, RETRYING):
            counts[row.account_id, row.queue, state] += getattr(row, state)
    for state, rows in ((OUT, out), (HELD, held), (DEAD, dead)):
        for row in rows:
            counts[row.account_id, row.queue, state] += row.number
    return Journal(
        counts=counts,
        late=Counter({(row.account_id, row.queue): row.late for row in waiting}),
        oldest_due=_oldest(waiting),
        oldest_out=_oldest(out),
        held=_by(held, "cause"),
        dead=_by(dead, "reason_code"),
        oldest_mail=_oldest_mail(session),
    )


def _waiting(now: datetime) -> Any:
    due, failed = _E.due_at <= now, _E.failures > 0
    return (
        select(
            *_WHOSE,
            func.count(case((due, 1))).label(DUE),
            func.count(case((~due & ~failed, 1))).label(PLANNED),
            func.count(case((~due & failed, 1))).label(RETRYING),
            func.count(case((failed & (_E.due_at < now - LATE), 1))).label("late"),
            func.min(case((due, _E.due_at)), type_=_E.due_at.type).label("oldest"),
        )
        .where(*_WAITS)
        .group_by(*_WHOSE)
    )


def _out() -> Any:
    oldest = func.min(_E.published_at, type_=_E.published_at.type).label("oldest")
    return select(*_WHOSE, func.count().label("number"), oldest).where(*_OUT).group_by(*_WHOSE)


def _held() -> Any:
    """Count subjects, as the portal does; holds of single notes are one cause."""
    of_one_note = _E.hold_cause.startswith(f"{STOPPED_BY_PERSON}:")
    cause = case((of_one_note, STOPPED_BY_PERSON), else_=_E.hold_cause)
    grouped = select(*_WHOSE, cause.label("whole"), _E.subject).where(*_HELD).subquery().c
    return select(
        grouped.account_id,
        grouped.queue,
        grouped.whole.label("cause"),
        func.count(grouped.subject.distinct()).label("number"),
    ).group_by(grouped.account_id, grouped.queue, grouped.whole)


def _dead() -> Any:
    newest = select(*_WHOSE, _E.reason_code).where(*open_dead()).limit(DEAD_AT_MOST).subquery().c
    by = (newest.account_id, newest.queue, newest.reason_code)
    return select(*by, func.count().label("number")).group_by(*by)


def _oldest(rows: Any) -> Mapping[Pair, datetime]:
    return {(row.account_id, row.queue): row.oldest for row in rows if row.oldest is not None}


def _by(rows: Any, name: str) -> Counter[tuple[UUID, str]]:
    counted: Counter[tuple[UUID, str]] = Counter()
    for row in rows:
        # What follows the colon names a warehouse, a method or a vendor: as a label, too many.
        counted[row.account_id, getattr(row, name).partition(":")[0]] += row.number
    return counted


def _oldest_mail(session: Session) -> datetime | None:
    oldest = func.min(_E.recorded_at, type_=_E.recorded_at.type)
    mail = (_E.queue == Queue.NOTIFIER.value, _E.name == MAIL_REQUESTED)
    found = [session.execute(select(oldest).where(*mail, *one)).scalar() for one in (_WAITS, _OUT)]
    return min((at for at in found if at is not None), default=None)
