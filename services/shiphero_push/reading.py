"""A group's notes and sales orders, read by ID set, and what the sync log shows of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from services.shiphero_push.desk import Desk
from shared.accounts import AccountSettings
from shared.notes.correcting import NONE
from shared.notes.known import NoteFacts
from shared.outcome import Skipped
from shared.pushing.corrections import Corrected, laid_over
from shared.pushing.judgement import judge
from shared.pushing.skus import skus_of, with_skus
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder


@dataclass(frozen=True, kw_only=True)
class ReadNote:
    """One note with its sales order as they are sent; None where Brightpearl did not show it.

    `is_erased` says that a person's corrections of it are gone, `is_unreadable` that no key of
    ours opens them.
    """

    note: GoodsOutNote | None = None
    order: SalesOrder | None = None
    is_erased: bool = False
    is_unreadable: bool = False


@dataclass(frozen=True, kw_only=True)
class Read:
    """What Brightpearl showed: notes by their ids, sales orders by theirs.

    `corrected` are notes of which a person put something right, `erased` and `unreadable` those
    whose corrections are not to be had.
    """

    notes: Mapping[int, GoodsOutNote]
    orders: Mapping[int, SalesOrder]
    corrected: Mapping[int, Corrected] = field(default_factory=dict)
    erased: frozenset[int] = frozenset()
    unreadable: frozenset[int] = frozenset()

    def of(self, note_id: int) -> ReadNote:
        """Give one note, with what stands of its corrections laid over it."""
        note = self.notes.get(note_id)
        order = self.orders.get(note.order_id) if note else None
        if found := self.corrected.get(note_id):
            note, order = found.note, found.order
        return ReadNote(
            note=note,
            order=order,
            is_erased=note_id in self.erased,
            is_unreadable=note_id in self.unreadable,
        )


def read_notes(note_ids: Collection[int], *, desk: Desk) -> Read:
    """Read notes with their sales orders, and keep what the sync log shows of them."""
    notes = desk.brightpearl.goods_out_notes(note_ids) if note_ids else {}
    order_ids = {note.order_id for note in notes.values() if note.order_id}
    ours = [note for note in notes.values() if not _is_left_out(note, desk.settings)]
    orders = with_skus(desk.sales_orders(order_ids), ours, desk=desk)
    desk.notes.describe(_facts(notes, orders, desk))
    return _with_corrections(Read(notes=notes, orders=orders), desk=desk)


def _with_corrections(read: Read, *, desk: Desk) -> Read:
    """Lay what people put right over what was read, and keep what gave way to Brightpearl."""
    kept = desk.corrections.of(read.notes.keys())
    corrected = {
        note_id: laid_over(
            note, read.orders.get(note.order_id), kept[note_id].corrections, desk.settings
        )
        for note_id, note in read.notes.items()
        if kept.get(note_id, NONE).corrections
    }
    gave_way = {note_id: one.given_way for note_id, one in corrected.items() if one.given_way}
    desk.corrections.give_way(gave_way)
    return Read(
        notes=read.notes,
        orders=read.orders,
        corrected=corrected,
        erased=frozenset(note_id for note_id, one in kept.items() if one.is_erased),
        unreadable=frozenset(note_id for note_id, one in kept.items() if one.is_unreadable),
    )


def _is_left_out(note: GoodsOutNote, settings: AccountSettings) -> bool:
    return isinstance(judge(note, settings), Skipped)


def _facts(
    notes: Mapping[int, GoodsOutNote], orders: Mapping[int, SalesOrder], desk: Desk
) -> dict[int, NoteFacts]:
    """Say what is known now; a sales order that was not read leaves what was known before."""
    return {
        note.id: _facts_of(note, orders.get(note.order_id), desk)
        for note in notes.values()
        if not note.order_id or note.order_id in orders
    }


def _facts_of(note: GoodsOutNote, order: SalesOrder | None, desk: Desk) -> NoteFacts:
    settings = desk.settings
    method = settings.methods.get(note.shipping.shipping_method_id)
    return NoteFacts(
        order_id=note.order_id,
        sequence=note.sequence,
        customer_reference=order.reference if order else "",
        total=order.total_value.total if order else None,
        currency=order.currency.order_currency_code if order else "",
        warehouse_id=note.warehouse_id,
        brightpearl_method=method.name if method else "",
        channel=settings.channels.get(order.channel_id, "") if order else "",
        skus=skus_of(note, order) if order else frozenset(),
        persons=desk.persons.kept(settings.id, *_people(order)) if order else frozenset(),
    )


def _people(order: SalesOrder) -> Iterator[str]:
    """Give by whom the order may be asked for: whoever bought, receives or pays."""
    for party in (order.parties.customer, order.parties.delivery, order.parties.billing):
        yield from (party.email, party.address_full_name, party.company_name)
