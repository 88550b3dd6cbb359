"""An account whose webhooks never come: two vendors in memory, a real journal, real handlers."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from services.order_ingest.reconciliation import comparison, missing
from services.order_ingest.reconciliation.books import Books as NoteBooks
from services.order_ingest.reconciliation.desk import Desk, ListsNotes
from services.shipment_return import comparison as of_orders
from services.shipment_return.records import Records
from shared.db.engine import reading_session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.db.portal_tables import Difference
from shared.db.vendor_tables import Alert, MissingNote
from shared.errors import Transient
from shared.events import (
    GOODS_OUT_NOTE_MISSED,
    RECONCILIATION_REQUESTED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    Event,
    Lane,
)
from shared.journal.settle import retry, settle
from shared.messaging.units import Unit
from shared.notes.state import DONE
from shared.outcome import Delivered, Outcome, Parted, Skipped
from shared.watermarks import Compared, compared
from tests.builders import a_goods_out_note
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.integration.journal.books import MORNING, Books

OVERLAP = timedelta(minutes=10)
MAPPED_WAREHOUSE = a_goods_out_note().warehouse_id
OURS = (GOODS_OUT_NOTE_MISSED, RECONCILIATION_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED)


class Merchant:
    """Went live a day before MORNING; `brightpearl` may be replaced by one with trouble."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.went_live = MORNING - timedelta(days=1)
        self.go_live_at: datetime | None = self.went_live
        self.brightpearl: ListsNotes = FakeBrightpearl()
        self.shiphero: of_orders.ListsOrders = FakeShipHero()
        self.open_reading = reading_session_maker(books.engine)
        self.ended: list[Outcome | Transient] = []
        # Called after each event's work and before it is settled: a place to crash at.
        self.before_settling: Callable[[Event], None] = lambda _event: None

    @property
    def at_brightpearl(self) -> FakeBrightpearl:
        """Give the Brightpearl in memory, to play with."""
        assert isinstance(self.brightpearl, FakeBrightpearl)
        return self.brightpearl

    @property
    def at_shiphero(self) -> FakeShipHero:
        """Give the ShipHero in memory, to play with."""
        assert isinstance(self.shiphero, FakeShipHero)
        return self.shiphero

    def make_notes(self, *note_ids: int, **fields: Any) -> None:
        """Have people in Brightpearl make notes."""
        for one in note_ids:
            given = {"created_on": self.books.clock(), **fields}
            self.at_brightpearl.notes[one] = a_goods_out_note(id=one, order_id=one, **given)

    def send(self, *note_ids: int, **fields: Any) -> None:
        """Write into our books that notes became ShipHero orders."""
        given = {"order_stage": DONE, "inserted_at": MORNING - timedelta(hours=2), **fields}
        with self.books.session() as session:
            session.add_all(
                SyncLogRow(account_id=self.books.account, note_id=one, **given) for one in note_ids
            )

    def link(self, note_id: int, order_id: str, generation: int = 1) -> None:
        """Write into our books which order a note became."""
        again = "" if generation == 1 else f".{generation}"
        with self.books.session() as session:
            session.add(
                OrderLink(
                    account_id=self.books.account,
                    note_id=note_id,
                    generation=generation,
                    key=f"GO-acme-{note_id}{again}",
                    order_number=str(note_id),
                    intended_at=MORNING,
                    shiphero_order_id=order_id,
                )
            )

    def compare_notes(self, **payload: Any) -> Sequence[Outcome | Transient]:
        """Ask for a comparison with Brightpearl and let all of it be done; gives how it ended."""
        self.books.announce("acme", name=RECONCILIATION_REQUESTED, payload=payload)
        return self.work()

    def compare_orders(self, **payload: Any) -> Sequence[Outcome | Transient]:
        """Ask for a comparison with ShipHero and let all of it be done."""
        self.books.announce("acme", name=SHIPHERO_RECONCILIATION_REQUESTED, payload=payload)
        return self.work()

    def work(self) -> Sequence[Outcome | Transient]:
        """Do what is due until nothing more is; give how each event ended."""
        before = len(self.ended)
        while self.step():
            pass
        return self.ended[before:]

    def step(self) -> int:
        """Do what is due just now; give how many events that were."""
        due = [one for one in self.books.publish() if self.books.row(one.id).name in OURS]
        events = self.books.claim(due).events if due else ()
        by_name: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            by_name[event.name].append(event)
        for name, some in by_name.items():
            for unit in self._units(name, some):
                self._end(unit)
        return len(events)

    def recorded(self, name: str) -> list[str]:
        """Give the subjects of the journal's events of a name, in order of their keys."""
        with self.books.session() as session:
            of_name = select(EventRow).where(EventRow.name == name).order_by(EventRow.dedupe_key)
            return sorted((row.subject for row in session.exec(of_name)), key=int)

    def lanes(self, name: str) -> set[int]:
        """Give the lanes of a name's events."""
        with self.books.session() as session:
            return {row.lane for row in session.exec(select(EventRow)) if row.name == name}

    def watermarks(self) -> dict[str, Compared]:
        """Give how far each list was compared."""
        with self.books.session() as session:
            return {one.name: one for one in compared(session, self.books.account)}

    def missing_notes(self) -> dict[int, MissingNote]:
        """Give the notes under suspicion."""
        with self.books.session() as session:
            return {row.note_id: row for row in session.exec(select(MissingNote))}

    def differences(self, *, is_open: bool = True) -> list[tuple[str, str]]:
        """Give kind and subject of differences, in order."""
        with self.books.session() as session:
            rows = session.exec(select(Difference)).all()
            found = [row for row in rows if (row.ended_at is None) is is_open]
            return sorted((row.kind, row.subject) for row in found)

    def alerts(self, *, is_open: bool) -> list[str]:
        """Give the sentences of alerts."""
        with self.books.session() as session:
            rows = session.exec(select(Alert)).all()
            return [row.sentence for row in rows if (row.ended_at is None) is is_open]

    def _units(self, name: str, events: Sequence[Event]) -> list[Unit]:
        if name == GOODS_OUT_NOTE_MISSED:
            return list(missing.look_for_missed(events, desk_of=self._desk))
        if name == RECONCILIATION_REQUESTED:
            return list(comparison.reconcile(events, desk_of=self._desk))
        return list(of_orders.compare_orders(events, desk_of=self._order_desk))

    def _end(self, unit: Unit) -> None:
        came: Outcome | Transient
        try:
            ended = unit.run()
            assert not isinstance(ended, Parted)
            came = ended
        except Transient as error:
            came = error
        for event in unit.events:
            self.before_settling(event)
            self._settle(event, came)
        self.ended.append(came)

    def _settle(self, event: Event, came: Outcome | Transient) -> None:
        now = self.books.clock()
        with self.books.session() as session:
            if isinstance(came, Delivered | Skipped):
                settle(session, event, came, now=now)
            else:
                later = now + timedelta(minutes=1)
                retry(session, event, due_at=later, counts=True, code="x", reason="", now=now)

    def _desk(self, event: Event) -> Desk:
        return Desk(
            code="acme",
            go_live_at=self.go_live_at,
            brightpearl=self.brightpearl,
            books=NoteBooks(self.open_reading, event.account_id, self.books.clock),
            overlap=OVERLAP,
            now=self.books.clock,
            mapped_warehouses=frozenset({MAPPED_WAREHOUSE}),
        )

    def _order_desk(self, event: Event) -> of_orders.Desk:
        records = Records(
            self.books.open_session, self.open_reading, event.account_id, now=self.books.clock
        )
        return of_orders.Desk(
            code="acme",
            go_live_at=self.go_live_at,
            shiphero=self.shiphero,
            records=records,
            open_reading=self.open_reading,
            overlap=OVERLAP,
            now=self.books.clock,
        )


BACKFILL = {int(Lane.BACKFILL)}
