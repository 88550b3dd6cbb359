"""What is over is deleted: old archive, reports, log-ins, by whom notes were found, and such.

Each function does one small batch in the caller's transaction and says how many rows went.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, or_, select, tuple_
from sqlmodel import Session, SQLModel

from services.notifier.retention.periods import Before
from shared.db import account_tables, history_tables, list_tables, portal_tables

# Each holds these tables; named here so that the import is seen to be needed.
_TABLES: Final = (account_tables, history_tables, list_tables, portal_tables)

# The usual of an hour is looked for in eight weeks; a year more lets a report compare.
COUNTS_KEPT: Final = timedelta(days=400)
# One that was replaced is valid for a week.
SUBSCRIPTIONS_KEPT: Final = timedelta(days=30)

End = Callable[..., int]


def endings(before: Before) -> Sequence[tuple[str, End]]:
    """Give what is to be ended, each with the table's name."""
    ends: list[tuple[str, ColumnElement[bool]]] = [
        ("rate_count", _table("rate_count").c.expires_at <= before.now),
        ("portal_session", _sessions(before)),
        ("invitation", _table("invitation").c.expires_at < before.logins),
        ("connection_request", _table("connection_request").c.asked_at < before.logins),
        ("webhook_subscription", _retired(before.now - SUBSCRIPTIONS_KEPT)),
        ("note_person", _table("note_person").c.kept_at < before.personal),
        ("issue_mark", _table("issue_mark").c.resolved_at < before.journal),
        ("bulk_act", _table("bulk_act").c.ended_at < before.journal),
        ("comparison", _table("comparison").c.compared_at < before.comparisons),
        ("hour_count", _table("hour_count").c.day < (before.now - COUNTS_KEPT).date()),
    ]
    if before.archive is not None:
        ends.append(("event_archive", _table("event_archive").c.recorded_at < before.archive))
    if before.reports is not None:
        ends.append(("report", _table("report").c.made_at < before.reports))
    return [(name, partial(_end, _table(name), which)) for name, which in ends]


def _end(table: Table, which: ColumnElement[bool], session: Session, *, limit: int) -> int:
    keys = list(table.primary_key.columns)
    old = select(*keys).where(which).limit(limit).with_for_update(skip_locked=True)
    found: list[Any] = [tuple(row) for row in session.execute(old)]
    if found:
        session.execute(delete(table).where(tuple_(*keys).in_(found)))
    return len(found)


def _sessions(before: Before) -> ColumnElement[bool]:
    """Say that a log-in was used or ended last so long ago."""
    sessions = _table("portal_session").c
    return or_(sessions.ended_at < before.logins, sessions.seen_at < before.logins)


def _retired(before: datetime) -> ColumnElement[bool]:
    return _table("webhook_subscription").c.retired_at < before


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]
