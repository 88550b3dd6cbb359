"""A batch through the real delivery: each event's end is written apart, and remembered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event as Stop
from uuid import UUID

import pytest
from sqlmodel import col, select

from services.shipment_return.consumer import follow
from services.shipment_return.handler import return_shipments
from services.shipment_return.memory import BatchMemory
from shared.clock import Pace
from shared.db.journal_tables import AttemptRow, EventRow
from shared.errors import Permanent
from shared.events import SHIPMENT_ANNOUNCED, Event, Queue
from shared.messaging.delivery import Delivery, DeliverySettings
from shared.messaging.envelope import Notice, to_outgoing
from shared.messaging.protocol import Incoming
from shared.messaging.units import Unit
from tests.fakes.broker import FakeConsumer, incoming
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook
from tests.unit.shipment_return.batching import Batching

WRONG = Permanent("Brightpearl refused: a value is wrong", code="brightpearl_refused")


class Delivering:
    """Seven shipped notes, journaled, and a delivery that returns them."""

    def __init__(self, book: Notebook) -> None:
        self.book = book
        self.batching = Batching(book, notes=7)
        # A claim hands events out by id: here in the notes' order.
        for note_id, event in zip(self.batching.note_ids, self.batching.events(), strict=True):
            book.journal(replace(event, id=UUID(int=note_id)))

    def deliver(self) -> None:
        """Deliver every event that is not settled, as one batch."""
        stop = Stop()
        delivery = Delivery(
            consumer=FakeConsumer(),
            queue=Queue.SHIPMENT_RETURN,
            handlers={SHIPMENT_ANNOUNCED: self.handle},
            open_session=self.book.open_session,
            follow=follow,
            settings=DeliverySettings(),
            worker="one",
            now=lambda: self.book.now,
            pace=Pace(),
            stop=stop,
        )
        delivery.deliver([_message(row) for row in self.rows() if row.settled_at is None])
        stop.set()
        delivery.run()

    def handle(self, events: Sequence[Event]) -> Iterable[Unit]:
        """Return the shipments with a memory as processes have it."""
        memory = BatchMemory(self.book.open_session, self.book.open_reading, ACCOUNT)
        return return_shipments(events, desk=replace(self.batching.desk, batches=memory))

    def rows(self) -> list[EventRow]:
        """Read the webhooks' rows."""
        with self.book.session() as session:
            of_ours = select(EventRow).where(EventRow.name == SHIPMENT_ANNOUNCED)
            return list(session.exec(of_ours))

    def ends(self, note_id: int) -> list[tuple[str, str]]:
        """Give result and reason code of each attempt at a note."""
        with self.book.session() as session:
            attempts = select(AttemptRow).where(AttemptRow.event_id == UUID(int=note_id))
            ordered = session.exec(attempts.order_by(col(AttemptRow.number)))
            return [(one.result, one.reason_code) for one in ordered]


@pytest.fixture
def delivering(tmp_path: Path) -> Iterator[Delivering]:
    book = Notebook(tmp_path)
    yield Delivering(book)
    book.engine.dispose()


def test_a_note_refused_among_others_is_tried_alone_and_then_tells_why(
    delivering: Delivering,
) -> None:
    troubled = delivering.batching.troubled
    troubled.refuses[503] = WRONG

    delivering.deliver()
    delivering.deliver()

    assert delivering.ends(503) == [("retry", "refused_in_batch"), ("dead", "brightpearl_refused")]
    assert delivering.ends(504) == [("delivered", "")]
    assert troubled.calls.count("write_details") == 1
    row = delivering.book.row(503)
    assert (row.shipment_stage, row.shipment_reason) == ("failed", str(WRONG))
    assert delivering.book.row(507).shipment_stage == "done"


def test_notes_left_unprocessed_use_no_patience(delivering: Delivering) -> None:
    troubled = delivering.batching.troubled
    troubled.refuses = dict.fromkeys((501, 502, 503), WRONG)
    del troubled.notes[506], troubled.notes[507]

    delivering.deliver()

    assert delivering.ends(505) == [("retry", "busy")]
    failures = {row.id.int: row.failures for row in delivering.rows()}
    assert (failures[501], failures[505]) == (1, 0)


def _message(row: EventRow) -> Incoming:
    notice = Notice(
        event_id=row.id,
        name=row.name,
        subject=row.subject,
        account_id=row.account_id,
        generation=row.generation,
    )
    return incoming(to_outgoing(notice, time=NOON))
