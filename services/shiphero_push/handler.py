"""A goods-out note appeared or changed in Brightpearl: have ShipHero ship it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from services.shiphero_push.cancelling import cancel_for_deleted, end_cancel_alert, has_left
from services.shiphero_push.changes import Again, look_again
from services.shiphero_push.desk import Desk
from services.shiphero_push.header import header_of
from services.shiphero_push.lookup import is_fresh, known_before, look_up
from services.shiphero_push.products import Shelf, shelf_of
from services.shiphero_push.reading import ReadNote, read_notes
from services.shiphero_push.shadow import hold_destroyed, show_goods_out_notes
from services.shiphero_push.words import delivered, sent_words
from shared.errors import OurTrouble, Transient
from shared.events import GOODS_OUT_NOTE_CHANGED, SHIPMENT_SUSPECTED, Event, NewEvent
from shared.messaging.units import Unit
from shared.notes.key import NoteKey, read_key
from shared.notes.known import Link, Said
from shared.notes.store import NoteLease
from shared.outcome import Busy, Held, Later, Outcome, Skipped
from shared.pushing.comparing import otherwise, told
from shared.pushing.judgement import held_by_erasure, held_by_person, judge, kept_back
from shared.pushing.transform import to_new_order
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.models import ShipHeroOrder

# A note that is being written at this moment is looked at again after so many seconds of our pace.
WRITTEN_SOON = 5.0


def push_goods_out_notes(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Read the group's notes and sales orders by ID set; one unit for each note.

    Several events about one note become one look. Notes that are shipped are not read, nor is one
    that somebody writes onto just now: what we write is announced to us before it ships.
    """
    by_note: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_note[int(event.subject)].append(event)
    if desk.settings.shadow_on:
        return show_goods_out_notes(by_note, desk=desk)
    echoes = desk.notes.shipped_by_us(set(by_note))
    sent = desk.notes.sent(set(by_note) - echoes)
    deleted = desk.notes.deleted_among(sent)
    written = desk.notes.leased_among(sent)
    to_read = set(by_note) - echoes - deleted - written
    read = read_notes(to_read, desk=desk)
    shelf = shelf_of(read.orders.values(), desk=desk)
    shown = desk.shadow.orders_shown(to_read - sent.keys())
    push = partial(push_one, desk=desk, shelf=shelf, shown=shown)

    def unit(note_id: int, about: tuple[Event, ...]) -> Unit:
        if note_id in echoes:
            return Unit(events=about, run=partial(_echo, note_id), quick=True)
        if note_id in deleted:
            return Unit(events=about, run=partial(push, about[0], ReadNote()))
        if note_id in written:
            return Unit(events=about, run=partial(_being_written, note_id), quick=True)
        found = read.of(note_id)
        if found.is_unreadable:
            return Unit(events=about, run=partial(_not_to_be_opened, note_id), quick=True)
        if note_id in sent:
            again = Again(
                note_id=note_id, events=about, note=found.note, order=found.order,
                known=sent[note_id],
            )  # fmt: skip
            return look_again(again, desk=desk)
        return Unit(events=about, run=partial(push, about[0], found))

    return [unit(note_id, tuple(about)) for note_id, about in by_note.items()]


def push_one(
    event: Event,
    read: ReadNote,
    *,
    desk: Desk,
    shelf: Shelf,
    shown: Mapping[int, Mapping[str, Any]],
) -> Outcome:
    """Judge, transform, and create the ShipHero order unless it is there. Safe to run twice.

    `shown` are the orders that shadow mode has shown, by note.
    """
    note_id, note, order = int(event.subject), read.note, read.order
    with desk.notes.leased(note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {note_id}.")
        said = desk.notes.said(note_id)
        if said.deleted:
            return cancel_for_deleted(lease, desk=desk)
        known = desk.notes.link(note_id)
        if known is not None and known.shiphero_order_id:
            # What was read of the note may be newer than what was sent: the next look compares.
            return Busy(reason=f"Note {note_id} became an order just now; it is looked at again.")
        if known is not None and known.is_intended:
            found = look_up(note_id, known, desk=desk)
            if found is not None:
                return _adopt(event, found, desk=desk)
        if note is None:
            # Absence is a suspicion, not a fact: a page or an ID set can miss a note.
            raise Transient(f"Brightpearl does not show note {note_id}.", code="note_not_found")
        waits = _waits(note, said, desk=desk, erased=read.is_erased)
        if waits is not None:
            return waits
        if order is None:
            raise Transient(
                f"Brightpearl does not show sales order {note.order_id}.", code="order_not_found"
            )
        return _create(lease, note, order, event, known, shelf=shelf, shown=shown.get(note_id))


def _waits(
    note: GoodsOutNote, said: Said, *, desk: Desk, erased: bool
) -> Skipped | Held | Later | None:
    """Say why the note is not sent, or not now: its own, then a person's wish, then its time."""
    return (
        judge(note, desk.settings)
        or held_by_erasure(note, erased=erased)
        or held_by_person(note, stopped=said.stopped)
        or kept_back(note, desk.settings, now=desk.now())
    )


def report_destroyed(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Answer for notes that were deleted in Brightpearl."""
    return [
        Unit(events=(event,), run=partial(report_one_destroyed, event, desk=desk))
        for event in events
    ]


def report_one_destroyed(event: Event, *, desk: Desk) -> Outcome:
    """Skip a deleted note that was never sent; cancel the order of one that was."""
    note_id = int(event.subject)
    with desk.notes.leased(note_id) as lease:
        # Known at once, so that whoever works on the note now finds it out before the next step.
        desk.notes.deleted(note_id, said_now=True)
        if lease is None:
            return Busy(reason=f"Another delivery works on note {note_id}.")
        waits = hold_destroyed(note_id, desk=desk) if desk.settings.shadow_on else None
        return waits or cancel_for_deleted(lease, desk=desk)


def _adopt(event: Event, found: ShipHeroOrder, *, desk: Desk) -> Outcome:
    """Keep that the order is the note's, and have both looked at for what happened meanwhile."""
    words = sent_words(found.shipping_lines)
    desk.notes.linked(int(event.subject), order_id=found.id, adopted=True, method_sent=words)
    code = desk.settings.code
    looks = [_look(event, GOODS_OUT_NOTE_CHANGED, f"{code}:adopted:{found.id}")]
    if has_left(found):
        # It may have shipped longer ago than any comparison of orders reaches back.
        told = {"key": found.partner_order_id, "order_id": found.id, "canceled": False}
        looks.append(_look(event, SHIPMENT_SUSPECTED, f"{code}:adopted_shipped:{found.id}", told))
    return replace(delivered(found.id, found.order_number, adopted=True), follow_ons=tuple(looks))


def _look(
    event: Event, name: str, dedupe_key: str, payload: Mapping[str, object] | None = None
) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=name,
        subject=event.subject,
        dedupe_key=dedupe_key,
        payload=payload or {},
        lane=event.lane,
        traceparent=event.traceparent,
    )


def _create(
    lease: NoteLease,
    note: GoodsOutNote,
    order: SalesOrder,
    event: Event,
    known: Link | None,
    *,
    shelf: Shelf,
    shown: Mapping[str, Any] | None,
) -> Outcome:
    desk = shelf.desk
    # A person's deliberate re-create has raised the generation of the key.
    key = (read_key(known.key) if known else None) or NoteKey(
        account=desk.settings.code, note_id=note.id
    )
    new = to_new_order(note, order, key=key, settings=desk.settings, now=desk.now())
    sent = header_of(new)
    is_new = known is None and is_fresh(note, event)
    if not is_new and (known is None or not known.is_intended):
        found = known_before(note.id, key, desk=desk)
        if found is not None:
            with desk.notes.intent(lease, key=str(key), order_number=found.order_number):
                return _adopt(event, found, desk=desk)
    shelf.stock(new, order)
    with (
        shelf.doubted_when_refused(new),
        desk.notes.intent(lease, key=str(key), order_number=new.order_number, sent=sent),
    ):
        created = desk.shiphero.create_order(new)
    words = sent_words(new.shipping_lines)
    desk.notes.linked(note.id, order_id=created.id, adopted=False, method_sent=words)
    if shown is not None:
        desk.shadow.went_live(note.id, otherwise(shown, told(new)))
    done = delivered(created.id, new.order_number)
    if key.generation == 1:
        return done
    return replace(done, keep=partial(end_cancel_alert, desk.settings.id, note.id))


def _not_to_be_opened(note_id: int) -> Outcome:
    raise OurTrouble(
        f"What a person corrected of note {note_id} fits none of SECRET_KEYS: was a key removed "
        "too early?"
    )


def _being_written(note_id: int) -> Outcome:
    return Busy(reason=f"Note {note_id} is being written just now.", after=WRITTEN_SOON)


def _echo(note_id: int) -> Outcome:
    return Skipped(code="echo", reason=f"Goodsout itself shipped note {note_id}.")
