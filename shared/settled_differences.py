"""Which open differences our own books have settled since: an order sent, a shipment told."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from shared.db.note_tables import SyncLogRow
from shared.differences import (
    AT_ONCE,
    NEVER_SENT,
    NOT_WRITTEN_BACK,
    WITHOUT_NOTE,
    end,
    note_of,
    of_order,
    subjects,
)
from shared.notes.state import DONE, QUEUED

# By kind, whether a note's row settles the difference about this subject.
SETTLED: Final[Mapping[str, Callable[[SyncLogRow, str], bool]]] = {
    # Sent, or the sync log says what it waits for.
    NEVER_SENT: lambda row, _subject: row.order_stage != QUEUED,
    WITHOUT_NOTE: lambda row, subject: of_order(row.note_id, row.shiphero_order_id) == subject,
    NOT_WRITTEN_BACK: lambda row, _subject: row.shipment_stage == DONE,
}


def end_settled(session: Session, account_id: UUID, *, now: datetime) -> None:
    """End them, without a vendor being asked."""
    for kind, is_settled in SETTLED.items():
        about = {subject: note_of(subject) for subject in subjects(session, account_id, kind)}
        rows = {row.note_id: row for row in _rows(session, account_id, sorted(about.values()))}
        settled = {
            subject
            for subject, note_id in about.items()
            if note_id in rows and is_settled(rows[note_id], subject)
        }
        end(session, account_id, kind, settled, now=now)


def _rows(session: Session, account_id: UUID, note_ids: list[int]) -> Iterator[SyncLogRow]:
    for start in range(0, len(note_ids), AT_ONCE):
        some = note_ids[start : start + AT_ONCE]
        yield from session.exec(
            select(SyncLogRow).where(
                SyncLogRow.account_id == account_id, col(SyncLogRow.note_id).in_(some)
            )
        )
