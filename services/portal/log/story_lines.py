"""One note's story as lines in order of time, from events, attempts and changes; pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from typing import Final
from uuid import UUID

from services.portal.log.calls import VendorCall, calls_of, duration
from services.portal.log.note_story import NoteStory
from services.portal.log.stages import Chip, order_chip, shipment_chip
from shared.audit import ACTS
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import TimelineRow
from shared.db.portal_tables import AuditEntry
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTES_ANNOUNCED,
    ORDER_CANCEL_REQUESTED,
    ORDER_RESEND_REQUESTED,
    RECONCILIATION_REQUESTED,
    SHIPHERO_WEBHOOK_RECEIVED,
    SHIPMENT_ANNOUNCED,
)
from shared.notes.state import ORDER
from shared.traces import trace_id

EVENT_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    GOODS_OUT_NOTES_ANNOUNCED: ("webhook", "Brightpearl announced goods-out notes"),
    RECONCILIATION_REQUESTED: ("database-search", "A comparison with Brightpearl was asked for"),
    GOODS_OUT_NOTE_CHANGED: ("list-details", "The note is to be read and brought to ShipHero"),
    GOODS_OUT_NOTE_DESTROYED: ("circle-minus", "Brightpearl said the note was deleted"),
    ORDER_CANCEL_REQUESTED: ("ban", "The order is to be cancelled in ShipHero"),
    ORDER_RESEND_REQUESTED: ("send", "The note is to be sent once more"),
    SHIPMENT_ANNOUNCED: ("truck-delivery", "ShipHero announced a shipment"),
    SHIPHERO_WEBHOOK_RECEIVED: ("webhook", "ShipHero sent a message"),
}

# An attempt's result in words; "" is one that has not ended, or died with its process.
RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    "delivered": ("done", "green"),
    "skipped": ("nothing to do", "grey"),
    "retry": ("tried again later", "amber"),
    "held": ("waits", "amber"),
    "dead": ("gave up", "red"),
    "overran": ("took longer than its claim", "amber"),
    "": ("not ended", "blue"),
}

# The reason code of events about a change that Goodsout itself made.
ECHO: Final = "echo"

# At one moment a person's act comes before its event, that before its attempt, the change last.
_PERSON, _EVENT, _ATTEMPT, _CHANGE = -1, 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened; `kind` is "event", "attempt", "change" or "person"."""

    kind: str
    at: datetime
    icon: str
    colour: str
    title: str
    sentence: str = ""
    code: str = ""
    chip: Chip | None = None
    seconds: str = ""
    id: str = ""
    calls: Sequence[VendorCall] = field(default=())
    # The attempt whose requests and answers can be read, None where none were kept.
    kept: tuple[UUID, int] | None = None


def lines_of(story: NoteStory) -> list[Line]:
    """Tell the story in order of time, oldest first."""
    echoes = _echoes(story.events)
    ranked = [
        *(
            (event.recorded_at, _EVENT, _event_line(event))
            for event in story.events
            if event.id not in echoes
        ),
        *(
            (attempt.started_at, _ATTEMPT, _attempt_line(attempt, story.kept))
            for attempt in story.attempts
            if attempt.event_id not in echoes
        ),
        *((change.at, _CHANGE, _change_line(change)) for change in story.changes),
        *((entry.at, _PERSON, _person_line(entry)) for entry in story.entries),
        *_echo_line(event for event in story.events if event.id in echoes),
    ]
    return _without_repeats([line for _, _, line in sorted(ranked, key=lambda item: item[:2])])


def title_of(name: str) -> tuple[str, str]:
    """Give an icon and words for what an event of this name is about."""
    return EVENT_TITLES.get(name, ("circle-dot", name.replace("_", " ").replace(".", ": ")))


def _echoes(events: Sequence[EventRow]) -> set[UUID]:
    """Find what Brightpearl told of our own change: it says nothing to the merchant."""
    echoed = {event.id for event in events if event.reason_code == ECHO}
    traces = {trace_id(event.traceparent) for event in events if event.id in echoed}
    about_note = {GOODS_OUT_NOTE_CHANGED, GOODS_OUT_NOTE_DESTROYED, SHIPMENT_ANNOUNCED}
    traces -= {
        trace_id(event.traceparent)
        for event in events
        if event.id not in echoed and event.name in about_note
    }
    announced = {event.id for event in events if trace_id(event.traceparent) in traces - {""}}
    return echoed | announced


def _echo_line(echoes: Iterable[EventRow]) -> Iterator[tuple[datetime, int, Line]]:
    """Say once how often Brightpearl told of our own change."""
    told = [event for event in echoes if event.reason_code == ECHO]
    if told:
        times = "once" if len(told) == 1 else f"{len(told)} times"
        line = Line(
            kind="event",
            at=told[0].recorded_at,
            icon="webhook",
            colour="grey",
            title=f"Brightpearl told of our own change, {times}",
            sentence="Goodsout shipped the note itself, so there was nothing to do.",
            code=ECHO,
        )
        yield told[0].recorded_at, _EVENT, line


def _without_repeats(lines: Sequence[Line]) -> list[Line]:
    """Say nothing twice: an attempt whose words the next change repeats leaves them to it."""
    told: list[Line] = []
    said = ""
    for line, following in zip_longest(lines, lines[1:]):
        sentence = line.sentence
        if line.kind == "attempt" and sentence:
            if following and following.kind == "change" and following.sentence == sentence:
                line = replace(line, sentence="")  # noqa: PLW2901 - the same line, quieter
            elif sentence == said:
                line = replace(line, sentence="The same again.")  # noqa: PLW2901 - as above
        said = sentence or said
        told.append(line)
    return told


def _event_line(event: EventRow) -> Line:
    icon, title = title_of(event.name)
    replayed = " (a replay)" if event.replay_of else ""
    return Line(
        kind="event",
        at=event.recorded_at,
        icon=icon,
        colour="blue",
        title=title + replayed,
        sentence=_event_sentence(event),
        id=str(event.id),
    )


def _event_sentence(event: EventRow) -> str:
    """Say what the attempts and changes below do not: an ending without an attempt."""
    if event.outcome == "superseded":
        return "A later success made this one unnecessary."
    if event.outcome and not event.tries:
        return event.reason
    return ""


def _person_line(entry: AuditEntry) -> Line:
    return Line(
        kind="person",
        at=entry.at,
        icon="user",
        colour="purple",
        title=f"{entry.who} {ACTS.get(entry.act, entry.act)}",
        sentence=entry.after,
    )


def _attempt_line(attempt: AttemptRow, kept: Collection[tuple[UUID, int]]) -> Line:
    word, colour = RESULTS.get(attempt.result, (attempt.result, "grey"))
    took = (attempt.ended_at - attempt.started_at).total_seconds() if attempt.ended_at else None
    return Line(
        kind="attempt",
        at=attempt.started_at,
        icon="bolt",
        colour=colour,
        title=f"Attempt {attempt.number}: {word}",
        sentence=attempt.reason,
        code=attempt.reason_code,
        seconds=duration(took) if took is not None else "",
        calls=calls_of(attempt.vendor_calls),
        kept=this if (this := (attempt.event_id, attempt.number)) in kept else None,
    )


def _change_line(change: TimelineRow) -> Line:
    chip = order_chip(change.stage) if change.side == ORDER else shipment_chip("", change.stage)
    side = "Order" if change.side == ORDER else "Shipment"
    return Line(
        kind="change",
        at=change.at,
        icon=chip.icon,
        colour=chip.colour,
        title=f"{side} · {chip.stage or chip.word}",
        sentence=change.sentence or chip.sentence,
        chip=chip,
    )
