"""A Brightpearl in memory, with the client's own signatures and the note's own rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from shared.errors import GoodsoutError, Permanent, UnknownOutcome
from shared.vendors.brightpearl.account_models import (
    AccountConfiguration,
    Channel,
    NewWebhook,
    Product,
    ShippingMethod,
    StaffContact,
    Warehouse,
    Webhook,
)
from shared.vendors.brightpearl.faults import AlreadyThere, NoteGone, VersionMoved
from shared.vendors.brightpearl.models import (
    GoodsOutNote,
    NoteDetails,
    NoteEvent,
    NoteShipment,
    NoteShipping,
    ShipResult,
    ShipState,
)
from shared.vendors.brightpearl.order_models import NewOrderNote, OrderNote, SalesOrder
from shared.vendors.brightpearl.shipping import NOTES_AT_ONCE
from tests.fakes.brightpearl_lists import StandingLists
from tests.fakes.brightpearl_search import FakeSearch

T = TypeVar("T")
# Whose events may be subscribed to; contact's may not (contract §12).
RESOURCES = frozenset(
    {"goods-out-note", "drop-ship-note", "goods-in-note", "order", "sales-order", "product",
     "quarantine-release"}
)  # fmt: skip


class Remark(OrderNote):
    """A remark with its order, which Brightpearl does not tell (contract §8)."""

    order_id: int


class FakeBrightpearl(FakeSearch):
    """Holds what it is given and keeps what is written.

    `fails_with` is raised by every call before anything happens, `fails_on` by the call it names;
    with `loses_answers` a single write happens and then raises UnknownOutcome. `calls` names every
    call in order.
    """

    def __init__(self, *things: GoodsOutNote | SalesOrder | Product) -> None:
        self.notes = {one.id: one for one in things if isinstance(one, GoodsOutNote)}
        self.orders = {one.id: one for one in things if isinstance(one, SalesOrder)}
        self.stocked = {one.id: one for one in things if isinstance(one, Product)}
        self.remarks: list[Remark] = []
        self.hooks: dict[int, Webhook] = {}
        self.lists = StandingLists()
        self.fails_with: GoodsoutError | None = None
        self.fails_on: dict[str, GoodsoutError] = {}
        self.loses_answers = False
        self.calls: list[str] = []
        self._ids = count(9001)

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Hand out the notes that are there."""
        self._called("goods_out_notes")
        return {one: self.notes[one] for one in sorted(set(ids)) if one in self.notes}

    def goods_out_notes_of_order(self, order_id: int) -> Mapping[int, GoodsOutNote]:
        """Hand out an order's notes."""
        self._called("goods_out_notes_of_order")
        return {key: note for key, note in self.notes.items() if note.order_id == order_id}

    def write_details(self, note_id: int, details: NoteDetails) -> None:
        """Keep what is given and what the note had."""
        self._called("write_details")
        self._write(note_id, details)

    def add_shipped_event(
        self, note_id: int, *, occurred: datetime, event_owner_id: int, if_match: int | None
    ) -> None:
        """Ship the note once."""
        self._called("add_shipped_event")
        note = self._open(note_id)
        if if_match is not None and if_match != note.last_event_version:
            raise VersionMoved(f"note {note_id} is at version {note.last_event_version}")
        self._ship(note_id, occurred, event_owner_id)
        self._perhaps_lose("add_shipped_event")

    def ship_notes(self, shipments: Sequence[NoteShipment]) -> Mapping[int, ShipResult]:
        """Ship until one is refused; the rest stay unprocessed."""
        self._called("ship_notes")
        if len({one.note_id for one in shipments}) != len(shipments):
            raise ValueError("a note may stand in a batch only once")
        if not 1 <= len(shipments) <= NOTES_AT_ONCE:
            raise ValueError(f"ship one to {NOTES_AT_ONCE} notes at once, not {len(shipments)}")
        results: dict[int, ShipResult] = {}
        stopped = False
        for one in shipments:
            state, error = ShipState.UNPROCESSED, None
            if not stopped:
                state, error = self._ship_one(one)
                stopped = error is not None
            results[one.note_id] = ShipResult(note_id=one.note_id, state=state, error=error)
        self._perhaps_lose("ship_notes")
        return results

    def sales_orders(
        self, ids: Iterable[int], *, custom_fields: bool = False
    ) -> Mapping[int, SalesOrder]:
        """Hand out the orders that are there, their custom fields only where asked for."""
        self._called("sales_orders")
        found = {one: self.orders[one] for one in sorted(set(ids)) if one in self.orders}
        if custom_fields:
            return found
        return {one: given.model_copy(update={"custom_fields": {}}) for one, given in found.items()}

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Hand out the products that are there."""
        self._called("products")
        return {one: self.stocked[one] for one in sorted(set(ids)) if one in self.stocked}

    def order_notes(self, order_id: int) -> tuple[OrderNote, ...]:
        """Hand out an order's remarks."""
        self._called("order_notes")
        return tuple(one for one in self.remarks if one.order_id == order_id)

    def add_order_note(self, order_id: int, new: NewOrderNote) -> int:
        """Keep a remark, and another one when asked twice."""
        self._called("add_order_note")
        note_id = next(self._ids)
        self.remarks.append(
            Remark(note_id=note_id, order_id=order_id, text=new.text, is_public=new.is_public)
        )
        self._perhaps_lose("add_order_note")
        return note_id

    def staff_contacts(self) -> tuple[StaffContact, ...]:
        """Hand out `lists.staff`."""
        return self._listed("staff_contacts", self.lists.staff)

    def warehouses(self) -> tuple[Warehouse, ...]:
        """Hand out `lists.warehouses`."""
        return self._listed("warehouses", self.lists.warehouses)

    def shipping_methods(self) -> tuple[ShippingMethod, ...]:
        """Hand out `lists.methods`."""
        return self._listed("shipping_methods", self.lists.methods)

    def channels(self) -> tuple[Channel, ...]:
        """Hand out `lists.channels`."""
        return self._listed("channels", self.lists.channels)

    def account_configuration(self) -> AccountConfiguration:
        """Hand out `lists.configuration`."""
        self._called("account_configuration")
        return self.lists.configuration

    def webhooks(self) -> tuple[Webhook, ...]:
        """Hand out the subscriptions."""
        return self._listed("webhooks", tuple(self.hooks.values()))

    def create_webhook(self, new: NewWebhook) -> int:
        """Keep a subscription, and another one when asked twice."""
        self._called("create_webhook")
        if new.subscribe_to.partition(".")[0] not in RESOURCES:
            raise Permanent(f"{new.subscribe_to} does not exist", code="brightpearl_refused")
        webhook_id = next(self._ids)
        self.hooks[webhook_id] = Webhook(id=webhook_id, **new.model_dump())
        self._perhaps_lose("create_webhook")
        return webhook_id

    def delete_webhook(self, webhook_id: int) -> None:
        """Forget a subscription."""
        self._called("delete_webhook")
        self.hooks.pop(webhook_id, None)

    def _listed(self, operation: str, things: tuple[T, ...]) -> tuple[T, ...]:
        self._called(operation)
        return things

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        error = self.fails_with or self.fails_on.get(operation)
        if error is not None:
            raise error

    def _perhaps_lose(self, operation: str) -> None:
        if self.loses_answers:
            raise UnknownOutcome(f"the answer of {operation} was lost")

    def _open(self, note_id: int) -> GoodsOutNote:
        if note_id not in self.notes:
            raise NoteGone(f"note {note_id} is not there")
        if self.notes[note_id].shipped:
            raise AlreadyThere(f"note {note_id}: it has been shipped.")
        return self.notes[note_id]

    def _write(self, note_id: int, details: NoteDetails) -> None:
        note = self._open(note_id)
        given = details.shipping.model_dump(exclude_none=True)
        shipping = NoteShipping(**{**note.shipping.model_dump(), **given})
        self.notes[note_id] = note.model_copy(
            update={"priority": details.priority, "shipping": shipping}
        )

    def _ship(self, note_id: int, occurred: datetime, event_owner_id: int) -> None:
        note = self._open(note_id)
        event = NoteEvent(event_code="SHW", occurred=occurred, event_owner_id=event_owner_id)
        status = note.status.model_copy(
            update={
                "shipped": True,
                "packed": True,
                "picked": True,
                "printed": True,
                "shipped_on": occurred.astimezone(UTC),
            }
        )
        self.notes[note_id] = note.model_copy(
            update={
                "status": status,
                "events": (*note.events, event),
                "last_event_version": (note.last_event_version or 0) + 1,
            }
        )

    def _ship_one(self, one: NoteShipment) -> tuple[ShipState, GoodsoutError | None]:
        steps: tuple[Callable[[], None], ...] = (
            lambda: self._write(one.note_id, one.details),
            lambda: self._ship(one.note_id, one.occurred, one.event_owner_id),
        )
        try:
            for step in steps:
                step()
        except GoodsoutError as error:
            return ShipState.REFUSED, error
        return ShipState.SHIPPED, None
