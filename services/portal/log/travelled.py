"""What of a sales order is on its note, in the ShipHero order and in parcels; pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import FREE_TEXT_PRODUCT_ID, OrderRow, SalesOrder
from shared.vendors.shiphero.models import LineItem, ShipHeroOrder, Shipment, ShippingLabel


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    """One row of the note: how much is on it, was sent, is in the order and in parcels.

    "" stands where that is not known.
    """

    sku: str
    name: str
    on_note: str
    sent: str
    there: str
    shipped: str
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftRow:
    """A row of the sales order that is not on this note, and why."""

    sku: str
    name: str
    quantity: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One label of a shipment."""

    tracking: str
    carrier: str
    method: str
    box: str
    weight: str
    made_at: datetime | None
    is_void: bool


def lines_of_note(
    note: GoodsOutNote,
    order: SalesOrder | None,
    shiphero: ShipHeroOrder | None,
    *,
    key: str,
    sent: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Sequence[NoteLine]:
    """Set each row of the note beside its line in ShipHero, and as it was sent.

    Lines of no row come last. `sent` are the lines as they were sent, by our id of each.
    """
    lines = {line.partner_line_item_id: line for line in shiphero.line_items} if shiphero else {}
    told = [
        _line(order.row(row_id) if order else None, quantity, lines.pop(f"{key}-{row_id}", None),
              sent=str(sent.get(f"{key}-{row_id}", {}).get("quantity", "")),
              is_there=shiphero is not None)
        for row_id, quantity in sorted(note.quantities.items())
    ]  # fmt: skip
    return [*told, *(_only_there(line) for line in lines.values())]


def rows_left(
    note: GoodsOutNote,
    order: SalesOrder,
    others: Mapping[int, GoodsOutNote],
    products: Mapping[int, Product],
) -> Sequence[LeftRow]:
    """List the sales order's rows that did not travel with this note, each with the reason."""
    return [
        LeftRow(
            sku=row.product_sku,
            name=row.product_name,
            quantity=_count(row.quantity.magnitude),
            why=_why_left(row, others.values(), products.get(row.product_id)),
        )
        for row in order.order_rows.values()
        if row.id not in note.quantities
    ]


def parcels_of(shiphero: ShipHeroOrder) -> Sequence[Parcel]:
    """List every label of the order's shipments."""
    return [parcel for shipment in shiphero.shipments for parcel in _parcels(shipment)]


def _line(
    row: OrderRow | None, quantity: Decimal, line: LineItem | None, *, sent: str, is_there: bool
) -> NoteLine:
    sku = row.product_sku if row else ""
    there = str(line.quantity) if line else ""
    missing = is_there and line is None
    other = line is not None and (
        line.quantity != quantity or (bool(sku) and line.sku.strip() != sku.strip())
    )
    return NoteLine(
        sku=sku or (line.sku if line else ""),
        name=row.product_name if row else (line.product_name if line else ""),
        on_note=_count(quantity),
        sent=sent,
        there="not in the order" if missing else there,
        shipped=str(line.quantity_shipped) if line else "",
        differs=missing or other,
    )


def _only_there(line: LineItem) -> NoteLine:
    return NoteLine(
        sku=line.sku,
        name=line.product_name,
        on_note="not on the note",
        sent="",
        there=str(line.quantity),
        shipped=str(line.quantity_shipped),
        differs=True,
    )


def _why_left(row: OrderRow, others: Collection[GoodsOutNote], product: Product | None) -> str:
    if row.composition.bundle_parent:
        return "a bundle: its parts are on notes, not it itself"
    on = [note.number for note in others if row.id in note.quantities]
    if on:
        return f"on note {', '.join(on)}"
    if row.product_id in (0, FREE_TEXT_PRODUCT_ID):
        return "a row of text, no product"
    if product is not None and not product.stock.stock_tracked:
        return "not stock-tracked: Brightpearl puts only counted stock on notes"
    return "not on any note yet"


def _parcels(shipment: Shipment) -> Iterator[Parcel]:
    for label in shipment.shipping_labels:
        yield Parcel(
            tracking=label.tracking_number,
            carrier=label.carrier,
            method=label.shipping_method or label.shipping_name,
            box=label.box_name,
            weight=_weight(label),
            made_at=label.created_date or shipment.created_date,
            is_void=label.refunded or shipment.refunded or label.status.lower() == "void",
        )


def _weight(label: ShippingLabel) -> str:
    weight = label.dimensions.weight
    return "" if weight is None else _count(weight)


def _count(quantity: Decimal) -> str:
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
