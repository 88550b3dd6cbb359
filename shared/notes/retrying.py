"""A person wants one goods-out note tried again: do what helps, or say why nothing would."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    SHIPHERO_WEBHOOK_RECEIVED,
    SHIPMENT_ANNOUNCED,
    SHIPMENT_SUSPECTED,
)
from shared.journal.planned import try_now
from shared.journal.release import replay
from shared.journal.supersede import DEAD
from shared.notes.state import AT_SHIPHERO, DONE, KEPT_BACK

# What is tried again; what a person asked for once, they ask for anew.
WHICH_WAY: Final = {
    GOODS_OUT_NOTE_CHANGED: "the way to ShipHero",
    GOODS_OUT_NOTE_DESTROYED: "its deletion in Brightpearl",
    SHIPMENT_ANNOUNCED: "its shipment",
    SHIPMENT_SUSPECTED: "its shipment",
    SHIPHERO_WEBHOOK_RECEIVED: "what ShipHero told of its order",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether something is tried now, and a sentence for each thing that is, or why not."""

    done: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that helps: a planned try that is brought forward, or a dead letter's replay."""

    event: EventRow
    is_replay: bool

    @property
    def which_way(self) -> str:
        """Name what is tried."""
        return WHICH_WAY[self.event.name]


def retry_note(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> Answer:
    """Replay the note's dead letters and bring planned tries forward; the caller commits.

    What waits for a setting, is being worked on or has come to a good end is left alone: each is
    told with its reason.
    """
    events = _events(session, account_id, note_id)
    acts = tuple(
        _told(step) for step in steps_that_help(events, now=now) if _take(session, step, now=now)
    )
    if acts:
        return Answer(done=True, sentences=acts)
    return _nothing(session, account_id, note_id, events)


def foresee_retry(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> Answer:
    """Say what `retry_note` would do now, and do nothing."""
    events = _events(session, account_id, note_id)
    steps = tuple(_foreseen(step) for step in steps_that_help(events, now=now))
    if steps:
        return Answer(done=True, sentences=steps)
    return _nothing(session, account_id, note_id, events)


def _nothing(
    session: Session, account_id: UUID, note_id: int, events: Sequence[EventRow]
) -> Answer:
    row = session.get(SyncLogRow, (account_id, note_id))
    return Answer(done=False, sentences=tuple(_why_not(note_id, events, row)))


def _events(session: Session, account_id: UUID, note_id: int) -> Sequence[EventRow]:
    """Read what is open or dead about the note, oldest first."""
    about = select(EventRow).where(
        EventRow.account_id == account_id,
        EventRow.subject == str(note_id),
        col(EventRow.name).in_(WHICH_WAY),
        col(EventRow.settled_at).is_(None) | (col(EventRow.outcome) == DEAD),
    )
    return session.exec(about.order_by(col(EventRow.recorded_at), col(EventRow.id))).all()


def steps_that_help(events: Sequence[EventRow], *, now: datetime) -> Iterator[Step]:
    """Give what helps a note of which these events are open or dead, oldest first."""
    for event in _open(events):
        # Kept back until a date that somebody chose: to look earlier would change nothing.
        is_planned = event.hold_cause is None and event.published_at is None and event.due_at > now
        if is_planned and event.reason_code != KEPT_BACK:
            yield Step(event=event, is_replay=False)
    # An open event about the same looks at the vendor anyway, and makes the dead letter needless.
    underway = {event.name for event in _open(events)}
    newest = {event.name: event for event in events if event.outcome == DEAD}
    for name, event in newest.items():
        if name not in underway:
            yield Step(event=event, is_replay=True)


def _take(session: Session, step: Step, *, now: datetime) -> bool:
    """Do it; False when it has changed meanwhile."""
    if step.is_replay:
        return replay(session, step.event.id, now=now) is not None
    return try_now(session, step.event.id, now=now)


def _told(step: Step) -> str:
    event = step.event
    if step.is_replay:
        return f"Replayed: {step.which_way}, which had failed: {event.reason}"
    return (
        f"Tried now: {step.which_way}, which was to be tried again at "
        f"{event.due_at:%d %b %H:%M:%S} UTC ({event.reason or 'it waited its turn'})"
    )


def _foreseen(step: Step) -> str:
    event, which = step.event, step.which_way[0].upper() + step.which_way[1:]
    if step.is_replay:
        return f"{which} is tried once more. It had failed: {event.reason}"
    return f"{which} is tried now instead of at {event.due_at:%d %b %H:%M:%S} UTC."


def _why_not(note_id: int, events: Sequence[EventRow], row: SyncLogRow | None) -> Iterator[str]:
    for event in _open(events):
        if event.hold_cause is not None:
            yield f"Note {note_id} waits: {event.reason} It goes on by itself once that is changed."
        elif event.reason_code == KEPT_BACK:
            yield f"Note {note_id} is kept back until {event.due_at:%d %b %Y %H:%M} UTC."
        else:
            yield f"Note {note_id} is in hand just now: {WHICH_WAY[event.name]}."
    if _open(events):
        return
    if row is None:
        yield (
            f"No note {note_id} is known here. Look at the id (it is the goods-out note's, not the "
            "sales order's); one that was missed is found by the next comparison."
        )
    elif row.shipment_stage == DONE:
        yield f"Note {note_id} is shipped and Brightpearl knows it: there is nothing to retry."
    elif row.order_stage in AT_SHIPHERO:
        told = f" {row.order_reason}" if row.order_stage != DONE else ""
        order = row.shiphero_order_id
        yield f"Note {note_id} is at ShipHero as order {order}: there is nothing to retry.{told}"
    else:
        reason = row.order_reason or "no reason was kept"
        yield f"Nothing is open on note {note_id}, which stands at {row.order_stage}: {reason}"


def _open(events: Sequence[EventRow]) -> list[EventRow]:
    return [event for event in events if event.settled_at is None]
