"""Brightpearl's words in, ShipHero's words out. No clock, no network, no database."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial

from shared.accounts import (
    CHANNEL_AS_SHOP,
    RELEASE_HOLD,
    SHIPPING_METHOD_UNMAPPED,
    AccountSettings,
    Method,
)
from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.order_number import NumberParts, number
from shared.pushing.addresses import (
    address_faults,
    fitting,
    order_email,
    to_billing_address,
    to_shipping_address,
)
from shared.pushing.prices import money, shipping_price, unit_price
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import OrderRow, SalesOrder
from shared.vendors.shiphero.new_order import NewLineItem, NewOrder, NewShippingLines

SHOP = "Brightpearl"  # the shop of an order that bears no channel
# The lengths that clients in use cut to; ShipHero documents none (contract §6).
REMARK, TAG, PRODUCT_NAME = 1000, 255, 255

# Where a packing note stands that a person wrote; Brightpearl's own fields are called PCF_....
PACKING_NOTE_BY_HAND = "packing note by hand"

# A note without a shipping method in Brightpearl: the warehouse's own rules choose.
NO_METHOD = Method(name="none", title="Standard")


def to_new_order(
    note: GoodsOutNote,
    order: SalesOrder,
    *,
    key: NoteKey,
    settings: AccountSettings,
    now: datetime,
) -> NewOrder:
    """Ask ShipHero for exactly what `note` takes out of stock, priced as in `order`.

    The totals are the sales order's own on each of its notes. `now` tells whether a release date
    lies ahead. Raises Permanent with a sentence for the merchant when an order would only be half
    made.
    """
    if not note.quantities:
        raise _without_rows(note)
    channel = settings.channels.get(order.channel_id, "").strip()
    as_shop = settings.channel_as == CHANNEL_AS_SHOP
    return NewOrder(
        order_number=order_number(note, order, settings),
        partner_order_id=str(key),
        shop_name=(channel if as_shop else "") or SHOP,
        order_date=order.placed_on or note.created_on,
        total_tax=money(order.total_value.tax_amount),
        total_price=money(order.total_value.total),
        currency=order.currency.order_currency_code or None,
        shipping_lines=_to_shipping_lines(note, order, settings),
        shipping_address=to_shipping_address(order),
        billing_address=to_billing_address(order),
        email=order_email(order),
        line_items=tuple(
            _to_new_line(row_id, quantity, order, key=key, warehouse_id=_place(note, settings))
            for row_id, quantity in sorted(note.quantities.items())
        ),
        tags=(_to_tag(channel),) if channel and not as_shop else None,
        packing_note=_remark(order, _packing_note_field(order, settings)),
        gift_note=_remark(order, settings.gift_note_field),
        required_ship_date=_required_ship_date(order),
        hold_until_date=_hold_until(note, settings, now),
        priority_flag=note.priority or None,
    )


def faults(
    note: GoodsOutNote, order: SalesOrder, *, key: NoteKey, settings: AccountSettings
) -> Iterator[Permanent]:
    """Name all that keeps an order from being made, where `to_new_order` raises the first."""
    if not note.quantities:
        yield _without_rows(note)
    yield from _refusal(partial(_to_shipping_lines, note, order, settings))
    yield from address_faults(order)
    for row_id, quantity in sorted(note.quantities.items()):
        line = partial(_to_new_line, row_id, quantity, order, key=key, warehouse_id=None)
        yield from _refusal(line)


def needs_custom_fields(settings: AccountSettings) -> bool:
    """Say whether a setting names a field that Brightpearl gives only where it is asked for."""
    return bool(settings.packing_note_field or settings.gift_note_field)


def order_number(note: GoodsOutNote, order: SalesOrder, settings: AccountSettings) -> str:
    """Name the order as the merchant's template says; by default by the customer reference."""
    parts = NumberParts(
        order_id=order.id,
        note_id=note.id,
        sequence=note.sequence or 1,
        reference=order.reference,
        channel=settings.channels.get(order.channel_id, ""),
    )
    return number(settings.order_number_template, parts)


def _refusal(make: Callable[[], object]) -> Iterator[Permanent]:
    try:
        make()
    except Permanent as refusal:
        yield refusal


def _without_rows(note: GoodsOutNote) -> Permanent:
    return Permanent(
        f"Note {note.number} takes nothing out of stock; delete it in Brightpearl, or make it "
        "again with its rows.",
        code="note_without_rows",
    )


def _to_shipping_lines(
    note: GoodsOutNote, order: SalesOrder, settings: AccountSettings
) -> NewShippingLines:
    method_id = note.shipping.shipping_method_id
    method = settings.methods.get(method_id) if method_id else NO_METHOD
    if method is None or not method.title:
        name = method.name if method else f"number {method_id}"
        raise Permanent(f"Shipping method {name} is not mapped.", code=SHIPPING_METHOD_UNMAPPED)
    return NewShippingLines(
        title=method.title,
        price=shipping_price(order, note, nominal=settings.shipping_nominal),
        carrier=method.carrier or None,
        method=method.method or None,
    )


def _to_new_line(
    row_id: int, quantity: Decimal, order: SalesOrder, *, key: NoteKey, warehouse_id: str | None
) -> NewLineItem:
    row = order.row(row_id)
    if row is None:
        raise Permanent(
            f"Sales order {order.id} no longer has row {row_id}, which the note takes from; "
            "delete the note in Brightpearl and make it again.",
            code="order_row_missing",
        )
    return NewLineItem(
        sku=_sku(row),
        partner_line_item_id=key.line(row_id),
        quantity=_pieces(quantity, row),
        price=unit_price(row, order),
        product_name=fitting(row.product_name, PRODUCT_NAME) or None,
        warehouse_id=warehouse_id,
    )


def _sku(row: OrderRow) -> str:
    if not row.product_sku.strip():
        raise Permanent(
            f"Product {row.product_id} ({row.product_name}) has no SKU; give it one in "
            "Brightpearl, then retry.",
            code="product_without_sku",
        )
    return row.product_sku.strip()


def _pieces(quantity: Decimal, row: OrderRow) -> int:
    if quantity != quantity.to_integral_value() or quantity <= 0:
        raise Permanent(
            f"The note takes {quantity:f} of {row.product_sku}; ShipHero ships whole pieces only. "
            "Make a note with a whole quantity in Brightpearl.",
            code="fractional_quantity",
        )
    return int(quantity)


def _place(note: GoodsOutNote, settings: AccountSettings) -> str | None:
    """Give the warehouse that each line is locked to, so that no rule of ShipHero moves it."""
    warehouse = settings.warehouses.get(note.warehouse_id)
    return (warehouse.shiphero_id or None) if warehouse else None


def _to_tag(channel: str) -> str:
    # ShipHero's own screens write tags with commas between them.
    return fitting(" ".join(channel.replace(",", " ").split()), TAG)


def _packing_note_field(order: SalesOrder, settings: AccountSettings) -> str:
    """Name the field that is asked: what a person wrote counts, even where it is empty."""
    by_hand = PACKING_NOTE_BY_HAND in order.custom_fields
    return PACKING_NOTE_BY_HAND if by_hand else settings.packing_note_field


def _remark(order: SalesOrder, field: str) -> str | None:
    words = order.custom_fields.get(field, "").strip() if field else ""
    return fitting(words, REMARK) or None


def _required_ship_date(order: SalesOrder) -> datetime | None:
    """Ask for the day that the sales order is to be delivered on, as the day to ship by.

    Noon in UTC is that same day in nearly every zone that ShipHero may show it in.
    """
    wanted = order.delivery.delivery_date
    return None if wanted is None else datetime.combine(_day(wanted), time(12), tzinfo=UTC)


def _day(moment: datetime) -> date:
    # A day comes as midnight, in the account's offset or in UTC written in that offset (§5, §8).
    in_utc = moment.astimezone(UTC)
    return in_utc.date() if in_utc.time() == time() else moment.date()


def _hold_until(note: GoodsOutNote, settings: AccountSettings, now: datetime) -> datetime | None:
    """Keep the order from the floor until its release, unless the note itself is kept back."""
    release = note.release_date
    if settings.release_policy != RELEASE_HOLD or release is None or release <= now:
        return None
    return release
