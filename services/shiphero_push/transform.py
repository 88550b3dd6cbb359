"""Brightpearl's words in, ShipHero's words out. No clock, no network, no database."""

from decimal import ROUND_HALF_UP, Decimal

from shared.accounts import Method, Warehouse
from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import OrderRow, Party, SalesOrder
from shared.vendors.shiphero.new_order import (
    NewAddress,
    NewLineItem,
    NewOrder,
    NewShippingLines,
)

PENNY = Decimal("0.01")
# Brightpearl's own precision of what a row costs (contract §5).
FINEST = Decimal("0.0001")
# The lengths that clients in use cut to; ShipHero documents none (contract §6).
NAME, COMPANY, STREET, ZIP = 64, 128, 255, 32

# A note without a shipping method in Brightpearl: the warehouse's own rules choose.
NO_METHOD = Method(name="none", title="Standard")


def to_new_order(
    note: GoodsOutNote,
    order: SalesOrder,
    *,
    key: NoteKey,
    method: Method,
    warehouse: Warehouse,
) -> NewOrder:
    """Ask ShipHero for exactly what `note` takes out of stock, priced as in `order`.

    Raises Permanent with a sentence for the merchant when an order would only be half made.
    """
    if not note.quantities:
        raise Permanent(
            f"Note {note.number} takes nothing out of stock; delete it in Brightpearl, or make it "
            "again with its rows.",
            code="note_without_rows",
        )
    return NewOrder(
        order_number=order_number(note, order),
        partner_order_id=str(key),
        shop_name="Brightpearl",
        order_date=order.placed_on or note.created_on,
        total_tax=_money(order.total_value.tax_amount),
        total_price=_money(order.total_value.total),
        currency=order.currency.order_currency_code or None,
        shipping_lines=NewShippingLines(
            title=method.title, carrier=method.carrier or None, method=method.method or None
        ),
        shipping_address=_to_new_address(order.parties.delivery, order),
        email=order.parties.delivery.email or order.parties.customer.email or None,
        line_items=tuple(
            _to_new_line(row_id, quantity, order, key=key, warehouse=warehouse)
            for row_id, quantity in sorted(note.quantities.items())
        ),
        priority_flag=note.priority or None,
    )


def order_number(note: GoodsOutNote, order: SalesOrder) -> str:
    """Name the order as people look for it: the customer reference, else the order's id.

    A sales order's second and later notes bear their number, so that each can be told apart.
    """
    name = order.reference.strip() or str(order.id)
    return f"{name}-{note.sequence}" if (note.sequence or 1) > 1 else name


def _to_new_line(
    row_id: int, quantity: Decimal, order: SalesOrder, *, key: NoteKey, warehouse: Warehouse
) -> NewLineItem:
    row = order.row(row_id)
    if row is None:
        raise Permanent(
            f"Sales order {order.id} no longer has row {row_id}, which the note takes from; "
            "delete the note in Brightpearl and make it again.",
            code="order_row_missing",
        )
    if not row.product_sku.strip():
        raise Permanent(
            f"Product {row.product_id} ({row.product_name}) has no SKU; give it one in "
            "Brightpearl, then retry.",
            code="product_without_sku",
        )
    if quantity != quantity.to_integral_value() or quantity <= 0:
        raise Permanent(
            f"The note takes {quantity:f} of {row.product_sku}; ShipHero ships whole pieces only. "
            "Make a note with a whole quantity in Brightpearl.",
            code="fractional_quantity",
        )
    return NewLineItem(
        sku=row.product_sku.strip(),
        partner_line_item_id=key.line(row_id),
        quantity=int(quantity),
        price=_unit_price(row),
        product_name=row.product_name or None,
        warehouse_id=warehouse.shiphero_id or None,
    )


def _unit_price(row: OrderRow) -> Decimal:
    """Give the net price of one piece; the row's value is for all of them."""
    ordered = row.quantity.magnitude
    if not ordered:
        return Decimal("0.00")
    price = row.row_value.row_net.value / ordered
    return _money(price.quantize(FINEST, rounding=ROUND_HALF_UP))


def _to_new_address(party: Party, order: SalesOrder) -> NewAddress:
    # Brightpearl's lines 3 and 4 are city and state (contract §8).
    streets = [line for line in (party.address_line1, party.address_line2) if line.strip()]
    if not streets:
        raise Permanent(
            f"Sales order {order.id} has no delivery street; enter the address in Brightpearl, "
            "then retry.",
            code="address_missing",
        )
    if not party.country_iso_code:
        raise Permanent(
            f"Sales order {order.id} has no delivery country; choose it in Brightpearl, then "
            "retry.",
            code="country_missing",
        )
    first, last = _names(party)
    return NewAddress(
        first_name=first[:NAME],
        last_name=last[:NAME],
        company=party.company_name[:COMPANY] or None,
        address1=streets[0][:STREET],
        address2=streets[1][:STREET] if len(streets) > 1 else None,
        city=party.address_line3 or None,
        state=party.address_line4 or None,
        zip=party.postal_code[:ZIP] or None,
        country=party.country_iso_code,
        country_code=party.country_iso_code,
        email=party.email or None,
        phone=party.telephone or party.mobile_telephone or None,
    )


def _names(party: Party) -> tuple[str, str]:
    """Split a full name; ShipHero wants a last name, and "." stands for a missing one (§6)."""
    first, _, last = (party.address_full_name or party.company_name).strip().rpartition(" ")
    return (first, last) if first else (last or ".", ".")


def _money(value: Decimal) -> Decimal:
    """Write an amount exactly, with two decimals at least: a dinar has three, a row's net four."""
    pennies = value.quantize(PENNY, rounding=ROUND_HALF_UP)
    return pennies if pennies == value else value.normalize()
