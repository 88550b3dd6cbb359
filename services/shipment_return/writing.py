"""Ship one note by itself: tracking, what did not fit, the shipped event at its own version."""

from collections.abc import Sequence
from dataclasses import replace

from services.shipment_return.desk import Desk
from services.shipment_return.finding import OrdersOfNote
from services.shipment_return.parcels import Parcels
from services.shipment_return.reading import read_notes
from services.shipment_return.records import Returned
from services.shipment_return.remarks import Remark, add_remark
from services.shipment_return.telling import told_of_earlier
from services.shipment_return.transform import numbers_lacking, overflow_of, to_note_details
from shared.accounts import SHIPPED_FIRST, AccountSettings
from shared.errors import GoodsoutError, Transient
from shared.notes.store import NoteLease
from shared.outcome import Delivered, Outcome, Skipped
from shared.vendors.brightpearl.faults import ReadAgain
from shared.vendors.brightpearl.models import GoodsOutNote

# A look at an order that has not shipped at all: nothing to say to the merchant.
NOTHING_SHIPPED = "nothing_shipped"


def not_yet(parcels: Parcels, settings: AccountSettings) -> Skipped | None:
    """Say why the note is not to be shipped yet; None when enough has left."""
    if not parcels.boxes:
        return Skipped(code=NOTHING_SHIPPED, reason="ShipHero has not shipped it yet.")
    if parcels.complete or settings.shipped_when == SHIPPED_FIRST:
        return None
    return Skipped(
        code="waiting_for_rest",
        reason=f"{parcels.shipped} of {parcels.ordered} pieces have shipped; the note is "
        "marked as shipped with the last one.",
        settings_version=settings.version,
    )


def ship_alone(
    lease: NoteLease, note: GoodsOutNote, orders: OrdersOfNote, *, desk: Desk
) -> Outcome:
    """Write tracking first: a shipped note takes no further change (contract §7).

    What did not fit goes before the shipped event too: after it, nothing would bring us back here.
    The lease is renewed before each write, so that a slow vendor lets nobody else in.
    """
    owner, parcels = desk.settings.event_owner_contact_id, orders.parcels
    assert owner is not None
    details = to_note_details(note, parcels, weight_unit=desk.settings.weight_unit)
    try:
        lease.renew()
        desk.brightpearl.write_details(note.id, details)
        tell_numbers(lease, note, overflow_of(parcels), desk=desk)
        version = _read(note.id, desk).last_event_version
        lease.renew()
        desk.brightpearl.add_shipped_event(
            note.id,
            occurred=parcels.last_shipped_at or desk.now(),
            event_owner_id=owner,
            if_match=version,
        )
    except ReadAgain as refusal:
        return _compare(lease, orders, refusal, desk=desk)
    return shipped(lease, _read(note.id, desk), orders, desk=desk)


def shipped_by_another(
    lease: NoteLease, note: GoodsOutNote, orders: OrdersOfNote, *, desk: Desk
) -> Outcome:
    """Put the numbers that a note shipped by hand lacks on its sales order; the rest is done."""
    lacking = numbers_lacking(note.shipping.reference, orders.parcels.tracking)
    tell_numbers(lease, note, lacking, desk=desk)
    outcome = shipped(lease, note, orders, desk=desk)
    if lacking and not note.shipping.reference:
        told = f"Tracking {', '.join(lacking)}, told on the sales order: the note has no number."
        return replace(outcome, summary=told)
    return outcome


def shipped(lease: NoteLease, note: GoodsOutNote, orders: OrdersOfNote, *, desk: Desk) -> Delivered:
    """Keep what the shipped note shows; raises Transient when it does not show as shipped."""
    if not note.shipped:
        raise not_shown(note.id)
    if orders.earlier:
        tell_earlier(lease, note, orders, desk=desk)
    desk.records.returned([as_returned(note, orders)])
    return as_shipped(note)


def as_returned(note: GoodsOutNote, orders: OrdersOfNote) -> Returned:
    """Say what is kept of a shipped note."""
    return Returned(note=note, tally=orders.parcels.tally, order=orders.present)


def as_shipped(note: GoodsOutNote) -> Delivered:
    """Say how a shipped note left."""
    return Delivered(reference=note.number, summary=shipped_words(note.shipping.reference))


def shipped_words(tracking: str) -> str:
    """Say with which tracking a note left."""
    return f"Tracking {tracking}." if tracking else "Without a tracking number."


def keep_lost_numbers(
    lease: NoteLease, note: GoodsOutNote, parcels: Parcels, *, desk: Desk
) -> None:
    """Put numbers on the sales order that a note shipped by another can no longer take (§7b)."""
    lacking = numbers_lacking(note.shipping.reference, parcels.tracking)
    if set(lacking) - set(overflow_of(parcels)):
        tell_numbers(lease, note, lacking, desk=desk)


def tell_numbers(
    lease: NoteLease, note: GoodsOutNote, numbers: Sequence[str], *, desk: Desk
) -> None:
    """Put tracking numbers into a note on the sales order, once; nothing for no numbers."""
    if not numbers or not note.order_id:
        return
    remark = Remark(
        order_id=note.order_id,
        words=f"More tracking numbers of note {note.number}: {', '.join(numbers)}",
        about=f"GO-{note.id}-tracking",
    )

    def is_told(texts: Sequence[str]) -> bool:
        ours = [text for text in texts if remark.mark in text]
        return any(all(number in text for number in numbers) for text in ours)

    add_remark(lease, remark, desk.brightpearl, is_told=is_told)


def tell_earlier(lease: NoteLease, note: GoodsOutNote, orders: OrdersOfNote, *, desk: Desk) -> None:
    """Warn on the sales order that an order left although another had replaced it."""
    if orders.present.shipments or orders.present.canceled or not note.order_id:
        return
    left = orders.earlier[0]
    words = told_of_earlier(left.order_number, orders.present.order_number, note.number)
    remark = Remark(order_id=note.order_id, words=words, about=f"GO-{note.id}-earlier")
    add_remark(lease, remark, desk.brightpearl)


def not_shown(note_id: int) -> Transient:
    """Say that a note was shipped and does not show it."""
    return Transient(f"Note {note_id} does not show as shipped yet.", code="not_shipped_yet")


def _compare(
    lease: NoteLease, orders: OrdersOfNote, refusal: GoodsoutError, *, desk: Desk
) -> Outcome:
    """Read a note that refused a write: shipped is what we want, anything else is tried again."""
    note = _read(lease.note_id, desk)
    if note.shipped:
        keep_lost_numbers(lease, note, orders.parcels, desk=desk)
        return shipped(lease, note, orders, desk=desk)
    raise Transient(f"{refusal} The note is read again.", code="note_moved") from refusal


def _read(note_id: int, desk: Desk) -> GoodsOutNote:
    return read_notes([note_id], desk.brightpearl).note(note_id)
