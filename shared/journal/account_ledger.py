"""The ledger of one account, day by day: webhooks against rows, notes by state, dead letters.

Days are those of UTC, as the edge counts them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import Session

from shared.db.journal_tables import EDGE_COUNT, EVENT, TOLD_BY_WEBHOOK
from shared.db.note_tables import SYNC_LOG
from shared.events import ABOUT_A_NOTE
from shared.journal.archived import FROM_WEBHOOKS, archived_webhooks
from shared.journal.dead import open_dead

_E, _N = EVENT.c, SYNC_LOG.c

# More dead letters than anybody reads are not counted one by one.
COUNTED_AT_MOST: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day's webhooks and notes; `notes` counts those that came in by where they stand now.

    `unexplained` is what the edge kept and the journal no longer holds; it must be 0.
    """

    day: date
    kept: int = 0
    repeated: int = 0
    rows: int = 0
    notes: Mapping[str, int]

    @property
    def unexplained(self) -> int:
        """How many webhooks were kept whose rows are gone."""
        return max(0, self.kept - self.rows)


@dataclass(frozen=True, kw_only=True)
class DeadReason:
    """Dead letters with one reason, `reason` in the words of one of them."""

    code: str
    reason: str
    count: int
    since: datetime


def account_days(session: Session, account_id: UUID, *, last: date, days: int) -> Sequence[Day]:
    """Give `days` days up to `last`, the newest first; a day without anything is there too."""
    wanted = [last - timedelta(days=number) for number in range(days)]
    # Counts first: a webhook that is kept meanwhile is a row too many, never one too few. So is
    # one that is archived meanwhile, because the archive is read last.
    counts = _counts(session, account_id, since=wanted[-1])
    rows = _rows(session, account_id, since=wanted[-1])
    archived = archived_webhooks(session, account_id, first=wanted[-1], last=last)
    notes = _notes(session, account_id, since=wanted[-1])
    return [
        Day(
            day=day,
            kept=counts.get(day, (0, 0))[0],
            repeated=counts.get(day, (0, 0))[1],
            rows=rows.get(day, 0) + archived.get(day, 0),
            notes=notes.get(day, {}),
        )
        for day in wanted
    ]


def dead_by_reason(
    session: Session, account_id: UUID, *, beside_notes: bool = False
) -> Sequence[DeadReason]:
    """Count the newest dead letters that wait for a person by their reason, the most first.

    `beside_notes` leaves out what is about a note: that the sync log tells.
    """
    about = (_E.name.not_in(ABOUT_A_NOTE),) if beside_notes else ()
    newest = (
        select(_E.reason_code, _E.reason, _E.settled_at)
        .where(*open_dead(account_id), *about)
        .order_by(_E.settled_at.desc())
        .limit(COUNTED_AT_MOST)
        .subquery()
    ).c
    by_reason = (
        select(
            newest.reason_code,
            func.max(newest.reason),
            func.count(),
            func.min(newest.settled_at, type_=_E.settled_at.type),
        )
        .group_by(newest.reason_code)
        .order_by(func.count().desc(), newest.reason_code)
    )
    return [
        DeadReason(code=code, reason=reason, count=count, since=since)
        for code, reason, count, since in session.execute(by_reason)
    ]


def _counts(session: Session, account_id: UUID, *, since: date) -> Mapping[date, tuple[int, int]]:
    counted = session.execute(
        select(EDGE_COUNT.c.day, func.sum(EDGE_COUNT.c.kept), func.sum(EDGE_COUNT.c.repeated))
        .where(EDGE_COUNT.c.account_id == account_id, EDGE_COUNT.c.day >= since)
        .group_by(EDGE_COUNT.c.day)
    )
    return {day: (int(kept), int(repeated)) for day, kept, repeated in counted}


def _rows(session: Session, account_id: UUID, *, since: date) -> Mapping[date, int]:
    day = func.date(_E.recorded_at)
    counted = session.execute(
        select(day, func.count())
        .where(
            _E.account_id == account_id,
            _E.recorded_at >= _midnight(since),
            _E.name.in_(FROM_WEBHOOKS),
            text(TOLD_BY_WEBHOOK),
        )
        .group_by(day)
    )
    return {_day(told): count for told, count in counted}


def _notes(session: Session, account_id: UUID, *, since: date) -> Mapping[date, dict[str, int]]:
    day = func.date(_N.inserted_at)
    counted = session.execute(
        select(day, _N.state, func.count())
        .where(_N.account_id == account_id, _N.inserted_at >= _midnight(since))
        .group_by(day, _N.state)
    )
    notes: dict[date, dict[str, int]] = defaultdict(dict)
    for told, state, count in counted:
        notes[_day(told)][state] = count
    return notes


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _day(told: date | str) -> date:
    # SQLite gives a day as text.
    return date.fromisoformat(str(told))
