"""Sales orders as a person in Brightpearl makes them (contract section 8)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sandbox.brightpearl import hooks, times
from sandbox.brightpearl.shelf import shelf
from sandbox.store import Change, Document
from sandbox.terms import Terms
from sandbox.world import World

FIRST_ORDER = 4101
FIRST_ROW = 8801
FREE_TEXT_PRODUCT = 1000  # recorded: free-text rows carry product id 1000
VAT = Decimal("0.20")
_PENNY = Decimal("0.01")
_FOUR = Decimal("0.0001")
_NONE = Decimal(0)


def make_order(world: World, change: Change, wanted: Mapping[str, Any]) -> Document:
    """Keep a sales order; `wanted` holds account, lines, warehouse, method, channel and terms."""
    account = str(wanted["account"])
    number = change.next_id(shelf("bp_order", account), FIRST_ORDER)
    now = world.clock.now()
    on = times.whole_second(now)
    terms: Terms = wanted["terms"]
    rows = [
        row
        for line, count in wanted["lines"]
        for row in _product_rows(change, account, line, count, terms)
    ]
    rows.append(_postage_row(change, account, terms.postage))
    order = {
        "id": number,
        "account": account,
        "reference": f"WEB-{number}" if wanted["reference"] is None else wanted["reference"],
        "status_id": 3,
        "channel_id": wanted["channel_id"],
        "method_id": wanted["method_id"],
        "warehouse_id": wanted["warehouse_id"],
        "contact_id": change.next_id(shelf("bp_customer", account), 501),
        "address": {**wanted["address"], **terms.place},
        "currency": terms.currency,
        "deliver_on": terms.deliver_on,
        "custom_fields": dict(terms.custom_fields),
        "rows": rows,
        "created_by": wanted["created_by"],
        "placed_on": on,
        "created_on": on,
        "updated_on": None,
        "note_count": 0,
        "created_at": now,
    }
    change.put(shelf("bp_order", account), number, order)
    hooks.raise_event(world, change, account, "order.modified", [number])
    return order


def split_over_notes(order: Document, notes: int) -> list[list[Document]]:
    """Share the stock-tracked units of an order between so many notes, none of them empty."""
    rows = [row for row in order["rows"] if row["is_tracked"]]
    if not all(isinstance(row["quantity"], int) for row in rows):
        return [rows]  # parts of pieces are not shared out
    units = [row for row in rows for _ in range(row["quantity"])]
    notes = min(notes, len(units))
    shares = [units[len(units) * n // notes : len(units) * (n + 1) // notes] for n in range(notes)]
    counted = [Counter(row["id"] for row in share) for share in shares]
    return [
        [{**row, "quantity": count[row["id"]]} for row in order["rows"] if count[row["id"]]]
        for count in counted
    ]


def note_rows(rows: Sequence[Document], warehouse_id: int, *, locations: int = 1) -> list[Document]:
    """Turn order rows into the rows of a note; pieces may come from several locations."""
    return [
        {
            "row_id": row["id"],
            "product_id": row["product_id"],
            "quantity": part,
            "location_id": warehouse_id + at,
        }
        for row in rows
        for at, part in enumerate(_parts(row["quantity"], locations))
    ]


def _parts(quantity: Any, locations: int) -> list[Any]:
    """Share pieces out; a quantity that is no whole number stays in one place."""
    if not isinstance(quantity, int) or locations == 1:
        return [quantity]
    ends = [quantity * at // locations for at in range(locations + 1)]
    return [end - start for start, end in pairwise(ends) if end > start]


def _product_rows(
    change: Change, account: str, product: Document, quantity: Any, terms: Terms
) -> list[Document]:
    """Make a row; a bundle brings its children, and only they are stock-tracked."""
    price = Decimal(terms.price or product["price"])
    parent = _row(change, account, product, quantity, price, discount=Decimal(terms.discount))
    if not product["components"]:
        return [parent]
    parent["bundle_parent"] = True
    children = []
    for part in product["components"]:
        component = change.get(shelf("bp_product", account), part["product_id"])
        assert component is not None
        child = _row(change, account, component, quantity * part["quantity"], Decimal(0))
        child |= {"bundle_child": True, "parent_row_id": parent["id"]}
        children.append(child)
    return [parent, *children]


def _row(
    change: Change,
    account: str,
    product: Document,
    quantity: Any,
    price: Decimal,
    *,
    discount: Decimal = _NONE,
) -> Document:
    net = (price * Decimal(str(quantity)) * (1 - discount / 100)).quantize(_FOUR)
    return {
        "id": change.next_id(shelf("bp_row", account), FIRST_ROW),
        "product_id": product["id"],
        "name": product["name"],
        "sku": product["sku"],
        "quantity": quantity,
        "price": str(price.quantize(_FOUR)),
        "discount": f"{discount:.2f}",
        "net": str(net),
        "tax": str((net * VAT).quantize(_PENNY)),
        "nominal": "4000",
        "is_tracked": product["stock_tracked"],
        "bundle_parent": False,
        "bundle_child": False,
        "parent_row_id": 0,
    }


def _postage_row(change: Change, account: str, price: str) -> Document:
    product = {"id": FREE_TEXT_PRODUCT, "name": "Postage", "sku": None, "stock_tracked": False}
    return {**_row(change, account, product, 1, Decimal(price)), "nominal": "4300"}
