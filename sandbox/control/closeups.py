"""What the page of one goods-out note and that of one ShipHero order show."""

import re
from typing import Any

from sandbox.brightpearl.shelf import shelf
from sandbox.control.desk import ADDRESS_FIELDS
from sandbox.shiphero.orders import HOLDS
from sandbox.store import Document
from sandbox.world import World

_STEPS = (("PRI", "Print"), ("PIC", "Pick"), ("PAC", "Pack"))


def note_closeup(world: World, account: Document, number: int) -> dict[str, Any] | None:
    """Give a note with its sales order and every ShipHero order whose key names it."""
    code, store = account["code"], world.store
    note = store.get(shelf("bp_note", code), number)
    if note is None:
        return None
    order = store.get(shelf("bp_order", code), note["order_id"])
    notes = store.find(shelf("bp_order_note", code), "order_id", note["order_id"]) if order else []
    return {
        "note": note,
        "sales_order": order,
        "order_notes": notes,
        "rows": [_row(world, code, row) for row in note["rows"]],
        "at_shiphero": _orders_of(world, account, number),
        "methods": store.all(shelf("bp_method", code)),
        "steps": [(step, word) for step, word in _STEPS if step not in note["steps"]],
        "shipped": note["steps"].get("SHW"),
        "address": {"country": "GB", **order["address"]} if order else {},
        "address_fields": ADDRESS_FIELDS,
    }


def order_closeup(world: World, _account: Document, number: int) -> dict[str, Any] | None:
    """Give a ShipHero order with its shipments."""
    order = world.store.get("sh_order", number)
    if order is None:
        return None
    lines = {line["legacy_id"]: line for line in order["lines"]}
    shipments = world.store.find("sh_shipment", "order_id", number)
    return {
        "order": order,
        "shipments": [_shipment(each, lines) for each in shipments],
        "is_open": order["fulfillment_status"] not in {"fulfilled", "canceled"},
        "is_part_shipped": any(line["quantity_shipped"] for line in order["lines"]),
        "holds": HOLDS,
        "scalars": _told(order),
    }


def _row(world: World, code: str, row: Document) -> Document:
    product = world.store.get(shelf("bp_product", code), row["product_id"]) or {}
    return {**row, "name": product.get("name", "a product that is gone"), "sku": product.get("sku")}


def _orders_of(world: World, account: Document, number: int) -> list[Document]:
    named = re.compile(rf"(?<!\d){number}(?!\d)")
    orders = world.store.find("sh_order", "account", account["shiphero"])
    return [order for order in orders if named.search(order["partner_order_id"] or "")]


def _shipment(shipment: Document, lines: dict[int, Document]) -> Document:
    packed = [
        {"sku": lines[row["line"]]["sku"], "quantity": row["quantity"], "label": row["label"]}
        for row in shipment["lines"]
        if row["line"] in lines
    ]
    return {**shipment, "packed": packed}


_SHOWN_APART = {
    "lines", "history", "holds", "shipping_address", "billing_address", "account", "legacy_id",
    "created_at", "updated_at", "shipped_at", "order_date", "fulfillment_status", "in_tote",
    "order_number", "partner_order_id", "allocation",
}  # fmt: skip


def _told(order: Document) -> dict[str, Any]:
    """Give what the connector wrote into the header."""
    return {k: v for k, v in order.items() if k not in _SHOWN_APART and v not in (None, "", [])}
