"""A group's notes and sales orders, read by ID set, and what the sync log shows of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from services.shiphero_push.desk import Desk
from shared.accounts import AccountSettings
from shared.notes.known import NoteFacts
from shared.outcome import Skipped
from shared.pushing.judgement import judge
from shared.pushing.skus import skus_of, with_skus
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder


@dataclass(frozen=True, kw_only=True)
class Read:
    """What Brightpearl showed: notes by their ids, sales orders by theirs."""

    notes: Mapping[int, GoodsOutNote]
    orders: Mapping[int, SalesOrder]

    def order_of(self, note: GoodsOutNote) -> SalesOrder | None:
        """Give the note's sales order; None where there is none, or it was not shown."""
        return self.orders.get(note.order_id)


def read_notes(note_ids: Collection[int], *, desk: Desk) -> Read:
    """Read notes with their sales orders, and keep what the sync log shows of them."""
    notes = desk.brightpearl.goods_out_notes(note_ids) if note_ids else {}
    order_ids = {note.order_id for note in notes.values() if note.order_id}
    ours = [note for note in notes.values() if not _is_left_out(note, desk.settings)]
    orders = with_skus(desk.sales_orders(order_ids), ours, desk=desk)
    desk.notes.describe(_facts(notes, orders, desk))
    return Read(notes=notes, orders=orders)


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
