"""Record events: one row each, in the caller's transaction, never twice for one dedupe key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlmodel import Session

from shared.db.engine import insert_for
from shared.db.journal_tables import EVENT
from shared.events import ROUTES, NewEvent


def new_id() -> UUID:
    """Make a time-ordered id, so that the journal's indexes grow at one end."""
    return uuid_utils.compat.uuid7()


def record(session: Session, event: NewEvent, *, now: datetime) -> UUID | None:
    """Keep `event`, due at once; None when its dedupe key is in the journal already."""
    return next(iter(record_all(session, [event], now=now)), None)


def record_all(session: Session, events: Sequence[NewEvent], *, now: datetime) -> list[UUID]:
    """Keep those of `events` that are new, due at once; returns the ids of the new rows.

    Raises KeyError for a name that no queue is bound to.
    """
    if not events:
        return []
    rows = [_row(event, now=now) for event in events]
    insert = insert_for(session)(EVENT).values(rows)
    kept = insert.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(EVENT.c.id)
    return list(session.execute(kept).scalars())


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
        "recorded_at": now,
        "due_at": now,
        "generation": 1,
        "tries": 0,
        "failures": 0,
        "reason_code": "",
        "reason": "",
    }
