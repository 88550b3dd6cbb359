"""What people do about a line: acknowledge, mute, assign, comment. The caller commits.

Each writes the line's mark, or nothing but the audit trail, which is the line's history.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from shared.audit import record_act
from shared.db.portal_tables import IssueMark
from shared.issues.issue import Issue, is_there
from shared.issues.marks import locked_mark
from shared.notifications import ISSUE_ASSIGNED
from shared.untold import note_untold

NOBODY: Final = "nobody"


class GoneError(Exception):
    """No note is left that needs a person for it: it is resolved."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, for which account, and when."""

    account_id: UUID
    user_id: int
    who: str
    now: datetime


def acknowledge(session: Session, issue: Issue, actor: Actor, *, on: bool) -> None:
    """Keep that somebody sees to it, or take that back. Raises GoneError."""
    mark = _mark(session, issue, actor)
    if on is (mark.acknowledged_at is not None):
        return  # a colleague has done so already
    mark.acknowledged_at = actor.now if on else None
    mark.acknowledged_by = actor.who if on else ""
    _keep(session, mark, issue, actor, "issue_acknowledged" if on else "issue_opened")


def mute(
    session: Session, issue: Issue, actor: Actor, *, until: datetime | None, words: str
) -> None:
    """Have nobody told of it until then; None ends that at once. Raises GoneError."""
    mark = _mark(session, issue, actor)
    mark.muted_until, mark.muted_by = until, actor.who if until else ""
    act = "issue_muted" if until else "issue_unmuted"
    _keep(session, mark, issue, actor, act, after=words)


def assign(
    session: Session, issue: Issue, actor: Actor, *, to: int | None, names: Mapping[int, str]
) -> None:
    """Give it to a person, who is mailed of all they got in a quarter of an hour; or to nobody.

    `names` are what the trail calls people, by their ids. Raises GoneError.
    """
    mark = _mark(session, issue, actor)
    if mark.assignee_id == to:
        return
    before, after = (names.get(one or 0, NOBODY) for one in (mark.assignee_id, to))
    mark.assignee_id = to
    mark.assigned_at, mark.assigned_by = (actor.now, actor.who) if to else (None, "")
    _keep(session, mark, issue, actor, "issue_assigned", before=before, after=after)
    if to and to != actor.user_id:
        note_untold(
            session,
            actor.account_id,
            kind=ISSUE_ASSIGNED,
            cause=str(to),
            subjects=[issue.written],
            now=actor.now,
        )


def comment(session: Session, issue: Issue, actor: Actor, *, words: str) -> None:
    """Keep what somebody wrote about it, also once it is resolved."""
    _record(session, issue, actor, "issue_commented", after=words)


def _mark(session: Session, issue: Issue, actor: Actor) -> IssueMark:
    if not is_there(session, actor.account_id, issue):
        raise GoneError
    return locked_mark(session, actor.account_id, issue)


def _keep(
    session: Session,
    mark: IssueMark,
    issue: Issue,
    actor: Actor,
    act: str,
    *,
    before: str = "",
    after: str = "",
) -> None:
    session.add(mark)
    _record(session, issue, actor, act, before=before, after=after)


def _record(
    session: Session, issue: Issue, actor: Actor, act: str, *, before: str = "", after: str = ""
) -> None:
    record_act(
        session,
        actor.account_id,
        who=actor.who,
        act=act,
        subject=issue.subject,
        before=before,
        after=after,
        now=actor.now,
    )
