"""What a run left unfinished: said when its time is up, since the system is gone soon after."""

from collections.abc import Iterator

from sqlmodel import Session, col, or_, select

from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import SyncLogRow
from shared.notes.state import DONE


def unfinished(session: Session) -> Iterator[str]:
    """Give a line for each note not shipped, and for each event and attempt of such a note."""
    open_notes = or_(col(SyncLogRow.order_stage) != DONE, col(SyncLogRow.shipment_stage) != DONE)
    for row in session.exec(select(SyncLogRow).where(open_notes)):
        yield (
            f"Note {row.note_id}: order {row.order_stage} {row.shiphero_order_id} "
            f"{row.order_reason}, shipment {row.shipment_stage} {row.shipment_reason}"
        )
        yield from _events(session, str(row.note_id))
    waiting = select(EventRow).where(col(EventRow.settled_at).is_(None))
    yield from (f"Not settled: {_event(event)}" for event in session.exec(waiting))


def _events(session: Session, subject: str) -> Iterator[str]:
    of_note = select(EventRow).where(EventRow.subject == subject)
    for event in session.exec(of_note.order_by(col(EventRow.recorded_at))):
        yield f"  {_event(event)}"
        tries = select(AttemptRow).where(AttemptRow.event_id == event.id)
        for one in session.exec(tries.order_by(col(AttemptRow.number))):
            yield (
                f"    attempt {one.number} {one.started_at:%H:%M:%S.%f} to {one.ended_at}: "
                f"{one.result} {one.reason_code} {one.reason}"
            )


def _event(event: EventRow) -> str:
    return (
        f"{event.name} {event.subject} recorded {event.recorded_at:%H:%M:%S.%f}, due "
        f"{event.due_at:%H:%M:%S.%f}, published {event.published_at}, claimed until "
        f"{event.claimed_until}, {event.outcome or event.hold_cause or 'open'} {event.reason}"
    )
