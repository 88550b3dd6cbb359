"""Brightpearl's list did not show a note that it should: prove whether it is really gone.

Absence is a suspicion, not a fact. A note counts as deleted after two looks for it alone, at least
a minute apart, each beside another known note that the same connection did show.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from services.order_ingest.reconciliation.books import Suspect
from services.order_ingest.reconciliation.desk import Desk
from services.order_ingest.reconciliation.suspicion import (
    count_empty_look,
    leave_to_a_person,
    too_many,
)
from shared.errors import Transient
from shared.events import (
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTE_MISSED,
    SHIPMENT_SUSPECTED,
    Event,
    Lane,
    NewEvent,
)
from shared.messaging.units import Unit
from shared.missing_notes import clear
from shared.outcome import Delivered, Outcome, Skipped
from shared.vendors.brightpearl.models import GoodsOutNote

LOOKS = 2
SAME_MINUTE = timedelta(minutes=1)
# A look is written down a moment after it was made.
WRITTEN_DOWN = timedelta(seconds=5)


def look_for_missed(events: Sequence[Event], *, desk_of: Callable[[Event], Desk]) -> Iterable[Unit]:
    """Look for each note by itself: an ID set may leave one out without a word."""
    desk = desk_of(events[0])
    return [Unit(events=(event,), run=partial(look_for_one, event, desk=desk)) for event in events]


def look_for_one(event: Event, *, desk: Desk) -> Outcome:
    """Count a look that found nothing; the second one that counts makes the note deleted."""
    note_id = int(event.subject)
    suspects = desk.books.suspects()
    known = suspects.get(note_id)
    if known is None or not desk.books.is_open(note_id):
        return Skipped(code="no_longer_missed", reason=f"Note {note_id} is not missed any more.")
    if known.waits_for_person:
        return Skipped(
            code="waits_for_person",
            reason=f"Note {note_id} is missing together with many others; a person decides.",
        )
    if too_many(len(suspects), open_notes=desk.books.open_count()):
        return Delivered(
            reference=event.subject,
            summary=f"{len(suspects)} notes are missing by now; they wait for a person.",
            keep=lambda session, now: leave_to_a_person(session, event.account_id, now=now),
        )
    if known.looked_at is not None and desk.now() - known.looked_at < desk.apart:
        return _again(event, desk)
    begun = desk.now()
    shown = desk.brightpearl.goods_out_notes([note_id]).get(note_id)
    if shown is not None:
        return _found(event, shown, desk)
    _see_a_witness(event, note_id, begun, desk)
    return (
        _gone(event, desk) if known.empty_looks + 1 >= LOOKS else _missed_once(event, known, desk)
    )


def _see_a_witness(event: Event, note_id: int, begun: datetime, desk: Desk) -> None:
    """Read another known note on the same connection; raises Transient when that proves nothing."""
    others = desk.books.witnesses(note_id)
    if others:
        # Another one at each attempt: the witness may be gone itself.
        other = others[(event.attempt - 1) % len(others)]
        shown = other in desk.brightpearl.goods_out_notes([other])
        if shown and desk.now() - begun < SAME_MINUTE:
            return
    raise Transient(
        f"Brightpearl does not show note {note_id}, nor another known note within the same minute; "
        "so this proves nothing, and it is looked at again.",
        code="known_note_not_shown",
    )


def _found(event: Event, note: GoodsOutNote, desk: Desk) -> Outcome:
    suspected = _follow_on(
        event, SHIPMENT_SUSPECTED, f"{desk.code}:shipped_by_hand:{note.id}:{desk.now():%Y%m%d}"
    )
    return Delivered(
        reference=str(note.id),
        summary=f"Note {note.id} is there.",
        follow_ons=(suspected,) if note.shipped else (),
        keep=partial(_lift, event),
    )


def _missed_once(event: Event, known: Suspect, desk: Desk) -> Outcome:
    def keep(session: Session, now: datetime) -> None:
        count_empty_look(session, event.account_id, known.note_id, now=now)

    return Delivered(
        reference=event.subject,
        summary=f"Brightpearl does not show note {known.note_id}; it is looked for once more.",
        follow_ons=(_next_look(event, desk),),
        keep=keep,
    )


def _again(event: Event, desk: Desk) -> Outcome:
    return Skipped(
        code="looked_just_now",
        reason="The last look was less than a minute ago; it is looked for once more.",
        follow_ons=(_next_look(event, desk),),
    )


def _gone(event: Event, desk: Desk) -> Outcome:
    return Delivered(
        reference=event.subject,
        summary=f"Note {event.subject} was not shown in {LOOKS} looks of its own: it was deleted.",
        follow_ons=(
            _follow_on(event, GOODS_OUT_NOTE_DESTROYED, f"{desk.code}:gone:{event.subject}"),
        ),
        keep=partial(_lift, event),
    )


def _lift(event: Event, session: Session, now: datetime) -> None:
    clear(session, event.account_id, [int(event.subject)], now=now)


def _next_look(event: Event, desk: Desk) -> NewEvent:
    look = int(event.payload.get("look", 1)) + 1
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_MISSED,
        subject=event.subject,
        dedupe_key=f"{desk.code}:missed:{event.subject}:{event.id}",
        payload={"look": look},
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
        not_before=desk.now() + desk.apart + WRITTEN_DOWN,
    )


def _follow_on(event: Event, name: str, dedupe_key: str) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=name,
        subject=event.subject,
        dedupe_key=dedupe_key,
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )
