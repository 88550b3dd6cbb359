"""A merchant with everything set, two vendors in memory, and the real services between them."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from pydantic import SecretStr
from sqlmodel import Session, SQLModel, col, select

from services.shiphero_push import consumer as shiphero_push
from services.shiphero_push.settings import ShipHeroPushSettings
from services.shipment_return import consumer as shipment_return
from services.shipment_return.settings import ShipmentReturnSettings
from shared.accounts import MAPPED, NOT_SENT, UNDECIDED
from shared.alerts import Cause, raise_alert
from shared.clock import Pace
from shared.configuring.change import SettingsChange
from shared.configuring.effect import Effect
from shared.configuring.saving import Saved, effect_of, save
from shared.connecting.stored import locked, usable
from shared.connecting.trouble import mark_broken, mend
from shared.db.account_tables import (
    Account,
    ShippingMethodMapping,
    VendorConnection,
    WarehouseMapping,
)
from shared.db.engine import reading_session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import AuditEntry
from shared.db.vendor_tables import Alert, ShipHeroProduct, ShipHeroWarehouse
from shared.events import ROUTES, SHIPMENT_SUSPECTED, Event, Queue
from shared.messaging.delivery import Delivery, DeliverySettings, Handler
from shared.messaging.result import Result
from shared.process import ConsumerParts
from shared.secrets import SecretBox, new_key
from shared.vendors.brightpearl.models import GoodsOutNote, NoteShipping
from tests.builders import a_goods_out_note, a_sales_order
from tests.fakes.broker import FakeConsumer
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.integration.delivery.desk import message_about
from tests.integration.journal.books import MORNING, Books

if TYPE_CHECKING:
    from shared.connections import Connections

ANN = "ann@acme.example"
OTHER_CAUSE = "warehouse_undecided:4"
SERVICES = (
    (Queue.SHIPHERO_PUSH, shiphero_push, ShipHeroPushSettings),
    (Queue.SHIPMENT_RETURN, shipment_return, ShipmentReturnSettings),
)


class InterruptedBrightpearl(FakeBrightpearl):
    """Lets something happen while it is asked for notes; the caller's settings were read before."""

    def __init__(self) -> None:
        super().__init__(a_sales_order())
        self.meanwhile: Callable[[], object] = lambda: None

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Answer after what happens meanwhile, which happens once."""
        happens, self.meanwhile = self.meanwhile, lambda: None
        happens()
        return super().goods_out_notes(ids)


@dataclass
class FakeConnections:
    """Gives the vendors in memory, unless the account's own row says that they may not be used."""

    books: Books
    at_brightpearl: FakeBrightpearl
    at_shiphero: FakeShipHero
    box: SecretBox = field(default_factory=lambda: SecretBox(new_key()))

    def brightpearl(self, account_id: UUID) -> FakeBrightpearl:
        """Give Brightpearl."""
        self._refuse_broken(account_id, "brightpearl")
        return self.at_brightpearl

    def shiphero(self, account_id: UUID) -> FakeShipHero:
        """Give ShipHero."""
        self._refuse_broken(account_id, "shiphero")
        return self.at_shiphero

    def _refuse_broken(self, account_id: UUID, vendor: str) -> None:
        with self.books.open_session() as session:
            usable(session.get(VendorConnection, (account_id, vendor)), vendor)


class Shop:
    """Warehouse 2 is mapped, 3 and 4 undecided, 9 left out; method 5 is mapped, 6 and 7 are not."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.brightpearl = InterruptedBrightpearl()
        self.shiphero = FakeShipHero()
        self.account = books.account
        self._keep(*_rows(self.account))
        books.change_settings(
            order_sync_on=True,
            shipment_sync_on=True,
            go_live_at=MORNING,
            event_owner_contact_id=31,
        )

    def save(self, **fields: Any) -> Saved:
        """Save settings as a person does."""
        with self.books.session() as session:
            change = SettingsChange(**fields)
            return save(session, self.account, change, by=ANN, now=self.books.clock())

    def effect_of(self, **fields: Any) -> Effect:
        """Ask what a change would do."""
        with self.books.open_session() as session:
            change = SettingsChange(**fields)
            return effect_of(session, self.account, change, now=self.books.clock())

    def make_note(self, note_id: int = 501, *, method: int = 5, **fields: Any) -> UUID:
        """Have a note made in Brightpearl and told of; gives the event."""
        shipping = NoteShipping(shipping_method_id=method)
        note = a_goods_out_note(id=note_id, shipping=shipping, **fields)
        self.brightpearl.notes[note_id] = note
        return self.books.announce(str(note_id))

    def make_note_that_waits(self) -> UUID:
        """Have a note made that waits for something no test here decides."""
        return self.make_note(599, warehouse_id=4)

    def ship(self, note_id: int = 501) -> UUID:
        """Have the warehouse ship a note's order, and be told of it; gives the event."""
        self.shiphero.ship(f"SH-GO-acme-{note_id}")
        return self.books.announce(str(note_id), name=SHIPMENT_SUSPECTED)

    def work(self) -> None:
        """Let the services do what is due until nothing is."""
        ours = {queue for queue, _, _ in SERVICES}
        while published := self.books.publish():
            messages = [message_about(row) for row in published if ROUTES[row.name] in ours]
            stop = threading.Event()
            delivery = Delivery(
                consumer=FakeConsumer(),
                queue="both",
                handlers=self._handlers(),
                open_session=self.books.open_session,
                follow=_follow,
                settings=DeliverySettings(),
                worker="one",
                now=self.books.clock,
                pace=Pace(),
                stop=stop,
            )
            delivery.deliver(messages)
            stop.set()
            delivery.run()

    def break_shiphero(self) -> None:
        """Have ShipHero refuse the account's credentials."""
        with self.books.session() as session:
            mark_broken(
                session, self.account, "shiphero", version=None, reason="Refused.", now=MORNING
            )

    def mend_shiphero(self) -> None:
        """Have the person reconnect."""
        with self.books.session() as session:
            row = locked(session, self.account, "shiphero")
            assert row is not None
            mend(session, row, now=self.books.clock())

    def keep_note(self, note_id: int, **fields: Any) -> None:
        """Keep what was known of a note before."""
        given = {"inserted_at": MORNING, **fields}
        self._keep(SyncLogRow(account_id=self.account, note_id=note_id, **given))

    def shown(self, note_id: int = 501) -> SyncLogRow:
        """Read a note's row of the sync log."""
        with self.books.open_session() as session:
            return session.get_one(SyncLogRow, (self.account, note_id))

    def waits_for(self, event_id: UUID) -> str | None:
        """Say what an event waits for."""
        return self.books.row(event_id).hold_cause

    def settings(self) -> Account:
        """Read the account's row."""
        with self.books.open_session() as session:
            return session.get_one(Account, self.account)

    def recorded(self, name: str) -> Sequence[EventRow]:
        """Give the journal's events of a name, by subject."""
        with self.books.open_session() as session:
            found = select(EventRow).where(EventRow.name == name).order_by(EventRow.subject)
            return session.exec(found).all()

    def trail(self) -> Sequence[AuditEntry]:
        """Read what the audit trail says."""
        with self.books.open_session() as session:
            return session.exec(select(AuditEntry)).all()

    def alert_about(self, *causes: Cause) -> None:
        """Have alerts raised."""
        with self.books.session() as session:
            for cause in causes:
                raise_alert(session, cause, sentence="Look.", raised_at=MORNING)

    def open_alerts(self) -> list[str]:
        """Give what open alerts are about."""
        with self.books.open_session() as session:
            still_open = select(Alert).where(col(Alert.ended_at).is_(None))
            return sorted(alert.subject for alert in session.exec(still_open))

    def _keep(self, *rows: SQLModel) -> None:
        with self.books.session() as session:
            session.add_all(rows)

    def _handlers(self) -> dict[str, Handler]:
        found: dict[str, Handler] = {}
        for queue, service, settings in SERVICES:
            made = cast("Mapping[str, Handler]", service.handlers(self._parts(settings)))
            found |= {name: one for name, one in made.items() if ROUTES[name] is queue}
        return found

    def _parts(self, settings: Any) -> ConsumerParts[Any]:
        fakes = FakeConnections(self.books, self.brightpearl, self.shiphero)
        given = settings(database_url="", broker_url="", secret_keys=SecretStr("none"))
        return ConsumerParts(
            settings=given,
            open_session=self.books.open_session,
            open_reading=reading_session_maker(self.books.engine),
            connections=cast("Connections", fakes),
            now=self.books.clock,
            worker="one",
        )


def _follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    for queue, service, _ in SERVICES:
        if ROUTES[event.name] is queue:
            service.follow(session, event, result, now)


def _rows(account_id: UUID) -> list[SQLModel]:
    warehouses = {2: MAPPED, 3: UNDECIDED, 4: UNDECIDED, 9: NOT_SENT}
    methods = {5: "Standard", 6: "", 7: ""}
    rows: list[SQLModel] = [
        WarehouseMapping(
            account_id=account_id,
            brightpearl_warehouse_id=one,
            brightpearl_name=f"Warehouse {one}",
            decision=decision,
            shiphero_warehouse_id="WAREHOUSE-1" if decision == MAPPED else "",
        )
        for one, decision in warehouses.items()
    ]
    rows += [
        ShippingMethodMapping(
            account_id=account_id,
            brightpearl_method_id=one,
            brightpearl_name=f"Method {one}",
            title=title,
        )
        for one, title in methods.items()
    ]
    rows += [
        VendorConnection(
            account_id=account_id,
            vendor=vendor,
            vendor_account=vendor,
            base_url="https://vendor.test",
            kind="oauth",
            credentials="sealed",
            updated_at=MORNING,
        )
        for vendor in ("brightpearl", "shiphero")
    ]
    rows.append(ShipHeroWarehouse(account_id=account_id, warehouse_id="WAREHOUSE-1", name="Main"))
    rows.append(ShipHeroProduct(account_id=account_id, sku="TEA-EARL", fetched_at=MORNING))
    return rows
