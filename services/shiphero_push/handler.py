"""A goods-out note appeared or changed in Brightpearl: have ShipHero ship it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from services.shiphero_push.desk import Desk
from services.shiphero_push.judgement import judge
from services.shiphero_push.skus import with_skus
from services.shiphero_push.transform import NO_METHOD, to_new_order
from shared.accounts import AccountSettings
from shared.errors import Permanent, Transient, UnknownOutcome
from shared.events import Event
from shared.messaging.units import Unit
from shared.notes.key import NoteKey
from shared.notes.known import Link, NoteFacts
from shared.notes.progress import DELETED_AFTER_SENDING
from shared.notes.store import NoteLease
from shared.outcome import Busy, Delivered, Outcome, Skipped
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.models import ShipHeroOrder, ShippingLines
from shared.vendors.shiphero.new_order import NewShippingLines

# A lost create is repeated only after this many empty look-ups (design, "Exactly-once effect").
EMPTY_LOOKUPS = 5


def push_goods_out_notes(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Read the group's notes and sales orders by ID set; one unit for each note.

    Several events about one note become one look. Notes that we shipped ourselves are not read,
    nor are those that became orders: what we write onto a note is announced to us before it ships.
    """
    by_note: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_note[int(event.subject)].append(event)
    echoes = desk.notes.shipped_by_us(set(by_note))
    sent = desk.notes.sent(set(by_note) - echoes)
    deleted = desk.notes.deleted_among(sent)
    unread = set(by_note) - echoes - set(sent)
    notes = desk.brightpearl.goods_out_notes(unread) if unread else {}
    order_ids = {note.order_id for note in notes.values() if note.order_id}
    orders = desk.brightpearl.sales_orders(order_ids) if order_ids else {}
    orders = with_skus(orders, notes.values(), desk=desk)
    desk.notes.describe(_facts(notes, orders, desk.settings))
    runs: dict[int, Callable[[], Outcome]] = {one: partial(_echo, one) for one in echoes}
    runs |= {one: partial(_sent_before, sent[one]) for one in sent.keys() - deleted}
    runs |= {one: partial(_of_deleted, one, sent[one]) for one in deleted}
    runs |= {one: partial(push_one, one, notes.get(one), orders, desk=desk) for one in unread}
    return [
        Unit(events=tuple(about), run=runs[one], quick=one not in unread)
        for one, about in by_note.items()
    ]


def push_one(
    note_id: int,
    note: GoodsOutNote | None,
    orders: Mapping[int, SalesOrder],
    *,
    desk: Desk,
) -> Outcome:
    """Judge, transform, and create the ShipHero order unless it is there. Safe to run twice."""
    with desk.notes.leased(note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {note_id}.")
        known = desk.notes.link(note_id)
        if desk.notes.deleted(note_id):
            return _of_deleted(note_id, known)
        if known is not None and known.shiphero_order_id:
            return _delivered(known.shiphero_order_id, known.order_number)
        if known is not None and (found := _look_up(note_id, known.key, desk=desk)) is not None:
            sent = _sent_words(found.shipping_lines)
            desk.notes.linked(note_id, order_id=found.id, adopted=True, method_sent=sent)
            return _delivered(found.id, found.order_number, adopted=True)
        if note is None:
            # Absence is a suspicion, not a fact: a page or an ID set can miss a note.
            raise Transient(f"Brightpearl does not show note {note_id}.", code="note_not_found")
        if (stopped := judge(note, desk.settings)) is not None:
            return stopped
        order = orders.get(note.order_id)
        if order is None:
            raise Transient(
                f"Brightpearl does not show sales order {note.order_id}.", code="order_not_found"
            )
        return _create(lease, note, order, desk=desk)


def report_destroyed(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Answer for notes that were deleted in Brightpearl."""
    return [
        Unit(events=(event,), run=partial(report_one_destroyed, event, desk=desk))
        for event in events
    ]


def report_one_destroyed(event: Event, *, desk: Desk) -> Outcome:
    """Skip a deleted note that was never sent; tell a person about one that was.

    Raises Permanent for the latter, so that it waits in the merchant's sight.
    """
    note_id = int(event.subject)
    with desk.notes.leased(note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {note_id}.")
        desk.notes.deleted(note_id, said_now=True)
        return _of_deleted(note_id, desk.notes.link(note_id))


def _of_deleted(note_id: int, known: Link | None) -> Outcome:
    if known is None:
        return Skipped(code="note_deleted", reason="The note was deleted before it was sent.")
    became = "became" if known.shiphero_order_id else "may have become"
    raise Permanent(
        f"Note {note_id} was deleted in Brightpearl after it {became} ShipHero order "
        f"{known.order_number}; cancel that order in ShipHero unless it is to be shipped.",
        code=DELETED_AFTER_SENDING,
    )


def _create(lease: NoteLease, note: GoodsOutNote, order: SalesOrder, *, desk: Desk) -> Outcome:
    key = NoteKey(account=desk.settings.code, note_id=note.id)
    method = desk.settings.methods.get(note.shipping.shipping_method_id, NO_METHOD)
    warehouse = desk.settings.warehouses[note.warehouse_id]
    new = to_new_order(note, order, key=key, method=method, warehouse=warehouse)
    with desk.notes.intent(lease, key=str(key), order_number=new.order_number):
        created = desk.shiphero.create_order(new)
    desk.notes.linked(
        note.id, order_id=created.id, adopted=False, method_sent=_sent_words(new.shipping_lines)
    )
    return _delivered(created.id, new.order_number)


def _look_up(note_id: int, key: str, *, desk: Desk) -> ShipHeroOrder | None:
    """Find the order of an earlier create whose answer was lost; None when it may be repeated.

    Raises UnknownOutcome until it has been looked for often enough, and Permanent when more than
    one order bears the key, or only cancelled ones: to send again is then a person's decision.
    """
    found = desk.shiphero.orders_by_key(key)
    live = [order for order in found if not order.canceled]
    if len(live) > 1:
        numbers = ", ".join(
            (order.legacy_id and str(order.legacy_id)) or order.id for order in live
        )
        raise Permanent(
            f"ShipHero has {len(live)} orders for note {note_id} ({numbers}); cancel all but one "
            "there, then retry.",
            code="several_orders",
        )
    if live:
        return live[0]
    if found:
        raise Permanent(
            f"ShipHero order {found[0].order_number} of note {note_id} was cancelled there; it is "
            "not sent a second time by itself.",
            code="order_canceled",
        )
    link = desk.notes.count_empty_lookup(note_id)
    waited = desk.now() - link.intended_at
    if link.empty_lookups < EMPTY_LOOKUPS or waited < desk.patience:
        raise UnknownOutcome(
            f"The answer to creating order {link.order_number} was lost; ShipHero has not shown "
            f"it in {link.empty_lookups} looks.",
        )
    return None


def _delivered(order_id: str, order_number: str, *, adopted: bool = False) -> Delivered:
    how = "found there and adopted, not sent twice" if adopted else "at ShipHero"
    return Delivered(reference=order_id, summary=f"Order {order_number} {how}.")


def _sent_words(lines: NewShippingLines | ShippingLines) -> str:
    return " / ".join(filter(None, (lines.title, lines.carrier, lines.method)))


def _sent_before(link: Link) -> Outcome:
    return _delivered(link.shiphero_order_id, link.order_number)


def _echo(note_id: int) -> Outcome:
    return Skipped(code="echo", reason=f"Goodsout itself shipped note {note_id}.")


def _facts(
    notes: Mapping[int, GoodsOutNote],
    orders: Mapping[int, SalesOrder],
    settings: AccountSettings,
) -> dict[int, NoteFacts]:
    """Say what is known now; a sales order that was not read leaves what was known before."""
    return {
        note.id: _facts_of(note, orders.get(note.order_id), settings)
        for note in notes.values()
        if not note.order_id or note.order_id in orders
    }


def _facts_of(note: GoodsOutNote, order: SalesOrder | None, settings: AccountSettings) -> NoteFacts:
    method = settings.methods.get(note.shipping.shipping_method_id)
    return NoteFacts(
        order_id=note.order_id,
        sequence=note.sequence,
        customer_reference=order.reference if order else "",
        total=order.total_value.total if order else None,
        currency=order.currency.order_currency_code if order else "",
        warehouse_id=note.warehouse_id,
        brightpearl_method=method.name if method else "",
    )
