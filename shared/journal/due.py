"""What the relay takes from the journal: due rows, admitted fairly, stamped when confirmed.

At most `window` unsettled events of one account and queue are out at a time, those that a relay
is just publishing among them, and no more than the vendors' budgets can take; the rest stay due.
Accounts take turns, and live work goes before backfill, so one merchant's flood never stands in
front of another's single order.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from uuid import UUID

from sqlalchemy import func, or_, select, text, true, tuple_, update
from sqlmodel import Session

from shared.budgets.admission import admitted
from shared.db.journal_tables import EVENT
from shared.events import Lane

_E = EVENT.c
_UNSETTLED = _E.settled_at.is_(None) & _E.hold_cause.is_(None)
_DUE = _E.published_at.is_(None) & _UNSETTLED
_IN_FLIGHT = _E.published_at.is_not(None) & _UNSETTLED

# Admission counts, then takes: on PostgreSQL one relay at a time, else two would both fill the
# window. The number only has to be nobody else's. SQLite has one writer anyway.
_TURN = text("SELECT pg_advisory_xact_lock(7468001)")

Pair = tuple[str, UUID]


@dataclass(frozen=True, kw_only=True)
class Due:
    """A row that the relay holds for publishing; `generation` fences its stamp."""

    id: UUID
    account_id: UUID
    queue: str
    name: str
    subject: str
    generation: int
    traceparent: str
    due_at: datetime = field(compare=False)


# A loose index scan: it touches one index entry per (queue, account), not one per due row.
_NEXT = """
    SELECT {column} FROM event e
    WHERE e.published_at IS NULL AND e.settled_at IS NULL AND e.hold_cause IS NULL
      AND (e.queue, e.account_id) > (pair.queue, pair.account_id)
    ORDER BY e.queue, e.account_id LIMIT 1
"""
_PAIRS = text(f"""
WITH RECURSIVE pair(queue, account_id) AS (
    SELECT queue, account_id FROM (
        SELECT queue, account_id FROM event
        WHERE published_at IS NULL AND settled_at IS NULL AND hold_cause IS NULL
        ORDER BY queue, account_id LIMIT 1
    ) AS first_pair
    UNION ALL
    SELECT ({_NEXT.format(column="e.queue")}), ({_NEXT.format(column="e.account_id")})
    FROM pair WHERE pair.queue IS NOT NULL
)
SELECT queue, account_id FROM pair WHERE queue IS NOT NULL
""").columns(queue=_E.queue.type, account_id=_E.account_id.type)  # noqa: S608 - constants only


def claim_due(
    session: Session,
    *,
    now: datetime,
    limit: int,
    window: int,
    lease: timedelta,
    waits: Callable[[Pair, int], bool] = lambda _pair, _count: False,
) -> list[Due]:
    """Take up to `limit` due rows for publishing, for `lease`; the caller commits.

    Rows whose publishing lease ran out (a relay died) are taken again. `waits` says of a queue
    and account with so many due rows that they stay for a moment longer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TURN)
    in_flight = _count_in_flight(session, now=now)
    turns = []
    pairs = _pairs_with_due_rows(session)
    # With more busy accounts than `limit`, a fixed order would never reach the last ones.
    random.shuffle(pairs)
    bounds = admitted(session, pairs, window=window, now=now)
    for pair in pairs:
        free = bounds[pair].window - in_flight[pair]
        if free > 0:
            rows = _due_rows(
                session, pair, now=now, limit=min(limit, free), live_only=bounds[pair].live_only
            )
            if not waits(pair, len(rows)):
                turns.append(rows)
    # One of each account in turn, so that a batch is shared however long each one's list is.
    fair = [row for row in chain.from_iterable(zip_longest(*turns)) if row is not None][:limit]
    if fair:
        taken = _E.id.in_([row.id for row in fair])
        session.execute(update(EVENT).where(taken).values(publishing_until=now + lease))
    return fair


def stamp_published(session: Session, rows: Sequence[Due], *, now: datetime) -> None:
    """Mark as published what the broker confirmed, unless it was settled or made due since.

    A row that another writes on right now is claimed by a consumer, which stamps it too.
    """
    still = _still(session, rows)
    session.execute(
        update(EVENT)
        .where(_E.id.in_(still), _E.settled_at.is_(None))
        .values(published_at=func.coalesce(_E.published_at, now), publishing_until=None)
    )


def put_back(session: Session, rows: Sequence[Due], *, due_at: datetime) -> None:
    """Make due again at `due_at` what the broker did not take."""
    still = _still(session, rows)
    session.execute(
        update(EVENT).where(_E.id.in_(still), _DUE).values(publishing_until=None, due_at=due_at)
    )


def _still(session: Session, rows: Sequence[Due]) -> Sequence[UUID]:
    """Lock those rows that are as they were taken; none is waited for, so nothing can deadlock."""
    if not rows:
        return ()
    as_taken = tuple_(_E.id, _E.generation).in_([(row.id, row.generation) for row in rows])
    found = select(_E.id).where(as_taken).with_for_update(skip_locked=True)
    return session.execute(found).scalars().all()


def _pairs_with_due_rows(session: Session) -> list[Pair]:
    return [(row.queue, row.account_id) for row in session.execute(_PAIRS)]


def _count_in_flight(session: Session, *, now: datetime) -> Counter[Pair]:
    counted = select(_E.queue, _E.account_id, func.count()).group_by(_E.queue, _E.account_id)
    being_published = _E.publishing_until.is_not(None) & (_E.publishing_until >= now) & _DUE
    in_flight: Counter[Pair] = Counter()
    for rows in (counted.where(_IN_FLIGHT), counted.where(being_published)):
        for queue, account_id, count in session.execute(rows):
            in_flight[queue, account_id] += count
    return in_flight


def _due_rows(
    session: Session, pair: Pair, *, now: datetime, limit: int, live_only: bool
) -> list[Due]:
    queue, account_id = pair
    rows = session.execute(
        select(_E.id, _E.name, _E.subject, _E.generation, _E.traceparent, _E.due_at)
        .where(
            _E.queue == queue,
            _E.account_id == account_id,
            _DUE,
            _E.due_at <= now,
            or_(_E.publishing_until.is_(None), _E.publishing_until < now),
            _E.lane == Lane.LIVE.value if live_only else true(),
        )
        .order_by(_E.lane, _E.due_at, _E.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Due(account_id=account_id, queue=queue, **row._asdict()) for row in rows]
