"""What is planned for later is done at once: a further try, or what was put off until then."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from shared.db.journal_tables import EVENT, EventRow
from shared.journal.release import make_due

_E = EVENT.c


def try_now(session: Session, event_id: UUID, *, now: datetime) -> bool:
    """Bring a planned retry forward; False when the row is not waiting for one."""
    row = session.get(EventRow, event_id)
    if row is None:
        return False
    mine = (_E.account_id == row.account_id, _E.id == event_id)
    return make_due(session, *mine, *_planned(now), now=now) == 1


def try_all_now(
    session: Session, account_id: UUID, name: str, subjects: Collection[str], *, now: datetime
) -> int:
    """Bring forward what is planned about any of `subjects`, a few hundred at most."""
    about = (_E.account_id == account_id, _E.name == name, _E.subject.in_(subjects))
    return make_due(session, *about, *_planned(now), now=now)


def count_planned(session: Session, account_id: UUID, code: str, *, now: datetime) -> int:
    """Count the subjects that were put off for the reason `code` and are not due yet."""
    subjects = func.count(_E.subject.distinct())
    return session.scalar(select(subjects).where(*_put_off(account_id, code, now))) or 0


def bring_forward(session: Session, account_id: UUID, code: str, *, now: datetime) -> int:
    """Make due at once what was put off for the reason `code`, whenever it was to be done."""
    return make_due(session, *_put_off(account_id, code, now), now=now)


def _planned(now: datetime) -> tuple[ColumnElement[bool], ...]:
    waits = (_E.settled_at.is_(None), _E.hold_cause.is_(None), _E.published_at.is_(None))
    return (*waits, _E.due_at > now)


def _put_off(account_id: UUID, code: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_E.account_id == account_id, *_planned(now), _E.reason_code == code)
