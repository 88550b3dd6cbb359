"""A desk to return shipments from, with fakes of both vendors."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.shipment_return.handler import Desk, return_shipments
from shared.errors import UnknownOutcome
from shared.events import SHIPMENT_ANNOUNCED, Event
from shared.outcome import Outcome, Parted
from shared.vendors.brightpearl.models import GoodsOutNote, NoteShipping
from tests.builders import a_goods_out_note, a_line_item, a_shiphero_order
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.unit.core.notebook import Notebook, an_event, settings


def a_shipment_update(**fields: Any) -> Event:
    """Build the webhook about note 501's shipment; fields are those of `fulfillment`."""
    fulfillment = {"partner_order_id": "GO-demo-501", "order_uuid": "SH-501", **fields}
    return a_webhook({"webhook_type": "Shipment Update", "fulfillment": fulfillment})


def a_webhook(body: object) -> Event:
    """Build a kept webhook; text is kept as it is, anything else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return an_event(name=SHIPMENT_ANNOUNCED, subject="message-1", payload={"body": text})


class RecordingBrightpearl(FakeBrightpearl):
    """Also remembers which version each shipped event named, and may lose that answer."""

    def __init__(self, *things: GoodsOutNote) -> None:
        super().__init__(*things)
        self.if_matches: list[int | None] = []
        self.loses_shipped = False

    def add_shipped_event(self, note_id: int, **given: Any) -> None:
        """Remember the version, then ship."""
        self.if_matches.append(given["if_match"])
        super().add_shipped_event(note_id, **given)
        if self.loses_shipped:
            raise UnknownOutcome("the answer was lost")

    def write_details(self, note_id: int, details: Any) -> None:
        """Raise the note's version, as any change does."""
        super().write_details(note_id, details)
        note = self.notes[note_id]
        raised = (note.last_event_version or 0) + 1
        self.notes[note_id] = note.model_copy(update={"last_event_version": raised})


class Experience:
    """What is known of batches, in memory: `refusals` are events, `given_up` why none is sent."""

    def __init__(self) -> None:
        self.refusals: set[UUID] = set()
        self.given_up: list[str] = []

    def refused(self, event_ids: Iterable[UUID]) -> set[UUID]:
        """Pick those that were refused."""
        return self.refusals & set(event_ids)

    def give_up(self, reason: str) -> None:
        """Remember why."""
        self.given_up.append(reason)


class Returning:
    """Returns shipments and gives what came of each."""

    def __init__(self, book: Notebook) -> None:
        """Know note 501 with its order at ShipHero, not shipped yet."""
        self.book = book
        note = a_goods_out_note(priority=True, shipping=NoteShipping(shipping_method_id=5))
        self.brightpearl = RecordingBrightpearl(note)
        self.shiphero = FakeShipHero(a_shiphero_order(line_items=(a_line_item(),)))
        self.settings = settings()
        self.batches = Experience()

    @property
    def note(self) -> GoodsOutNote:
        """The note as Brightpearl has it."""
        return self.brightpearl.notes[501]

    @property
    def desk(self) -> Desk:
        """Everything the handler works with."""
        return Desk(
            settings=self.settings,
            notes=self.book.notes,
            brightpearl=self.brightpearl,
            shiphero=self.shiphero,
            batches=self.batches,
            now=lambda: self.book.now,
        )

    def handle(self, *events: Event) -> list[Outcome]:
        """Handle a group; raises what a unit raises."""
        outcomes: list[Outcome] = []
        for unit in return_shipments(events, desk=self.desk):
            came = unit.run()
            assert not isinstance(came, Parted)
            outcomes.append(came)
        return outcomes

    def one(self, event: Event | None = None) -> Outcome:
        """Handle one webhook."""
        [outcome] = self.handle(event or a_shipment_update())
        return outcome
