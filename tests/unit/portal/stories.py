"""Builders of a note's story; they hide what a test is not about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.portal.log.note_story import NoteStory
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import SyncLogRow, TimelineRow

ACCOUNT = UUID(int=1)
EVENT = UUID(int=10)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def an_event(**changed: Any) -> EventRow:
    usual: dict[str, Any] = {
        "id": EVENT,
        "account_id": ACCOUNT,
        "name": "goods_out_note.changed",
        "queue": "shiphero_push",
        "lane": 0,
        "subject": "7001",
        "payload": {},
        "dedupe_key": "fernleaf:1",
        "recorded_at": NOON,
        "due_at": NOON,
    }
    return EventRow(**(usual | changed))


def an_attempt(**changed: Any) -> AttemptRow:
    usual: dict[str, Any] = {"event_id": EVENT, "number": 1, "worker": "a", "started_at": NOON}
    return AttemptRow(**(usual | changed))


def a_change(**changed: Any) -> TimelineRow:
    usual: dict[str, Any] = {
        "event_id": UUID(int=20),
        "account_id": ACCOUNT,
        "note_id": 7001,
        "at": NOON,
        "side": "order",
        "stage": "done",
        "sentence": "ShipHero order 98 was made.",
    }
    return TimelineRow(**(usual | changed))


def a_story(**parts: Any) -> NoteStory:
    row = SyncLogRow(account_id=ACCOUNT, note_id=7001, inserted_at=NOON)
    usual: dict[str, Any] = {"row": row, "links": [], "events": [], "attempts": [], "changes": []}
    return NoteStory(**(usual | parts))
