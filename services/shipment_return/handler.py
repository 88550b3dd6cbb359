"""ShipHero shipped or cancelled one of our orders: have Brightpearl say so.

Several notes are written together, five in one request; a note alone, or one that was refused
among others before, goes by itself. What needs no look at the note is seen by itself too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from services.shipment_return.announcement import Told, read_announcement
from services.shipment_return.batch import return_together
from services.shipment_return.desk import Desk, Look, held_by
from services.shipment_return.finding import find_orders
from services.shipment_return.reading import NotesRead, read_notes
from services.shipment_return.seeing import needs_no_note, see_order, seen_without_note
from services.shipment_return.writing import not_yet, ship_alone, shipped_by_another
from shared.errors import Permanent
from shared.events import Event
from shared.messaging.units import Unit
from shared.outcome import Busy, Outcome

# A note that failed this often, for whatever reason, is no longer written among others.
FAILURES_TOGETHER = 3


def return_shipments(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Make one unit of the notes that go together, and one of each other note and webhook."""
    units: list[Unit] = []
    about: dict[tuple[int, bool], list[tuple[Told, Event]]] = defaultdict(list)
    for event in events:
        try:
            told = read_announcement(event, account_code=desk.settings.code)
        except Permanent as unreadable:
            units.append(Unit(events=(event,), run=partial(_raise, unreadable), quick=True))
            continue
        if isinstance(told, Told):
            # A cancellation is told also while shipments are held.
            about[told.key.note_id, told.is_cancel].append((told, event))
        else:
            units.append(Unit(events=(event,), run=partial(_answer, told), quick=True))
    return units + _units([_look(those) for those in about.values()], desk=desk)


def return_one(look: Look, read: NotesRead, *, desk: Desk) -> Outcome:
    """Read the order, wait for every line, then write tracking and ship. Safe to run twice."""
    with desk.notes.leased(look.note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {look.note_id}.")
        note = read.note(look.note_id)
        known = desk.records.known([note.id])[note.id]
        orders = find_orders(look.told, known, desk.shiphero)
        if note.shipped and known.told is None:
            return shipped_by_another(lease, note, orders, desk=desk)
        if (seen := seen_without_note(lease, look, known, orders, desk=desk)) is not None:
            return seen
        waits = not_yet(orders.parcels, desk.settings)
        return waits or ship_alone(lease, note, orders, desk=desk)


def _units(looks: Sequence[Look], *, desk: Desk) -> list[Unit]:
    known = desk.records.known([look.note_id for look in looks])
    held = held_by(desk.settings)
    units: list[Unit] = []
    open_looks = []
    for look in looks:
        if held is not None and not look.told.is_cancel:
            units.append(Unit(events=look.events, run=partial(_answer, held), quick=True))
        elif needs_no_note(look, known[look.note_id]):
            units.append(Unit(events=look.events, run=partial(see_order, look, desk=desk)))
        else:
            open_looks.append(look)
    return units + _writing(open_looks, desk=desk)


def _writing(looks: Sequence[Look], *, desk: Desk) -> list[Unit]:
    """Make the units of notes that are to be shipped, or may be."""
    together = _going_together(looks, desk=desk)
    others = {look.note_id for look in looks} - {look.note_id for look in together}
    apart = [look for look in looks if look.note_id in others]
    units: list[Unit] = []
    if together:
        events = tuple(event for look in together for event in look.events)
        units.append(Unit(events=events, run=partial(return_together, together, desk=desk)))
    if apart:
        read = read_notes([look.note_id for look in apart], desk.brightpearl)
        units += [
            Unit(events=look.events, run=partial(return_one, look, read, desk=desk))
            for look in apart
        ]
    return units


def _going_together(looks: Sequence[Look], *, desk: Desk) -> Sequence[Look]:
    """Pick the notes that are written in common requests: none, or at least two."""
    if not desk.settings.batch_writes or len(looks) <= 1:
        return ()
    refused = desk.batches.refused(event.id for look in looks for event in look.events)
    fit = [look for look in looks if not any(_goes_alone(one, refused) for one in look.events)]
    return fit if len(fit) > 1 else ()


def _goes_alone(event: Event, refused: Collection[object]) -> bool:
    return event.id in refused or event.failures >= FAILURES_TOGETHER


def _look(those: Sequence[tuple[Told, Event]]) -> Look:
    """Make one look of all that was told about a note; a body that names the order is worth more.

    The key of a deliberate re-create is the newer one.
    """
    told = max((told for told, _ in those), key=lambda one: (one.key.generation, one.order_id))
    return Look(told=told, events=tuple(event for _, event in those))


def _raise(error: Permanent) -> Outcome:
    raise error


def _answer(outcome: Outcome) -> Outcome:
    return outcome
