"""Ship many notes together: one read before, one request for every five notes, one read after.

In a multi-message the shipped event goes without `If-Match` (contract §15). What guards it is the
note's lease, the read just before and the read after, by which alone a note counts as shipped.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from services.shipment_return.calls_by_note import CallsByNote
from services.shipment_return.desk import Desk, Look
from services.shipment_return.dispatch import Dispatch, Ready
from services.shipment_return.finding import Found, OrdersOfNote, find_together
from services.shipment_return.reading import NotesRead, read_notes
from services.shipment_return.records import Known
from services.shipment_return.seeing import seen_without_note
from services.shipment_return.transform import overflow_of, to_note_details
from services.shipment_return.writing import (
    as_returned,
    as_shipped,
    keep_lost_numbers,
    not_shown,
    not_yet,
    ship_alone,
    shipped_by_another,
)
from shared.errors import GoodsoutError
from shared.notes.store import NoteLease
from shared.outcome import Busy, Outcome, Parted
from shared.vendors.brightpearl.models import GoodsOutNote, NoteShipment

# Nothing of a stage is begun later than this, so that slow vendors outlast neither lease nor claim.
READ_WITHIN = timedelta(seconds=30)
SENT_WITHIN = timedelta(seconds=45)
LATER = Busy(reason="The vendors were slow; the note has its turn later.")

End = Outcome | Exception
# A note that is to be shipped by single calls, because there is more to tell than fits on it.
Overfull = tuple[NoteLease, GoodsOutNote, OrdersOfNote]


def return_together(looks: Sequence[Look], *, desk: Desk) -> Parted:
    """Lease and read the notes, write them by fives, read them again. Safe to run twice.

    Each note has an end of its own. Raises what the first read met: nothing was written then.
    """
    with desk.notes.leased_together([look.note_id for look in looks]) as leases:
        batch = _Batch(desk, leases)
        batch.ends |= {look.note_id: _busy(look) for look in looks if look.note_id not in leases}
        batch.sort([look for look in looks if look.note_id in leases])
        batch.ship()
        batch.settle()
    note_of = {event.id: look.note_id for look in looks for event in look.events}
    return Parted(
        ends={event_id: batch.ends[note_id] for event_id, note_id in note_of.items()},
        calls={event_id: batch.calls.of(note_id) for event_id, note_id in note_of.items()},
    )


def _busy(look: Look) -> Busy:
    return Busy(reason=f"Another delivery works on note {look.note_id}.")


class _Batch:
    """The leased notes of one unit, from first read to end; `ends` grows until it has them all."""

    def __init__(self, desk: Desk, leases: Mapping[int, NoteLease]) -> None:
        self._desk = desk
        self._leases = leases
        self.calls = CallsByNote()
        self._dispatch = Dispatch(desk, self.calls)
        self._overfull: list[Overfull] = []
        self.ends: dict[int, End] = {}

    def sort(self, looks: Sequence[Look]) -> None:
        """Read notes and orders, and pick what is to be shipped; the others have their end."""
        with self.calls.made_for(self._leases.keys()):
            read = read_notes(self._leases.keys(), self._desk.brightpearl)
        known = self._desk.records.known(list(self._leases))
        orders = find_together(
            [(look, known[look.note_id]) for look in looks if look.note_id in read.notes],
            self._desk.shiphero,
            in_time=self._watch(READ_WITHIN),
            calls=self.calls,
        )
        for look in looks:
            try:
                with self.calls.made_for([look.note_id]):
                    end = self._judge(look, read, known[look.note_id], orders)
            # What a vendor's model refuses to hold is a ValueError, and this note's alone.
            except (GoodsoutError, ValueError) as error:
                end = error
            if end is not None:
                self.ends[look.note_id] = end

    def ship(self) -> None:
        """Send by fives, then those that need calls of their own."""
        in_time = self._watch(SENT_WITHIN)
        self._dispatch.send(in_time=in_time)
        for lease, note, orders in self._overfull:
            end: End
            try:
                with self.calls.made_for([note.id]):
                    end = ship_alone(lease, note, orders, desk=self._desk) if in_time() else LATER
            except GoodsoutError as error:
                end = error
            self.ends[note.id] = end

    def settle(self) -> None:
        """Read what was sent, all at once: a note ends as it shows, else as its part was told."""
        self.ends |= self._dispatch.unsent
        sent = self._dispatch.sent
        try:
            with self.calls.made_for(sent.keys()):
                read = read_notes(sent.keys(), self._desk.brightpearl)
        except GoodsoutError as error:
            # Those told as shipped are looked at again before anything is written.
            self.ends |= {note_id: part or error for note_id, (_, part) in sent.items()}
            return
        is_shipped = {note.id: note for note in read.notes.values() if note.shipped}
        self._keep_lost_numbers(is_shipped)
        self._desk.records.returned(
            [as_returned(note, sent[one][0].orders) for one, note in is_shipped.items()]
        )
        for note_id, (_, part) in sent.items():
            if note_id in is_shipped:
                self.ends.setdefault(note_id, as_shipped(is_shipped[note_id]))
            else:
                shown = read.unreadable.get(note_id) or not_shown(note_id)
                self.ends[note_id] = part or shown

    def _keep_lost_numbers(self, is_shipped: Mapping[int, GoodsOutNote]) -> None:
        for note_id, note in is_shipped.items():
            ready, _ = self._dispatch.sent[note_id]
            try:
                with self.calls.made_for([note_id]):
                    parcels = ready.orders.parcels
                    keep_lost_numbers(ready.lease, note, parcels, desk=self._desk)
            except GoodsoutError as error:
                self.ends[note_id] = error

    def _judge(
        self, look: Look, read: NotesRead, known: Known, found: Mapping[int, Found]
    ) -> End | None:
        desk, lease, note = self._desk, self._leases[look.note_id], read.note(look.note_id)
        orders = found[note.id]
        if not isinstance(orders, OrdersOfNote):
            return orders or LATER
        if note.shipped and known.told is None:
            return shipped_by_another(lease, note, orders, desk=desk)
        if (seen := seen_without_note(lease, look, known, orders, desk=desk)) is not None:
            return seen
        if (waits := not_yet(orders.parcels, desk.settings)) is not None:
            return waits
        if (overflow_of(orders.parcels) or orders.earlier) and note.order_id:
            self._overfull.append((lease, note, orders))
        else:
            self._dispatch.add(self._ready(lease, note, orders))
        return None

    def _ready(self, lease: NoteLease, note: GoodsOutNote, orders: OrdersOfNote) -> Ready:
        settings, parcels = self._desk.settings, orders.parcels
        assert settings.event_owner_contact_id is not None
        shipment = NoteShipment(
            note_id=note.id,
            details=to_note_details(note, parcels, weight_unit=settings.weight_unit),
            occurred=parcels.last_shipped_at or self._desk.now(),
            event_owner_id=settings.event_owner_contact_id,
        )
        return Ready(lease=lease, orders=orders, shipment=shipment)

    def _watch(self, span: timedelta) -> Callable[[], bool]:
        until = self._desk.now() + span
        return lambda: self._desk.now() <= until
