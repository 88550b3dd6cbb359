"""Ship one note by itself: tracking, what did not fit, the shipped event at its own version."""

from collections.abc import Sequence

from services.shipment_return.desk import Desk, WritesNotes
from services.shipment_return.reading import read_notes
from services.shipment_return.transform import Parcels, numbers_lacking, to_note_details
from shared.errors import GoodsoutError, Transient
from shared.notes.store import NoteLease
from shared.outcome import Delivered, Outcome, Skipped
from shared.vendors.brightpearl.faults import ReadAgain
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import NewOrderNote

# A look at an order that has not shipped at all: nothing to say to the merchant.
NOTHING_SHIPPED = "nothing_shipped"


def not_yet(parcels: Parcels) -> Skipped | None:
    """Say why the note is not to be shipped yet; None when every piece has left."""
    if not parcels.shipped:
        return Skipped(code=NOTHING_SHIPPED, reason="ShipHero has not shipped it yet.")
    if not parcels.complete:
        return Skipped(
            code="waiting_for_rest",
            reason=f"{parcels.shipped} of {parcels.ordered} pieces have shipped; the note is "
            "marked as shipped with the last one.",
        )
    return None


def ship_alone(lease: NoteLease, note: GoodsOutNote, parcels: Parcels, *, desk: Desk) -> Outcome:
    """Write tracking first: a shipped note takes no further change (contract §7).

    What did not fit goes before the shipped event too: after it, nothing would bring us back here.
    The lease is renewed before each write, so that a slow vendor lets nobody else in.
    """
    owner = desk.settings.event_owner_contact_id
    assert owner is not None
    details = to_note_details(note, parcels, weight_unit=desk.settings.weight_unit)
    try:
        lease.renew()
        desk.brightpearl.write_details(note.id, details)
        _write_remark(lease, note, parcels.overflow, desk.brightpearl)
        version = _read(note.id, desk.brightpearl).last_event_version
        lease.renew()
        desk.brightpearl.add_shipped_event(
            note.id,
            occurred=parcels.last_shipped_at or desk.now(),
            event_owner_id=owner,
            if_match=version,
        )
    except ReadAgain as refusal:
        return _compare(lease, parcels, refusal, desk=desk)
    return shipped(_read(note.id, desk.brightpearl), desk=desk)


def shipped(note: GoodsOutNote, *, desk: Desk) -> Outcome:
    """Keep what the shipped note shows; raises Transient when it does not show as shipped."""
    if not note.shipped:
        raise not_shown(note.id)
    desk.notes.shipped({note.id: note.shipping.reference})
    return as_shipped(note)


def as_shipped(note: GoodsOutNote) -> Delivered:
    """Say how a shipped note left."""
    tracking = note.shipping.reference
    summary = f"Tracking {tracking}." if tracking else "Without a tracking number."
    return Delivered(reference=note.number, summary=summary)


def keep_lost_numbers(
    lease: NoteLease, note: GoodsOutNote, parcels: Parcels, *, desk: Desk
) -> None:
    """Put numbers on the sales order that a note shipped by another can no longer take (§7b)."""
    lacking = numbers_lacking(note.shipping.reference, parcels.tracking)
    if set(lacking) - set(parcels.overflow):
        _write_remark(lease, note, lacking, desk.brightpearl)


def not_shown(note_id: int) -> Transient:
    """Say that a note was shipped and does not show it."""
    return Transient(f"Note {note_id} does not show as shipped yet.", code="not_shipped_yet")


def _compare(lease: NoteLease, parcels: Parcels, refusal: GoodsoutError, *, desk: Desk) -> Outcome:
    """Read a note that refused a write: shipped is what we want, anything else is tried again."""
    note = _read(lease.note_id, desk.brightpearl)
    if note.shipped:
        keep_lost_numbers(lease, note, parcels, desk=desk)
        return shipped(note, desk=desk)
    raise Transient(f"{refusal} The note is read again.", code="note_moved") from refusal


def _write_remark(
    lease: NoteLease, note: GoodsOutNote, numbers: Sequence[str], brightpearl: WritesNotes
) -> None:
    """Put tracking numbers into a note on the sales order, once; nothing for no numbers."""
    if not numbers or not note.order_id:
        return
    mark = f"[GO-{note.id}-tracking]"
    told = [known.text for known in brightpearl.order_notes(note.order_id) if mark in known.text]
    if any(all(number in text for number in numbers) for text in told):
        return
    lease.renew()
    text = f"More tracking numbers of note {note.number}: {', '.join(numbers)} {mark}"
    brightpearl.add_order_note(note.order_id, NewOrderNote(text=text))


def _read(note_id: int, brightpearl: WritesNotes) -> GoodsOutNote:
    return read_notes([note_id], brightpearl).note(note_id)
