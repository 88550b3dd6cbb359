"""What the page Needs attention reads; every question names the account that asks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from services.portal.attention.lines import HOURS, OPEN, STATES, Line, line_of, state_of
from services.portal.connections.connection_view import card_of
from services.portal.dashboard.attention import Concern, read_beside
from services.portal.dashboard.figures import hours_since
from services.portal.frame.recent import Recently
from services.portal.people.team_acts import team
from shared.accounts import account_settings
from shared.clock import Now
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.note_tables import SYNC_LOG
from shared.db.portal_tables import AuditEntry, IssueMark
from shared.issues.counts import Count, counts, needing
from shared.issues.issue import Issue
from shared.issues.marks import is_resolved, marks_of
from shared.issues.words import title_of

RESOLVED_SHOWN: Final = timedelta(days=1)
HISTORY_SHOWN: Final = 100

_S: Final = SYNC_LOG.c


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """A line that people did something about, and of which no note is left."""

    title: str
    issue: Issue
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Attention:
    """All that the page shows; `beside` is what needs a person and is about no note."""

    lines: Sequence[Line]
    beside: Sequence[Concern]
    resolved: Sequence[Resolved]

    def of(self, user_id: int) -> "Attention":
        """Give those lines alone that a person is to see to."""
        theirs = [one for one in self.lines if one.mark and one.mark.assignee_id == user_id]
        return replace(self, lines=theirs, beside=(), resolved=())

    def in_state(self, state: str) -> Sequence[Line]:
        """Give the lines that stand so."""
        return [one for one in self.lines if one.state == state]


class OpenLines:
    """The lines' counts, for the page and for the badge on every other; kept a short while."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._kept: Recently[Sequence[Count]] = Recently(monotonic)

    def found(self, session: Session, account_id: UUID, *, anew: bool = False) -> Sequence[Count]:
        """Give the counts; `anew` as they are now."""
        read = self._kept.renew if anew else self._kept.get
        return read(account_id, lambda: counts(session, account_id))

    def badges(self, session: Session, account_id: UUID) -> Mapping[str, int]:
        """Say how many lines nobody has acknowledged or muted, by the page that lists them."""
        marks, now = marks_of(session, account_id), self._now()
        found = self.found(session, account_id)
        is_open = (state_of(marks.get(one.issue), now=now) == OPEN for one in found)
        return {"attention.show": sum(is_open)}


def read_attention(
    session: Session, account_id: UUID, found: Sequence[Count], *, now: datetime
) -> Attention:
    """Read the page's content; open lines first, those with the most notes on top."""
    marks = marks_of(session, account_id)
    lines = read_lines(session, account_id, found, marks, now=now)
    cards = [card_of(session, account_id, vendor) for vendor in (BRIGHTPEARL, SHIPHERO)]
    return Attention(
        lines=sorted(lines, key=lambda one: STATES.index(one.state)),
        beside=read_beside(session, account_id, cards),
        resolved=_resolved(session, account_id, marks, found, since=now - RESOLVED_SHOWN),
    )


def read_lines(
    session: Session,
    account_id: UUID,
    found: Sequence[Count],
    marks: Mapping[Issue, IssueMark],
    *,
    now: datetime,
) -> list[Line]:
    """Put to each count what people did about it."""
    settings = account_settings(session, account_id)
    people = names(session, account_id)
    hours = _hours(session, account_id, now=now)
    return [
        line_of(
            one,
            marks.get(one.issue),
            settings=settings,
            people=people,
            hours=hours.get(one.issue, ()),
            now=now,
        )
        for one in found
    ]


def names(session: Session, account_id: UUID) -> Mapping[int, str]:
    """Give the account's people by their ids: their name, else their address."""
    return {one.id or 0: one.name or one.email for one in team(session, account_id)}


def history_of(session: Session, account_id: UUID, issue: Issue) -> Sequence[AuditEntry]:
    """Give what people did about a line, the newest first."""
    about = select(AuditEntry).where(
        col(AuditEntry.account_id) == account_id, col(AuditEntry.subject) == issue.subject
    )
    newest = about.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    return session.execute(newest.limit(HISTORY_SHOWN)).scalars().all()


def _hours(session: Session, account_id: UUID, *, now: datetime) -> Mapping[Issue, list[int]]:
    """Count what came in, by line, in each of the last 24 hours, the oldest first."""
    start = now - timedelta(hours=HOURS)
    hour = hours_since(session, _S.inserted_at, start).label("hour")
    lately = (_S.inserted_at >= start, _S.inserted_at <= now)
    one = needing(account_id, *lately, beside=[hour])
    alike = (one.code, one.way, one.key, one.hour)
    found: dict[Issue, list[int]] = defaultdict(lambda: [0] * HOURS)
    for code, way, key, number, count in session.execute(
        select(*alike, func.count()).group_by(*alike)
    ):
        found[Issue(code=code, way=way, key=key)][min(int(number), HOURS - 1)] = count
    return found


def _resolved(
    session: Session,
    account_id: UUID,
    marks: Mapping[Issue, IssueMark],
    found: Sequence[Count],
    *,
    since: datetime,
) -> Sequence[Resolved]:
    there = {one.issue for one in found}
    over = {
        issue: mark.resolved_at
        for issue, mark in marks.items()
        if issue not in there and is_resolved(mark) and mark.resolved_at is not None
    }
    warehouses = account_settings(session, account_id).warehouses
    lines = [
        Resolved(title=title_of(issue, warehouses), issue=issue, at=at)
        for issue, at in over.items()
        if at > since
    ]
    return sorted(lines, key=lambda one: one.at, reverse=True)
