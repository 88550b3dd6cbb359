"""What people did about lines: read, and ended where the log shows that no note is left."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from shared.db.engine import insert_for
from shared.db.note_tables import SYNC_LOG
from shared.db.portal_tables import IssueMark
from shared.issues.issue import Issue, affected

_S: Final = SYNC_LOG.c


def issue_of(mark: IssueMark) -> Issue:
    """Give the line that a mark is about."""
    return Issue(code=mark.code, way=mark.way, key=mark.key)


def marks_of(session: Session, account_id: UUID) -> Mapping[Issue, IssueMark]:
    """Read every mark of an account."""
    found = session.exec(select(IssueMark).where(IssueMark.account_id == account_id))
    return {issue_of(mark): mark for mark in found}


def locked_mark(session: Session, account_id: UUID, issue: Issue) -> IssueMark:
    """Give a line's mark, made where there is none, for this transaction alone."""
    first = IssueMark(account_id=account_id, code=issue.code, way=issue.way, key=issue.key)
    insert = insert_for(session)(IssueMark).values(first.model_dump())
    session.execute(insert.on_conflict_do_nothing())
    key = (account_id, issue.code, issue.way, issue.key)
    return session.get_one(IssueMark, key, with_for_update=True, populate_existing=True)


def is_muted(mark: IssueMark | None, *, now: datetime) -> bool:
    """Say whether nobody is to be told of the line just now."""
    return mark is not None and mark.muted_until is not None and mark.muted_until > now


def muted_notes(session: Session, account_id: UUID, code: str, *, now: datetime) -> set[int]:
    """Give the notes with this reason that belong to a muted line."""
    muted = [
        issue
        for issue, mark in marks_of(session, account_id).items()
        if issue.code == code and is_muted(mark, now=now)
    ]
    if not muted:
        return set()
    lines = [and_(*affected(account_id, issue)) for issue in muted]
    found = select(_S.note_id).where(_S.account_id == account_id, or_(*lines))
    return set(session.execute(found).scalars())


def is_resolved(mark: IssueMark) -> bool:
    """Say whether no note was left when that was looked at last."""
    if mark.resolved_at is None:
        return False
    return mark.reopened_at is None or mark.reopened_at < mark.resolved_at


def agree(session: Session, account_id: UUID, there: Collection[Issue], *, now: datetime) -> None:
    """Have the marks say which lines are over and which are back; the caller commits.

    What somebody acknowledged or was to see to is over with its notes: when it comes back it is
    open and nobody's. Muted it stays for as long as it was to.
    """
    mine = select(IssueMark).where(IssueMark.account_id == account_id)
    # In one order, as two clocks that look at once take them.
    ordered = mine.order_by(col(IssueMark.code), col(IssueMark.way), col(IssueMark.key))
    for mark in session.exec(ordered.with_for_update()).all():
        if issue_of(mark) in there and is_resolved(mark):
            mark.reopened_at = now
        elif issue_of(mark) not in there and not is_resolved(mark):
            mark.resolved_at = now
            mark.acknowledged_at, mark.acknowledged_by = None, ""
            mark.assignee_id, mark.assigned_at, mark.assigned_by = None, None, ""
        session.add(mark)
