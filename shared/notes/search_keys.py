"""By what notes are found besides their row: SKUs, tracking numbers, people. The caller commits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Table, delete, select, tuple_
from sqlmodel import Session

from shared.db.engine import insert_for
from shared.db.note_tables import NOTE_TRACKING
from shared.db.portal_tables import NOTE_PERSON, NOTE_SKU
from shared.notes.known import NoteFacts

# Longer than any that people use; an index takes no text without bounds.
LONGEST: Final = 200
# Both databases bound the values of one statement.
ROWS_AT_ONCE: Final = 5000


def add_keys(
    session: Session, account_id: UUID, facts: Mapping[int, NoteFacts], *, now: datetime
) -> None:
    """Keep which SKUs notes take and whose they are; nothing is written of what is known.

    What is known of a person stays as old as it is.
    """
    skus = {note_id: fact.skus for note_id, fact in facts.items()}
    _add(session, account_id, NOTE_SKU, NOTE_SKU.c.sku, skus)
    persons = {note_id: fact.persons for note_id, fact in facts.items()}
    column = NOTE_PERSON.c.digest
    _add(session, account_id, NOTE_PERSON, column, persons, beside={"kept_at": now})


def add_tracking(
    session: Session, account_id: UUID, note_id: int, numbers: Collection[str]
) -> None:
    """Keep what a note was shipped with; a number stays when its label is voided."""
    _add(session, account_id, NOTE_TRACKING, NOTE_TRACKING.c.number, {note_id: numbers})


def forget_persons(session: Session, account_id: UUID, *, limit: int) -> int:
    """Delete some of what is kept of an account's people; says how many rows that were."""
    keys = list(NOTE_PERSON.primary_key.columns)
    some = select(*keys).where(NOTE_PERSON.c.account_id == account_id).limit(limit)
    found: list[Any] = [tuple(row) for row in session.execute(some)]
    if found:
        session.execute(delete(NOTE_PERSON).where(tuple_(*keys).in_(found)))
    return len(found)


def _add(
    session: Session,
    account_id: UUID,
    table: Table,
    column: Column[Any],
    keys: Mapping[int, Collection[str]],
    *,
    beside: Mapping[str, Any] | None = None,
) -> None:
    # In one order everywhere, so that two groups with the same notes cannot deadlock.
    wanted = sorted(
        {
            (key, note_id)
            for note_id, some in keys.items()
            for one in some
            if (key := one.strip().lower()[:LONGEST])
        }
    )
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        rows = [
            {"account_id": account_id, column.name: key, "note_id": note_id, **(beside or {})}
            for key, note_id in wanted[start : start + ROWS_AT_ONCE]
        ]
        session.execute(insert_for(session)(table).values(rows).on_conflict_do_nothing())
