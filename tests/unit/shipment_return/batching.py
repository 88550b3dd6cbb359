"""Many notes at once: a Brightpearl that refuses, loses and hides, and the group's ends by note."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from services.shipment_return.handler import return_shipments
from shared.errors import GoodsoutError, Transient
from shared.events import Event
from shared.outcome import Outcome, Parted
from shared.vendors.brightpearl.models import (
    GoodsOutNote,
    NoteDetails,
    NoteShipment,
    NoteShipping,
    ShipResult,
)
from tests.builders import a_goods_out_note, a_line_item, a_shiphero_order
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.unit.core.notebook import Notebook, an_event
from tests.unit.shipment_return.returning import Returning, a_shipment_update

END = Outcome | Exception


class TroubledBrightpearl(FakeBrightpearl):
    """Also plays what befalls single notes and whole requests.

    `refuses` has the notes whose details are refused, `unreadable` and `hidden` those that spoil
    an ID set or are left out of it. Each request for several notes takes one of `troubles`: an
    error, and whether the notes were shipped all the same. `sent` has the notes of each request;
    `before` and `after` are called around it.
    """

    def __init__(self, *notes: GoodsOutNote) -> None:
        super().__init__(*notes)
        self.refuses: dict[int, GoodsoutError] = {}
        self.unreadable: set[int] = set()
        self.hidden: set[int] = set()
        self.troubles: deque[tuple[GoodsoutError, bool] | None] = deque()
        self.sent: list[tuple[int, ...]] = []
        self.before: Callable[[], object] = tuple
        self.after: Callable[[], object] = tuple

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Hand out what is neither hidden nor spoils the whole."""
        wanted = set(ids)
        found = super().goods_out_notes(wanted)
        if self.unreadable & wanted:
            raise Transient("a note cannot be read", code="brightpearl_unreadable")
        return {note_id: note for note_id, note in found.items() if note_id not in self.hidden}

    def ship_notes(self, shipments: Sequence[NoteShipment]) -> Mapping[int, ShipResult]:
        """Ship, unless there is trouble."""
        self.before()
        self.sent.append(tuple(one.note_id for one in shipments))
        trouble = self.troubles.popleft() if self.troubles else None
        try:
            if trouble is None or trouble[1]:
                results = super().ship_notes(shipments)
            else:
                self.calls.append("ship_notes")
            if trouble is not None:
                raise trouble[0]
            return results
        finally:
            self.after()

    def _write(self, note_id: int, details: NoteDetails) -> None:
        if note_id in self.refuses:
            raise self.refuses[note_id]
        super()._write(note_id, details)

    @property
    def shipped(self) -> set[int]:
        """The notes that are shipped."""
        return {note.id for note in self.notes.values() if note.shipped}

    def shipped_events(self, note_id: int) -> int:
        """Count how often a note was shipped."""
        return sum(event.event_code == "SHW" for event in self.notes[note_id].events)


class Batching(Returning):
    """Notes 501 and on, each shipped at ShipHero; returns them as one group."""

    def __init__(self, book: Notebook, *, notes: int, parcels: int = 1) -> None:
        super().__init__(book)
        self.note_ids = range(501, 501 + notes)
        self.troubled = TroubledBrightpearl(*map(_note, self.note_ids))
        self.brightpearl = self.troubled  # type: ignore[assignment]  # another kind of fake
        self.shiphero = FakeShipHero()
        for note_id in self.note_ids:
            self.ship(note_id, *(f"1Z-TEST-{note_id}-{parcel}" for parcel in range(parcels)))

    def ship(self, note_id: int, *trackings: str) -> None:
        """Have ShipHero ship a note's order, anew."""
        name = f"SH-{note_id}"
        self.shiphero.orders = [one for one in self.shiphero.orders if one.id != name]
        self.shiphero.orders.append(
            a_shiphero_order(
                id=name, partner_order_id=f"GO-demo-{note_id}", line_items=(a_line_item(),)
            )
        )
        self.shiphero.ship(name, *trackings)

    def events(self, **fields: object) -> list[Event]:
        """Build one webhook a note."""
        told = [
            a_shipment_update(partner_order_id=f"GO-demo-{one}", order_uuid=f"SH-{one}")
            for one in self.note_ids
        ]
        return [an_event(**{**vars(one), **fields}) for one in told]

    def ends(self, *events: Event) -> dict[int, END]:
        """Return the group; how each note ended, an error being an end like any other."""
        group = events or tuple(self.events())
        ends: dict[object, END] = {}
        for unit in return_shipments(group, desk=self.desk):
            try:
                came = unit.run()
            except Exception as error:  # noqa: BLE001 - whatever came of it is what is asked
                ends |= {event.id: error for event in unit.events}
                continue
            parted = came.ends if isinstance(came, Parted) else {}
            ends |= {e.id: parted[e.id] if isinstance(came, Parted) else came for e in unit.events}
        return dict(zip(self.note_ids, (ends[event.id] for event in group), strict=True))

    def kinds(self, *events: Event) -> list[str]:
        """Return the group; the class of each note's end, in the notes' order."""
        return [type(end).__name__ for end in self.ends(*events).values()]


def _note(note_id: int) -> GoodsOutNote:
    return a_goods_out_note(
        id=note_id,
        order_id=4000 + note_id,
        priority=True,
        shipping=NoteShipping(shipping_method_id=5),
    )
