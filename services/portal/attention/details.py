"""One line's details: its notes, what to do about it, what people said and did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from services.portal.attention.lines import Line
from services.portal.attention.reading import history_of, names, read_lines
from services.portal.log import sync_log
from services.portal.log.columns import ATTEMPTS, attempts_of, drawn_for
from services.portal.log.filter_words import Choices
from services.portal.log.list_view import ListView
from services.portal.log.wanted import Wanted
from services.portal.people.accounts import role_of
from services.portal.people.team_acts import team
from shared.accounts import account_settings
from shared.db.portal_tables import AuditEntry, IssueMark
from shared.issues.counts import Count
from shared.issues.issue import Issue, affected
from shared.issues.marks import is_resolved, marks_of
from shared.issues.words import title_of
from shared.notifications import OPERATOR, OWNER
from shared.reasons.listed import REASONS, reason_for_person
from shared.reasons.reason import Reason


@dataclass(frozen=True, kw_only=True)
class Assignable:
    """Somebody who may act and so may be asked to see to something."""

    user_id: int
    email: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Details:
    """All that a line's own page shows; `line` and `rows` are None once no note is left."""

    issue: Issue
    title: str
    reason: Reason
    line: Line | None
    mark: IssueMark | None
    rows: ListView | None = None
    history: Sequence[AuditEntry] = field(default_factory=tuple)

    @property
    def resolved_at(self) -> datetime | None:
        """When it was seen that no note was left; None where nobody looked yet, or some are."""
        return self.mark.resolved_at if self.mark and is_resolved(self.mark) else None


def read_details(
    session: Session,
    account_id: UUID,
    issue: Issue,
    found: Sequence[Count],
    user_id: int,
    *,
    now: datetime,
) -> Details | None:
    """Read them; None for what never was a line."""
    marks = marks_of(session, account_id)
    counted = [one for one in found if one.issue == issue]
    history = history_of(session, account_id, issue)
    if not counted and issue not in marks and not history and issue.code not in REASONS:
        return None
    lines = read_lines(session, account_id, counted, marks, now=now) if counted else []
    return Details(
        issue=issue,
        title=title_of(issue, account_settings(session, account_id).warehouses),
        reason=reason_for_person(issue.code),
        line=lines[0] if lines else None,
        mark=marks.get(issue),
        rows=_rows(session, account_id, lines[0], user_id, now=now) if lines else None,
        history=history,
    )


def assignable(session: Session, account_id: UUID) -> Sequence[Assignable]:
    """Give whoever may act for the account."""
    known = names(session, account_id)
    return [
        Assignable(user_id=one.id or 0, email=one.email, label=known[one.id or 0])
        for one in team(session, account_id)
        if one.active and role_of(one) in (OPERATOR, OWNER)
    ]


def _rows(
    session: Session, account_id: UUID, line: Line, user_id: int, *, now: datetime
) -> ListView:
    """Give the newest of its notes as the sync log draws them; all of them are there."""
    wanted = Wanted.read(line.rows)
    page = sync_log.page(session, wanted, affected(account_id, line.issue))
    ids = [row.note_id for row in page.rows]
    drawn = drawn_for(session, account_id, user_id)
    return ListView(
        page=page,
        wanted=wanted,
        counts={},
        choices=Choices(warehouses=sync_log.warehouse_names(session, account_id)),
        next_tries=sync_log.next_tries(session, account_id, ids, now=now),
        drawn=drawn,
        attempts=attempts_of(session, account_id, ids) if ATTEMPTS in drawn.columns else {},
        now=now,
    )
