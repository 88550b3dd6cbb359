"""See which lines of what needs attention are over, and which are back.

By the log's counts alone: nobody resolves a line by a click.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, select

from services.notifier.telling.source import Source
from shared.db.portal_tables import IssueMark
from shared.issues.counts import counts
from shared.issues.marks import agree
from shared.telling import Telling


def marked_accounts(session: Session, _now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Give the accounts whose people did something about a line."""
    return [(one, one) for one in session.exec(select(IssueMark.account_id).distinct())]


def look_at_marks(session: Session, _told: Telling, account_id: UUID, now: datetime) -> None:
    """Agree with the log; nobody is told of it."""
    there = {one.issue for one in counts(session, account_id)}
    agree(session, account_id, there, now=now)


ISSUES: Final[Source[Any]] = Source(
    name="issues", beat=30.0, find=marked_accounts, tell=look_at_marks
)
