"""By what notes are found besides their row: SKUs and tracking numbers. The caller commits."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Table
from sqlmodel import Session

from shared.db.engine import insert_for
from shared.db.note_tables import NOTE_TRACKING
from shared.db.portal_tables import NOTE_SKU

# Longer than any that people use; an index takes no text without bounds.
LONGEST: Final = 200
# Both databases bound the values of one statement.
ROWS_AT_ONCE: Final = 5000


def add_skus(session: Session, account_id: UUID, skus: Mapping[int, Collection[str]]) -> None:
    """Keep which SKUs notes take; nothing is written of what is known."""
    _add(session, account_id, NOTE_SKU, NOTE_SKU.c.sku, skus)


def add_tracking(
    session: Session, account_id: UUID, note_id: int, numbers: Collection[str]
) -> None:
    """Keep what a note was shipped with; a number stays when its label is voided."""
    _add(session, account_id, NOTE_TRACKING, NOTE_TRACKING.c.number, {note_id: numbers})


def _add(
    session: Session,
    account_id: UUID,
    table: Table,
    column: Column[Any],
    keys: Mapping[int, Collection[str]],
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
            {"account_id": account_id, column.name: key, "note_id": note_id}
            for key, note_id in wanted[start : start + ROWS_AT_ONCE]
        ]
        session.execute(insert_for(session)(table).values(rows).on_conflict_do_nothing())
