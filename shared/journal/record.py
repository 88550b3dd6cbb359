"""Record events: one row each, in the caller's transaction, never twice for one dedupe key."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlmodel import Session

from shared.db.engine import insert_for
from shared.db.journal_tables import EVENT
from shared.events import ROUTES, NewEvent
from shared.outcome import Skipped

SKIPPED = "skipped"

# Both databases bound the values of one statement (SQLite: 32,766); a row has 20.
ROWS_AT_ONCE = 500


def new_id() -> UUID:
    """Make a time-ordered id, so that the journal's indexes grow at one end."""
    return uuid_utils.compat.uuid7()


def record(session: Session, event: NewEvent, *, now: datetime) -> UUID | None:
    """Keep `event`; None when its dedupe key is in the journal already."""
    return next(iter(record_all(session, [event], now=now)), None)


def record_skipped(
    session: Session, event: NewEvent, skipped: Skipped, *, now: datetime
) -> UUID | None:
    """Keep `event` as one of which is known already that there is nothing to do."""
    ended = {
        "settled_at": now,
        "outcome": SKIPPED,
        "reason_code": skipped.code,
        "reason": skipped.reason,
    }
    return next(iter(_insert(session, [_row(event, now=now) | ended])), None)


def record_all(session: Session, events: Sequence[NewEvent], *, now: datetime) -> list[UUID]:
    """Keep those of `events` that are new; returns the ids of the new rows.

    Raises KeyError for a name that no queue is bound to.
    """
    # In the order of their keys, so that two writers with overlapping batches cannot deadlock.
    rows = sorted((_row(event, now=now) for event in events), key=itemgetter("dedupe_key"))
    return _insert(session, rows)


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    kept: list[UUID] = []
    insert = insert_for(session)(EVENT).on_conflict_do_nothing(index_elements=["dedupe_key"])
    for some in _chunks(rows):
        # The rows as parameters: the statement is then made once, however many there are.
        kept.extend(session.execute(insert.returning(EVENT.c.id), some).scalars())
    return kept


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


def _row(event: NewEvent, *, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "account_id": event.account_id,
        "name": event.name,
        "queue": ROUTES[event.name].value,
        "lane": event.lane.value,
        "subject": event.subject,
        "payload": dict(event.payload),
        "dedupe_key": event.dedupe_key,
        "traceparent": event.traceparent,
        "replay_of": event.replay_of,
        "recorded_at": now,
        "due_at": max(now, event.not_before or now),
        "generation": 1,
        "tries": 0,
        "failures": 0,
        "reason_code": "",
        "reason": "",
        "settled_at": None,
        "outcome": None,
    }
