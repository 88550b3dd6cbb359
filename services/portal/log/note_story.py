"""Everything that was kept about one goods-out note; every question names the account."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlmodel import Session, col

from shared.db.account_tables import WarehouseMapping
from shared.db.correction_tables import NoteCorrection
from shared.db.journal_tables import ATTEMPT, BEGINS_A_TRACE, EVENT, AttemptRow, EventRow
from shared.db.note_tables import OrderLink, SyncLogRow, TimelineRow
from shared.db.portal_tables import AuditEntry
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    ORDER_CANCEL_REQUESTED,
    ORDER_RESEND_REQUESTED,
    SYNC_LOG_CHANGED,
)
from shared.notes.asking import audit_subject
from shared.traces import trace_id

# A note has a handful; a limit keeps a storm about one note readable.
EVENTS_AT_MOST: Final = 100
ATTEMPTS_AT_MOST: Final = 300

REQUESTS: Final = (ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED)
ABOUT_NOTES: Final = (GOODS_OUT_NOTE_CHANGED, GOODS_OUT_NOTE_DESTROYED, *REQUESTS)

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class NoteStory:
    """The rows that tell what happened to a note, each list oldest first."""

    row: SyncLogRow
    links: Sequence[OrderLink]
    events: Sequence[EventRow]
    attempts: Sequence[AttemptRow]
    changes: Sequence[TimelineRow]
    entries: Sequence[AuditEntry] = ()
    warehouse: str = ""
    correction: NoteCorrection | None = None
    # The attempts of which requests and answers were kept.
    kept: Collection[tuple[UUID, int]] = frozenset()

    @property
    def link(self) -> OrderLink | None:
        """The note's present order, or what is to become it."""
        return self.links[-1] if self.links else None

    @property
    def request(self) -> EventRow | None:
        """What a person last asked for about the note's order."""
        asked = [event for event in self.events if event.name in REQUESTS]
        return asked[-1] if asked else None


def note_story(session: Session, account_id: UUID, note_id: int) -> NoteStory | None:
    """Collect a note's story; None when this account has no such note."""
    row = session.get(SyncLogRow, (account_id, note_id))
    if row is None:
        return None
    events = _events(session, account_id, note_id)
    ids = [event.id for event in events]
    return NoteStory(
        row=row,
        links=_links(session, account_id, note_id),
        events=events,
        attempts=_attempts(session, ids),
        changes=_changes(session, account_id, note_id),
        entries=_entries(session, account_id, row),
        warehouse=_warehouse(session, account_id, row.warehouse_id),
        correction=session.get(NoteCorrection, (account_id, note_id)),
        kept=_kept(session, account_id, ids),
    )


def _links(session: Session, account_id: UUID, note_id: int) -> Sequence[OrderLink]:
    query = select(OrderLink).where(
        col(OrderLink.account_id) == account_id, col(OrderLink.note_id) == note_id
    )
    return session.execute(query.order_by(col(OrderLink.generation))).scalars().all()


def _warehouse(session: Session, account_id: UUID, warehouse_id: int | None) -> str:
    if warehouse_id is None:
        return ""
    mapping = session.get(WarehouseMapping, (account_id, warehouse_id))
    return mapping.brightpearl_name if mapping else ""


def _changes(session: Session, account_id: UUID, note_id: int) -> Sequence[TimelineRow]:
    query = select(TimelineRow).where(
        col(TimelineRow.account_id) == account_id, col(TimelineRow.note_id) == note_id
    )
    newest = session.execute(query.order_by(col(TimelineRow.at).desc()).limit(EVENTS_AT_MOST))
    return newest.scalars().all()[::-1]


def _entries(session: Session, account_id: UUID, row: SyncLogRow) -> Sequence[AuditEntry]:
    """Read what people did about the note; nobody could before it came."""
    query = select(AuditEntry).where(
        col(AuditEntry.account_id) == account_id,
        col(AuditEntry.at) >= row.inserted_at,
        col(AuditEntry.subject) == audit_subject(row.note_id),
    )
    newest = session.execute(query.order_by(col(AuditEntry.at).desc()).limit(EVENTS_AT_MOST))
    return newest.scalars().all()[::-1]


def _kept(
    session: Session, account_id: UUID, event_ids: Sequence[UUID]
) -> frozenset[tuple[UUID, int]]:
    query = (
        select(ATTEMPT.c.event_id, ATTEMPT.c.number)
        .join(EVENT, EVENT.c.id == ATTEMPT.c.event_id)
        .where(EVENT.c.account_id == account_id, ATTEMPT.c.event_id.in_(event_ids))
        .where(ATTEMPT.c.exchanges.is_not(None))
    )
    return frozenset((row.event_id, row.number) for row in session.execute(query))


def _events(session: Session, account_id: UUID, note_id: int) -> Sequence[EventRow]:
    """Find the events about the note, those that changed its row, and what these came from."""
    about = _with_subject(session, account_id, note_id, ABOUT_NOTES)
    announced_changes = _with_subject(session, account_id, note_id, (SYNC_LOG_CHANGED,))
    causes = _by_id(session, account_id, _causes(announced_changes))
    known = {event.id: event for event in (*about, *causes)}
    for event in _same_trace(session, account_id, list(known.values())):
        known.setdefault(event.id, event)
    return sorted(known.values(), key=lambda event: (event.recorded_at, event.id))


def _with_subject(
    session: Session, account_id: UUID, note_id: int, names: Sequence[str]
) -> Sequence[EventRow]:
    query = select(EventRow).where(
        col(EventRow.account_id) == account_id,
        col(EventRow.subject) == str(note_id),
        col(EventRow.name).in_(names),
    )
    newest = query.order_by(col(EventRow.recorded_at).desc()).limit(EVENTS_AT_MOST)
    return session.execute(newest).scalars().all()


def _causes(changes: Iterable[EventRow]) -> set[UUID]:
    """Read which events changed the note's row: their ids stand in the changes' dedupe keys."""
    return {found for change in changes for found in ids_in(change.dedupe_key)}


def ids_in(dedupe_key: str) -> set[UUID]:
    """Read which events a dedupe key names."""
    return {UUID(found) for found in _UUID.findall(dedupe_key)}


def _by_id(session: Session, account_id: UUID, ids: Iterable[UUID]) -> Sequence[EventRow]:
    wanted = list(ids)
    if not wanted:
        return []  # to PostgreSQL an empty list would seem to be a dear one
    query = select(EventRow).where(
        col(EventRow.account_id) == account_id, col(EventRow.id).in_(wanted)
    )
    return session.execute(query).scalars().all()


def _same_trace(
    session: Session, account_id: UUID, events: Sequence[EventRow]
) -> Sequence[EventRow]:
    """Find the announcements whose expansion led to `events`: they carry the same trace."""
    traces = {trace for event in events if (trace := trace_id(event.traceparent))}
    if not traces:
        return []
    # Between two bounds, which the index answers; after the trace's id comes a hyphen.
    column = col(EventRow.traceparent)
    ways = [(column >= f"00-{trace}-") & (column < f"00-{trace}.") for trace in sorted(traces)]
    query = select(EventRow).where(
        col(EventRow.account_id) == account_id, text(BEGINS_A_TRACE), or_(*ways)
    )
    return session.execute(query.limit(EVENTS_AT_MOST)).scalars().all()


def _attempts(session: Session, event_ids: Sequence[UUID]) -> Sequence[AttemptRow]:
    if not event_ids:
        return []
    query = select(AttemptRow).where(col(AttemptRow.event_id).in_(event_ids))
    newest = query.order_by(col(AttemptRow.started_at).desc()).limit(ATTEMPTS_AT_MOST)
    return session.execute(newest).scalars().all()[::-1]


def open_events(story: NoteStory) -> list[EventRow]:
    """Give the events that are not settled yet."""
    return [event for event in story.events if event.settled_at is None]


def next_try(story: NoteStory, *, now: datetime) -> datetime | None:
    """Say when something about the note is tried next, if that is planned."""
    planned = [
        event.due_at
        for event in open_events(story)
        if event.hold_cause is None and event.due_at > now
    ]
    return min(planned, default=None)
