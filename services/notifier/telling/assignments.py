"""Tell a person what was assigned to them: all of a quarter of an hour in one mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.notifier.telling.assigned_words import AssignedLine, assigned_notice
from services.notifier.telling.source import Source
from shared.accounts import account_settings
from shared.clock import Pace
from shared.days import zone_of
from shared.db.account_tables import Account
from shared.db.telling_tables import Untold
from shared.issues.counts import counts
from shared.issues.issue import Issue
from shared.issues.marks import marks_of
from shared.issues.words import title_of
from shared.notifications import ISSUE_ASSIGNED
from shared.telling import Telling, tell_one

QUARTER: Final = 900.0  # seconds of our pace that assignments gather for
AT_ONCE: Final = 500  # lines told of in one mail at most


def due_people(
    session: Session, now: datetime, *, gathers: timedelta
) -> Sequence[tuple[UUID, str]]:
    """Give account and id of those to whom something was assigned long enough ago."""
    long_ago = (Untold.kind == ISSUE_ASSIGNED, Untold.at <= now - gathers)
    found = select(Untold.account_id, Untold.cause).where(*long_ago).distinct()
    return sorted(session.exec(found).all())


def tell_person(session: Session, told: Telling, person: str, now: datetime) -> None:
    """Mail them what is still theirs; what was taken from them or is resolved is not told."""
    account_id = told.account_id
    gathered = _gathered(session, account_id, person)
    if not gathered:
        return  # another clock was first
    session.execute(delete(Untold).where(col(Untold.id).in_(list(gathered))))
    lines = _lines(session, account_id, set(gathered.values()), int(person))
    if lines:
        tell_one(
            session,
            told,
            int(person),
            ISSUE_ASSIGNED,
            assigned_notice(lines, portal_url=told.portal_url),
            about=f"user {person}",
            once_for=str(min(gathered)),
            now=now,
        )


def assignments_at(pace: Pace) -> Source[Any]:
    """Give the source at a pace of our own."""
    find = partial(due_people, gathers=pace.after(QUARTER))
    return Source(name="assignments", beat=15.0, find=find, tell=tell_person)


def _gathered(session: Session, account_id: UUID, person: str) -> dict[UUID, Issue]:
    """Give what was assigned to a person, locked in one order for this transaction alone."""
    mine = (
        Untold.account_id == account_id,
        Untold.kind == ISSUE_ASSIGNED,
        Untold.cause == person,
    )
    rows = select(Untold).where(*mine).order_by(col(Untold.id)).limit(AT_ONCE)
    return {row.id: Issue.read(row.subject) for row in session.exec(rows.with_for_update())}


def _lines(
    session: Session, account_id: UUID, gathered: set[Issue], person: int
) -> list[AssignedLine]:
    marks, settings = marks_of(session, account_id), account_settings(session, account_id)
    zone = zone_of(session.get_one(Account, account_id).time_zone)
    theirs = {
        issue: mark
        for issue, mark in marks.items()
        if issue in gathered and mark.assignee_id == person
    }
    return [
        AssignedLine(
            title=title_of(one.issue, settings.warehouses),
            notes=one.notes,
            since=one.first.astimezone(zone),
            by=theirs[one.issue].assigned_by,
        )
        for one in counts(session, account_id)
        if one.issue in theirs
    ]
