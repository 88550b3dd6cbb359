"""Log-ins as rows: begun at log-in, looked at with every request, ended here or by a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, delete, update
from sqlmodel import Session, col, select

from services.portal.people.browsers import browser_in_words
from shared.db.portal_tables import PortalSession
from shared.db.user_tables import User

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=14)
NOTED_EVERY: Final = timedelta(minutes=5)
KEPT_FOR: Final = timedelta(days=90)

_S = PortalSession


def begin_session(
    session: Session, user: User, *, address: str, agent: str, now: datetime
) -> PortalSession:
    """Keep that a person logged in, and forget what is long over; the caller commits."""
    assert user.id is not None
    whose = (col(_S.account_id) == user.account_id, col(_S.user_id) == user.id)
    session.execute(delete(_S).where(*whose, col(_S.begun_at) < now - KEPT_FOR))
    row = PortalSession(
        id=uuid4(),  # nobody may guess the next one, and time-ordered ids can be
        account_id=user.account_id,
        user_id=user.id,
        begun_at=now,
        seen_at=now,
        address=address,
        browser=browser_in_words(agent),
    )
    session.add(row)
    return row


def is_open(row: PortalSession, now: datetime) -> bool:
    """Tell whether a log-in still holds."""
    return row.ended_at is None and now - row.seen_at < IDLE and now - row.begun_at < LONGEST


def note_seen(session: Session, row: PortalSession, now: datetime) -> None:
    """Keep that a person was seen just now; the caller commits."""
    mine = (col(_S.account_id) == row.account_id, col(_S.id) == row.id)
    session.execute(update(_S).where(*mine, col(_S.seen_at) < now).values(seen_at=now))


def open_sessions(
    session: Session, account_id: UUID, user_id: int, *, now: datetime
) -> Sequence[PortalSession]:
    """List where a person is logged in, the latest seen first."""
    found = session.exec(
        select(_S).where(
            col(_S.account_id) == account_id,
            col(_S.user_id) == user_id,
            col(_S.ended_at).is_(None),
            col(_S.seen_at) > now - IDLE,
            col(_S.begun_at) > now - LONGEST,
        )
    )
    return sorted(found, key=lambda row: row.seen_at, reverse=True)


def end_session(
    session: Session, account_id: UUID, user_id: int, session_id: UUID, *, now: datetime
) -> bool:
    """End one of a person's log-ins; False when there is no such one. The caller commits."""
    return _end(session, account_id, user_id, col(_S.id) == session_id, now=now) == 1


def end_sessions(
    session: Session,
    account_id: UUID,
    user_id: int,
    *,
    but: UUID | None = None,
    now: datetime,
) -> int:
    """End a person's log-ins, all or all `but` one, and say how many. The caller commits."""
    others = () if but is None else (col(_S.id) != but,)
    return _end(session, account_id, user_id, *others, now=now)


def _end(
    session: Session,
    account_id: UUID,
    user_id: int,
    *which: ColumnElement[bool],
    now: datetime,
) -> int:
    whose = (col(_S.account_id) == account_id, col(_S.user_id) == user_id)
    ended = session.execute(
        update(_S).where(*whose, col(_S.ended_at).is_(None), *which).values(ended_at=now)
    )
    assert isinstance(ended, CursorResult)
    return ended.rowcount
