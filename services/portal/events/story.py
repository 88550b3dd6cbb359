"""One event with its attempts, what it came from, what it led to, and its replays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from services.portal.log.note_story import ids_in
from shared.db.journal_tables import EVENT, AttemptRow, EventRow
from shared.journal.dead import was_replayed
from shared.traces import trace_id

SHOWN_AT_MOST: Final = 50
# A cause is recorded shortly before what it led to; among so many events it is looked for.
CAUSE_WINDOW: Final = timedelta(hours=6)
LOOKED_THROUGH: Final = 5_000

_E = EVENT.c
_SHOWN = [column for column in EVENT.columns if column.name != "payload"]


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything known of one event; events about it without their payloads, oldest first."""

    event: EventRow
    attempts: Sequence[AttemptRow]
    causes: Sequence[Row[Any]]
    follow_ons: Sequence[Row[Any]]
    replays: Sequence[Row[Any]]
    original: Row[Any] | None
    was_replayed: bool


def story_of(session: Session, account_id: UUID, event_id: UUID) -> Story | None:
    """Read it; None when this account has no such event."""
    event = session.get(EventRow, event_id)
    if event is None or event.account_id != account_id:
        return None
    attempts = session.exec(
        select_rows(AttemptRow)
        .where(AttemptRow.event_id == event_id)
        .order_by(col(AttemptRow.number).desc())
        .limit(SHOWN_AT_MOST)
    ).all()[::-1]
    replays = _replays(session, event)
    originals = [event.replay_of] if event.replay_of else []
    return Story(
        event=event,
        attempts=attempts,
        causes=_causes(session, event),
        follow_ons=_follow_ons(session, event, [one.ended_at for one in attempts if one.ended_at]),
        replays=replays,
        original=next(iter(_by_id(session, account_id, originals)), None),
        was_replayed=bool(replays),
    )


def _causes(session: Session, event: EventRow) -> Sequence[Row[Any]]:
    """Find what led to the event: named in its dedupe key, else the same trace a little earlier."""
    named = _by_id(session, event.account_id, ids_in(event.dedupe_key) - {event.id})
    if named or not trace_id(event.traceparent):
        return named
    before = (
        select(*_SHOWN)
        .where(
            _E.account_id == event.account_id,
            _E.recorded_at < event.recorded_at,
            _E.recorded_at >= event.recorded_at - CAUSE_WINDOW,
        )
        .order_by(_E.recorded_at.desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    same = select(before).where(before.c.traceparent.contains(_trace(event)))
    found = session.execute(same.order_by(before.c.recorded_at.desc()).limit(SHOWN_AT_MOST))
    return found.all()[::-1]


def _follow_ons(session: Session, event: EventRow, ended: Sequence[datetime]) -> Sequence[Row[Any]]:
    """Find what was recorded in the transactions that ended the event's attempts."""
    moments = [*ended, *([event.settled_at] if event.settled_at else [])]
    ways = [_E.dedupe_key.startswith(f"{event.id}:", autoescape=True)]
    if trace_id(event.traceparent):
        ways.append(_E.traceparent.contains(_trace(event)))
    query = select(*_SHOWN).where(
        _E.account_id == event.account_id,
        _E.recorded_at.in_(moments),
        _E.id != event.id,
        or_(*ways),
    )
    return session.execute(query.order_by(_E.recorded_at, _E.id).limit(SHOWN_AT_MOST)).all()


def _replays(session: Session, event: EventRow) -> Sequence[Row[Any]]:
    query = select(*_SHOWN).where(
        _E.account_id == event.account_id,
        _E.subject == event.subject,
        _E.recorded_at >= event.recorded_at,
        _E.replay_of == event.id,
    )
    return session.execute(query.order_by(_E.recorded_at, _E.id).limit(SHOWN_AT_MOST)).all()


def replayed_among(session: Session, account_id: UUID, rows: Sequence[Row[Any]]) -> set[UUID]:
    """Pick those of the events that were replayed."""
    ids = [row.id for row in rows]
    found = select(_E.id).where(_E.account_id == account_id, _E.id.in_(ids), was_replayed())
    return set(session.execute(found).scalars())


def _by_id(session: Session, account_id: UUID, ids: Sequence[UUID] | set[UUID]) -> list[Row[Any]]:
    if not ids:
        return []
    query = select(*_SHOWN).where(_E.account_id == account_id, _E.id.in_(list(ids)))
    return list(session.execute(query.order_by(_E.recorded_at, _E.id)).all())


def _trace(event: EventRow) -> str:
    return f"-{trace_id(event.traceparent)}-"
