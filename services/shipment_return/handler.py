"""ShipHero shipped one of our orders: put tracking and a shipped event on the goods-out note."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from services.shipment_return.announcement import Told, read_announcement
from services.shipment_return.transform import (
    Parcels,
    parcels_of,
    to_note_details,
    tracking_reference,
)
from shared.accounts import EVENT_OWNER_UNSET, SHIPMENT_SYNC_OFF, AccountSettings
from shared.clock import Now
from shared.errors import GoodsoutError, Permanent, Transient
from shared.events import Event
from shared.messaging.delivery import Unit
from shared.notes.store import NoteLease, NoteStore
from shared.outcome import Busy, Delivered, Held, Outcome, Skipped
from shared.vendors.brightpearl.faults import ReadAgain
from shared.vendors.brightpearl.models import GoodsOutNote, NoteDetails
from shared.vendors.brightpearl.order_models import NewOrderNote, OrderNote
from shared.vendors.shiphero.models import ShipHeroOrder

# A look at an order that has not shipped at all: nothing to say to the merchant.
NOTHING_SHIPPED = "nothing_shipped"


class WritesNotes(Protocol):
    """What this handler asks of Brightpearl."""

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Read notes by ID set."""
        ...

    def write_details(self, note_id: int, details: NoteDetails) -> None:
        """Write tracking onto a note not shipped yet."""
        ...

    def add_shipped_event(
        self, note_id: int, *, occurred: datetime, event_owner_id: int, if_match: int | None
    ) -> None:
        """Say that the note left the warehouse."""
        ...

    def order_notes(self, order_id: int) -> tuple[OrderNote, ...]:
        """Read a sales order's notes."""
        ...

    def add_order_note(self, order_id: int, new: NewOrderNote) -> int:
        """Add a note to a sales order."""
        ...


class ReadsOrders(Protocol):
    """What this handler asks of ShipHero."""

    def order(self, order_id: str) -> ShipHeroOrder | None:
        """Read one order with its shipments."""
        ...

    def orders_by_key(self, partner_order_id: str) -> tuple[ShipHeroOrder, ...]:
        """Find the orders that bear our key."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one account's shipments are returned with."""

    settings: AccountSettings
    notes: NoteStore
    brightpearl: WritesNotes
    shiphero: ReadsOrders
    now: Now


def return_shipments(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Read the group's notes by ID set; one unit for each note, one for each other webhook."""
    units: list[Unit] = []
    about: dict[Told, list[Event]] = defaultdict(list)
    for event in events:
        try:
            told = read_announcement(event, account_code=desk.settings.code)
        except Permanent as unreadable:
            units.append(Unit(events=(event,), run=partial(_raise, unreadable)))
            continue
        if isinstance(told, Skipped):
            units.append(Unit(events=(event,), run=partial(_answer, told)))
        else:
            about[told].append(event)
    notes = desk.brightpearl.goods_out_notes({told.key.note_id for told in about}) if about else {}
    units += [
        Unit(
            events=tuple(those),
            run=partial(return_one, told, notes.get(told.key.note_id), desk=desk),
        )
        for told, those in about.items()
    ]
    return units


def return_one(told: Told, note: GoodsOutNote | None, *, desk: Desk) -> Outcome:
    """Read the order, wait for every line, then write tracking and ship. Safe to run twice."""
    if (held := _held(desk.settings)) is not None:
        return held
    with desk.notes.leased(told.key.note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {told.key.note_id}.")
        if note is None:
            raise Transient(
                f"Brightpearl does not show note {told.key.note_id}.", code="note_not_found"
            )
        parcels = parcels_of(_order(told, desk.shiphero))
        if note.shipped:
            return _shipped(note, desk=desk)
        if not parcels.shipped:
            return Skipped(code=NOTHING_SHIPPED, reason="ShipHero has not shipped it yet.")
        if not parcels.complete:
            return Skipped(
                code="waiting_for_rest",
                reason=f"{parcels.shipped} of {parcels.ordered} pieces have shipped; the note is "
                "marked as shipped with the last one.",
            )
        return _ship(lease, note, parcels, desk=desk)


def _ship(lease: NoteLease, note: GoodsOutNote, parcels: Parcels, *, desk: Desk) -> Outcome:
    """Write tracking first: a shipped note takes no further change (contract §7).

    What did not fit goes before the shipped event too: after it, nothing would bring us back here.
    The lease is renewed before each write, so that a slow vendor lets nobody else in.
    """
    owner = desk.settings.event_owner_contact_id
    assert owner is not None
    try:
        lease.renew()
        desk.brightpearl.write_details(note.id, to_note_details(note, parcels))
        _write_overflow(lease, note, parcels, desk.brightpearl)
        version = _read(note.id, desk.brightpearl).last_event_version
        lease.renew()
        desk.brightpearl.add_shipped_event(
            note.id,
            occurred=parcels.last_shipped_at or desk.now(),
            event_owner_id=owner,
            if_match=version,
        )
    except ReadAgain as refusal:
        return _compare(note.id, refusal, desk=desk)
    return _shipped(_read(note.id, desk.brightpearl), desk=desk)


def _compare(note_id: int, refusal: GoodsoutError, *, desk: Desk) -> Outcome:
    """Read a note that refused a write: shipped is what we want, anything else is tried again."""
    note = _read(note_id, desk.brightpearl)
    if note.shipped:
        return _shipped(note, desk=desk)
    raise Transient(f"{refusal} The note is read again.", code="note_moved") from refusal


def _shipped(note: GoodsOutNote, *, desk: Desk) -> Outcome:
    if not note.shipped:
        raise Transient(f"Note {note.id} does not show as shipped yet.", code="not_shipped_yet")
    desk.notes.shipped(note.id, tracking=note.shipping.reference)
    tracking = note.shipping.reference
    summary = f"Tracking {tracking}." if tracking else "Without a tracking number."
    return Delivered(reference=note.number, summary=summary)


def _write_overflow(
    lease: NoteLease, note: GoodsOutNote, parcels: Parcels, brightpearl: WritesNotes
) -> None:
    """Put tracking numbers that did not fit into a note on the sales order, once."""
    _, rest = tracking_reference(parcels.tracking)
    if not rest or not note.order_id:
        return
    mark = f"[GO-{note.id}-tracking]"
    if any(mark in known.text for known in brightpearl.order_notes(note.order_id)):
        return
    lease.renew()
    text = f"More tracking numbers of note {note.number}: {', '.join(rest)} {mark}"
    brightpearl.add_order_note(note.order_id, NewOrderNote(text=text))


def _order(told: Told, shiphero: ReadsOrders) -> ShipHeroOrder:
    """Read the order from the API: the webhook's body is only a hint."""
    key = str(told.key)
    order = shiphero.order(told.order_id) if told.order_id else None
    if order is None or order.partner_order_id != key:
        order = next((one for one in shiphero.orders_by_key(key) if not one.canceled), None)
    if order is None:
        raise Transient(f"ShipHero does not show order {key}.", code="order_not_found")
    return order


def _read(note_id: int, brightpearl: WritesNotes) -> GoodsOutNote:
    note = brightpearl.goods_out_notes([note_id]).get(note_id)
    if note is None:
        raise Transient(f"Brightpearl does not show note {note_id}.", code="note_not_found")
    return note


def _held(settings: AccountSettings) -> Held | None:
    def held(cause: str, reason: str) -> Held:
        return Held(cause=cause, reason=reason, settings_version=settings.version)

    if not settings.shipment_sync_on:
        return held(SHIPMENT_SYNC_OFF, "Shipment sync is off.")
    if settings.event_owner_contact_id is None:
        return held(
            EVENT_OWNER_UNSET,
            "No staff contact is chosen in whose name notes are shipped.",
        )
    return None


def _raise(error: Permanent) -> Outcome:
    raise error


def _answer(outcome: Skipped) -> Outcome:
    return outcome
