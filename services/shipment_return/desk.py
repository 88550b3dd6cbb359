"""What one account's shipments are returned with, and what a group tells about one note."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.shipment_return.announcement import Told
from services.shipment_return.records import Records
from shared.accounts import EVENT_OWNER_UNSET, SHIPMENT_SYNC_OFF, AccountSettings
from shared.clock import Now
from shared.events import Event
from shared.notes.store import NoteStore
from shared.outcome import Held
from shared.vendors.brightpearl.models import GoodsOutNote, NoteDetails, NoteShipment, ShipResult
from shared.vendors.brightpearl.order_models import NewOrderNote, OrderNote
from shared.vendors.shiphero.models import ShipHeroOrder


class WritesNotes(Protocol):
    """What this service asks of Brightpearl."""

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Read notes by ID set."""
        ...

    def ship_notes(self, shipments: Sequence[NoteShipment]) -> Mapping[int, ShipResult]:
        """Write tracking and shipped event of up to five notes in one request."""
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
    """What this service asks of ShipHero."""

    def order(self, order_id: str) -> ShipHeroOrder | None:
        """Read one order with its shipments."""
        ...

    def orders_by_key(self, partner_order_id: str) -> tuple[ShipHeroOrder, ...]:
        """Find the orders that bear our key."""
        ...


class RemembersBatches(Protocol):
    """What is known of writing several notes in one request, whichever process tried."""

    def refused(self, event_ids: Iterable[UUID]) -> set[UUID]:
        """Pick the events whose note was refused together with others before."""
        ...

    def give_up(self, reason: str) -> None:
        """Write every note of the account by itself from now on, in a person's sight."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one account's shipments are returned with."""

    settings: AccountSettings
    notes: NoteStore
    records: Records
    brightpearl: WritesNotes
    shiphero: ReadsOrders
    batches: RemembersBatches
    now: Now


@dataclass(frozen=True, kw_only=True)
class Look:
    """All that a group's events tell about one note: one look answers for them."""

    told: Told
    events: tuple[Event, ...]

    @property
    def note_id(self) -> int:
        """The goods-out note to look at."""
        return self.told.key.note_id


def held_by(settings: AccountSettings) -> Held | None:
    """Say which setting keeps every shipment waiting, if one does."""

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
