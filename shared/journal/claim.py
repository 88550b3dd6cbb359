"""A consumer's claim: commit the attempt before the work, refuse what is stale."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, insert, or_, select, tuple_, update
from sqlmodel import Session

from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import Event, Lane
from shared.journal.settle import OVERRAN

_E = EVENT.c
_A = ATTEMPT.c
_B = ATTEMPT.alias().c

# The number only has to be nobody else's.
_TURNS = 7468002

# Attempts at one event that end too late, one after the other, until it counts as hanging. Each
# has lasted for several leases, so this is hours.
MOST_OVERRUNS = 20


@dataclass(frozen=True, kw_only=True)
class RowVersion:
    """Which row a message is about, and as of which generation."""

    event_id: UUID
    generation: int


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What a batch of messages turned into.

    `events` are ours to work on; `crashed` are ours to settle as dead, because their attempts
    kept ending without a word; `suspects` are to be claimed one by one; every other message was
    stale.
    """

    events: Sequence[Event] = field(default=())
    crashed: Sequence[Event] = field(default=())
    suspects: Sequence[RowVersion] = field(default=())


def claim(
    session: Session,
    versions: Sequence[RowVersion],
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    crash_limit: int,
    up_to: int = 0,
) -> Claimed:
    """Claim the rows of `versions` for `lease` and write their attempt rows; the caller commits.

    A row that was settled, held, made due again or is claimed by another is left out: its message
    is stale. With `up_to`, rows of the same account and name that a relay published, or is just
    publishing, come along until there are so many, whoever holds their messages: what travels
    together costs a vendor fewer calls.
    A row whose last attempt ended without a word may have killed its process: it goes alone, so
    that it never takes others along.
    """
    if up_to:
        _take_turns(session, versions)
    known = {row.id: row for row in _claimable(session, versions, now=now)}
    unended = _crashers(session, list(known), limit=0)
    suspects = unended if len(known) > 1 else set()
    ids = [id_ for id_ in known if id_ not in suspects]
    if ids and not unended:
        ids += _neighbours(session, known[ids[0]], ids, limit=up_to - len(ids), now=now)
    apart = [version for version in versions if version.event_id in suspects]
    return replace(
        _claim(session, ids, worker=worker, now=now, lease=lease, crash_limit=crash_limit),
        suspects=apart,
    )


def extend(session: Session, events: Sequence[Event], *, now: datetime, lease: timedelta) -> None:
    """Let the claims of `events` last for `lease` from now on; the caller commits.

    One that ended, or that another has claimed since, is left alone; so is one that is just being
    ended.
    """
    ours = [(event.id, event.generation, event.attempt) for event in events]
    same = tuple_(_E.id, _E.generation, _E.tries).in_(ours)
    claimed = (_E.settled_at.is_(None), _E.claimed_until.is_not(None))
    found = select(_E.id).where(same, *claimed).order_by(_E.id).with_for_update(skip_locked=True)
    if ids := session.execute(found).scalars().all():
        session.execute(update(EVENT).where(_E.id.in_(ids)).values(claimed_until=now + lease))


def _take_turns(session: Session, versions: Sequence[RowVersion]) -> None:
    """Let one consumer at a time gather for an account, else each would leave with a few rows.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        one = select(_E.queue + ":" + cast(_E.account_id, String))
        whose = one.where(_E.id == versions[0].event_id).scalar_subquery()
        session.execute(select(func.pg_advisory_xact_lock(_TURNS, func.hashtext(whose))))


def _claim(
    session: Session,
    ids: Sequence[UUID],
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    crash_limit: int,
) -> Claimed:
    if not ids:
        return Claimed()
    rows = session.execute(
        update(EVENT)
        .where(_E.id.in_(ids))
        .values(
            claimed_by=worker,
            claimed_until=now + lease,
            published_at=func.coalesce(_E.published_at, now),
            publishing_until=None,
            tries=_E.tries + 1,
        )
        .returning(*EVENT.columns)
    ).all()
    session.execute(
        insert(ATTEMPT),
        [_attempt(row, worker=worker, now=now) for row in rows],
    )
    events = sorted((_event(row) for row in rows), key=attrgetter("id"))
    crashers = _crashers(session, [event.id for event in events], limit=crash_limit)
    return Claimed(
        events=[event for event in events if event.id not in crashers],
        crashed=[event for event in events if event.id in crashers],
    )


def _claimable(session: Session, versions: Sequence[RowVersion], *, now: datetime) -> Sequence[Any]:
    known = tuple_(_E.id, _E.generation).in_([(v.event_id, v.generation) for v in versions])
    # Locked in id order, so that two consumers with overlapping batches cannot deadlock.
    return session.execute(
        select(_E.id, _E.queue, _E.account_id, _E.name)
        .where(known, *_free(now))
        .order_by(_E.id)
        .with_for_update()
    ).all()


def _neighbours(
    session: Session, known: Any, ids: Sequence[UUID], *, limit: int, now: datetime
) -> list[UUID]:
    if limit <= 0:
        return []
    alike = (_E.queue == known.queue, _E.account_id == known.account_id, _E.name == known.name)
    is_out = or_(_E.published_at.is_not(None), _E.publishing_until >= now)
    found = session.execute(
        select(_E.id)
        .where(*alike, *_free(now), is_out, _E.id.not_in(ids))
        .order_by(_E.lane, _E.due_at, _E.id)
        .limit(limit)
        # Waited for: rows that nobody works on are locked by relays alone, which wait for no row.
        .with_for_update()
    )
    neighbours = list(found.scalars())
    suspects = _crashers(session, neighbours, limit=0)
    return [id_ for id_ in neighbours if id_ not in suspects]


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    unclaimed = or_(_E.claimed_until.is_(None), _E.claimed_until < now)
    return (unclaimed, _E.settled_at.is_(None), _E.hold_cause.is_(None))


def _attempt(row: Any, *, worker: str, now: datetime) -> dict[str, Any]:
    return {
        "event_id": row.id,
        "number": row.tries,
        "worker": worker,
        "started_at": now,
        "result": "",
        "reason_code": "",
        "reason": "",
        "vendor_calls": [],
    }


def _event(row: Any) -> Event:
    return Event(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        subject=row.subject,
        payload=row.payload,
        generation=row.generation,
        attempt=row.tries,
        failures=row.failures,
        recorded_at=row.recorded_at,
        lane=Lane(row.lane),
        traceparent=row.traceparent,
    )


def _crashers(session: Session, ids: Sequence[UUID], *, limit: int) -> set[UUID]:
    """Give those with more than `limit` attempts that never ended, an open one included.

    Only those since the last attempt that ended well: a few restarts in three days of patience
    prove nothing. One that ended too late proves that its process was slow, not that it died:
    of those it takes `MOST_OVERRUNS`.
    """
    ended = select(func.max(_B.number)).where(
        _B.event_id == _A.event_id, _B.ended_at.is_not(None), _B.result != OVERRAN
    )
    since = _A.number > func.coalesce(ended.scalar_subquery(), 0)
    unended = (
        select(_A.event_id)
        .where(_A.event_id.in_(ids), since)
        .group_by(_A.event_id)
        .having(
            or_(
                func.count().filter(_A.ended_at.is_(None)) > limit,
                func.count() > MOST_OVERRUNS,
            )
        )
    )
    return set(session.execute(unended).scalars())
