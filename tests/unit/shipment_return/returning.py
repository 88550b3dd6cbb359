"""A desk to return shipments from, with fakes of both vendors."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import select

from services.shipment_return.announcement import Told
from services.shipment_return.desk import Desk
from services.shipment_return.handler import return_shipments
from services.shipment_return.records import Records
from shared.db.note_tables import OrderLink
from shared.db.vendor_tables import Alert
from shared.errors import UnknownOutcome
from shared.events import SHIPMENT_ANNOUNCED, Event
from shared.notes.key import read_key
from shared.notes.progress import row_of
from shared.notes.state import DONE
from shared.outcome import Outcome, Parted
from shared.vendors.brightpearl.models import GoodsOutNote, NoteShipping
from shared.vendors.shiphero.models import LineItem, Shipment
from tests.builders import (
    a_goods_out_note,
    a_line_item,
    a_shiphero_order,
    a_shipment,
    a_shipping_label,
)
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, an_event, settings


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
    def records(self) -> Records:
        """What our own tables say."""
        book = self.book
        return Records(book.open_session, book.open_reading, ACCOUNT, now=lambda: book.now)

    @property
    def desk(self) -> Desk:
        """Everything the handler works with."""
        return Desk(
            settings=self.settings,
            notes=self.book.notes,
            records=self.records,
            brightpearl=self.brightpearl,
            shiphero=self.shiphero,
            batches=self.batches,
            now=lambda: self.book.now,
        )

    def choose(self, **settings: Any) -> None:
        """Change the account's settings."""
        self.settings = replace(self.settings, **settings)

    def mark(self, **fields: Any) -> None:
        """Write into note 501's row of the sync log."""
        with self.book.session() as session:
            row = row_of(session, ACCOUNT, 501, now=NOON)
            for name, value in fields.items():
                setattr(row, name, value)
            session.commit()

    def sent(self, **fields: Any) -> None:
        """Write that note 501 became order SH-501, or what `fields` of the link say."""
        self.mark(order_id=4001, sequence=1, order_stage=DONE)
        given = {
            "account_id": ACCOUNT,
            "note_id": 501,
            "key": "GO-demo-501",
            "order_number": "WEB-4001/1",
            "intended_at": NOON,
            "shiphero_order_id": "SH-501",
        }
        with self.book.session() as session:
            session.merge(OrderLink(**{**given, **fields}))
            session.commit()

    def sent_again(self) -> None:
        """Write that a person had note 501 made again, as order SH-2."""
        self.sent()
        again = {"generation": 2, "key": "GO-demo-501.2", "order_number": "WEB-4001/1-2"}
        self.sent(**again, shiphero_order_id="SH-2")

    def told(self, *, key: str, order_id: str) -> Told:
        """Build what an event tells of an order."""
        read = read_key(key)
        assert read is not None
        return Told(key=read, order_id=order_id)

    def a_line(self, *, quantity: int) -> LineItem:
        """Build the order's only line."""
        return a_line_item(quantity=quantity)

    def a_half(self, shipment_id: str, tracking: str) -> Shipment:
        """Build a shipment of two pieces in one parcel."""
        label = a_shipping_label(tracking_number=tracking)
        return a_shipment(id=shipment_id, shipping_labels=(label,))

    def alerts(self) -> list[Alert]:
        """Read every alert."""
        with self.book.session() as session:
            return list(session.exec(select(Alert)))

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
