"""Make rows due again that nobody would bring back by themselves: releases, sweeps, replays."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Row, func, or_, select, update
from sqlmodel import Session, col

from shared.db.account_tables import Account
from shared.db.journal_tables import EVENT, EventRow
from shared.events import Lane, NewEvent
from shared.journal.dead import open_dead
from shared.journal.record import record_all
from shared.journal.supersede import DEAD, SUPERSEDED

_E = EVENT.c

CauseIsPresent = Callable[[Session, UUID, str], bool]


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many rows a sweep made due again.

    `lost` were published and never claimed, `abandoned` were claimed and never ended, and
    `forgotten` were held although their cause was gone: each forgotten one is a defect of ours.
    """

    lost: int
    abandoned: int
    forgotten: int


def release(session: Session, account_id: UUID, cause: str, *, now: datetime) -> int:
    """Make due what waits for `cause`, in the transaction of the act that removes it."""
    return release_all(session, account_id, [cause], now=now)


def release_all(
    session: Session, account_id: UUID, causes: Collection[str], *, now: datetime
) -> int:
    """Make due what waits for any of `causes`, a few hundred at most."""
    wait_for_holds(session, account_id)
    waiting = (_E.account_id == account_id, _E.hold_cause.in_(causes), _E.settled_at.is_(None))
    return make_due(session, *waiting, now=now)


def wait_for_holds(session: Session, account_id: UUID) -> None:
    """Wait for a hold that is just being written, so that it is released too.

    A hold locks the account, its event and the note's row in this order: who locks notes and then
    releases waits first, or the two could wait for each other.
    """
    session.execute(
        select(col(Account.id)).where(col(Account.id) == account_id).with_for_update(key_share=True)
    )


def held_by_cause(session: Session, account_id: UUID) -> dict[str, int]:
    """Count the subjects that wait, by the cause; several events about a note are one."""
    held = (_E.account_id == account_id, _E.hold_cause.is_not(None), _E.settled_at.is_(None))
    subjects = func.count(_E.subject.distinct())
    found = session.execute(select(_E.hold_cause, subjects).where(*held).group_by(_E.hold_cause))
    return {cause: number for cause, number in found}  # noqa: C416 - rows are no pairs to mypy


def sweep(
    session: Session,
    *,
    now: datetime,
    publish_lease: timedelta,
    cause_is_present: CauseIsPresent,
) -> Swept:
    """Bring back what a broker, a process or a release lost; the caller commits.

    A row that another transaction works on just now is left for the next sweep.
    """
    # Accounts are locked before events, here as in a hold: nobody can deadlock.
    forgotten = _release_forgotten(session, cause_is_present, now=now)
    open_row = (_E.settled_at.is_(None), _E.hold_cause.is_(None), _E.published_at.is_not(None))
    abandoned = _make_free_due(session, *open_row, _E.claimed_until < now, now=now)
    unclaimed = or_(_E.claimed_until.is_(None), _E.claimed_until < now)
    long_ago = _E.published_at < now - publish_lease
    lost = _make_free_due(session, *open_row, unclaimed, long_ago, now=now)
    return Swept(lost=lost, abandoned=abandoned, forgotten=forgotten)


def bring_back_published(session: Session, *, now: datetime) -> int:
    """Make due whatever a broker holds that is there no more; the caller commits."""
    open_row = (_E.settled_at.is_(None), _E.hold_cause.is_(None), _E.published_at.is_not(None))
    return make_due(session, *open_row, now=now)


def free(session: Session, event_id: UUID, *, now: datetime) -> bool:
    """Make one held row due at once, in the transaction that found its cause gone."""
    held = (_E.settled_at.is_(None), _E.hold_cause.is_not(None))
    return make_due(session, _E.id == event_id, *held, now=now) == 1


def replay(session: Session, event_id: UUID, *, now: datetime) -> UUID | None:
    """Record a further delivery of a dead letter; the old row stays as it was.

    None when the row is no dead letter, or was replayed already and that replay is still open.
    """
    old = session.get(EventRow, event_id)
    if old is None:
        return None
    return next(iter(replay_all(session, old.account_id, [event_id], now=now)), None)


def replay_all(
    session: Session,
    account_id: UUID,
    event_ids: Collection[UUID],
    *,
    now: datetime,
    lane: Lane = Lane.LIVE,
) -> list[UUID]:
    """Do so for many of an account's dead letters, at most a few hundred at a time.

    Gives the ids of the new rows; those for which `replay` would give None have none.
    """
    of_these = select(_E.id, _E.name, _E.subject, _E.payload, _E.dedupe_key, _E.traceparent).where(
        _E.account_id == account_id, _E.id.in_(event_ids), _E.outcome == DEAD
    )
    # Locked, so that two who replay at once make one replay.
    olds = session.execute(of_these.order_by(_E.id).with_for_update()).all()
    earlier = _replays_of(session, account_id, olds)
    again = [
        NewEvent(
            account_id=account_id,
            name=old.name,
            subject=old.subject,
            payload=old.payload,
            dedupe_key=f"{old.dedupe_key}#replay-{len(earlier[old.id]) + 1}",
            lane=lane,
            traceparent=old.traceparent,
            replay_of=old.id,
        )
        for old in olds
        if None not in earlier[old.id]
    ]
    return record_all(session, again, now=now)


def discard(
    session: Session,
    account_id: UUID,
    event_ids: Collection[UUID],
    *,
    by: str,
    note: str,
    now: datetime,
) -> list[UUID]:
    """Close dead letters without a replay, because `by` says so in `note`; gives which were open.

    Nothing is changed at a vendor. A later success about the same still supersedes them.
    """
    closed = update(EVENT).where(
        _E.account_id == account_id, _E.id.in_(event_ids), *open_dead(account_id)
    )
    values = {"discarded_at": now, "discarded_by": by, "discard_note": note}
    return list(session.execute(closed.values(**values).returning(_E.id)).scalars())


def close_needless(
    session: Session, account_id: UUID, event_ids: Collection[UUID], *, now: datetime
) -> list[UUID]:
    """Settle dead letters as superseded, about which a later event came to a good end."""
    needless = update(EVENT).where(
        _E.account_id == account_id, _E.id.in_(event_ids), *open_dead(account_id)
    )
    values = {"outcome": SUPERSEDED, "settled_at": now}
    return list(session.execute(needless.values(**values).returning(_E.id)).scalars())


def make_due(session: Session, *conditions: Any, now: datetime) -> int:
    """Raise the generation of the rows that these conditions pick, and have them go at once."""
    changed = session.execute(
        update(EVENT)
        .where(*conditions)
        .values(
            generation=_E.generation + 1,
            due_at=now,
            published_at=None,
            publishing_until=None,
            claimed_by=None,
            claimed_until=None,
            hold_cause=None,
            hold_version=None,
        )
    )
    assert isinstance(changed, CursorResult)
    return changed.rowcount


def _replays_of(
    session: Session, account_id: UUID, olds: Collection[Row[Any]]
) -> dict[UUID, list[datetime | None]]:
    """Give when each of their earlier replays was settled; None for one that is open."""
    found = session.execute(
        select(_E.replay_of, _E.settled_at).where(
            _E.account_id == account_id,
            _E.subject.in_({old.subject for old in olds}),
            _E.replay_of.in_([old.id for old in olds]),
        )
    )
    earlier: dict[UUID, list[datetime | None]] = defaultdict(list)
    for original, settled_at in found:
        earlier[original].append(settled_at)
    return earlier


def _release_forgotten(session: Session, cause_is_present: CauseIsPresent, *, now: datetime) -> int:
    held = select(_E.account_id, _E.hold_cause).where(_E.hold_cause.is_not(None)).distinct()
    return sum(
        release(session, account_id, cause, now=now)
        for account_id, cause in session.execute(held.order_by(_E.account_id)).all()
        if not cause_is_present(session, account_id, cause)
    )


def _make_free_due(session: Session, *conditions: Any, now: datetime) -> int:
    free = select(_E.id).where(*conditions).order_by(_E.id).with_for_update(skip_locked=True)
    return make_due(session, _E.id.in_(free), now=now)
