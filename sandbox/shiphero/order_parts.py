"""Parts of an order as GraphQL shows them: lines, allocations, history, the parcel's address."""

from typing import Any

from sandbox.shiphero import times
from sandbox.shiphero.connections import Node
from sandbox.shiphero.ids import global_id
from sandbox.shiphero.orders import is_held, product_of
from sandbox.shiphero.product_nodes import product_node
from sandbox.store import Document
from sandbox.world import World


def line_node(world: World, order: Document, line: Document) -> Node:
    """Show a line of an order."""
    warehouse = line.get("warehouse_id")

    found = product_of(world, order["account"], line["sku"])
    return {
        **line,
        "id": global_id("LineItem", line["legacy_id"]),
        "order_id": global_id("Order", order["legacy_id"]),
        "product_id": global_id("ProductInfo", found["legacy_id"]) if found else None,
        "locked_to_warehouse_id": warehouse,
        "product": None if found is None else product_node(world, found),
        "created_at": times.written(line["created_at"]),
        "updated_at": times.written(line["updated_at"]),
    }


def history(order: Document) -> list[Node]:
    """Show the order's history."""
    return [
        {
            "id": global_id("OrderHistory", at),
            "legacy_id": at,
            "order_id": global_id("Order", order["legacy_id"]),
            "account_id": global_id("Account", order["account"]),
            "username": entry["who"],
            "order_number": order.get("order_number"),
            "information": entry["text"],
            "created_at": times.written(entry["at"]),
        }
        for at, entry in enumerate(order["history"], start=1)
    ]


def allocations(order: Document) -> list[Node]:
    """Show which warehouse has the order, as a list of one or none."""
    allocation = order["allocation"]
    if allocation is None:
        return []
    shared = {
        "order_id": global_id("Order", order["legacy_id"]),
        "warehouse_id": global_id("Warehouse", allocation["warehouse"]),
        "allocated_at": times.written(allocation["at"]),
        "allocation_reference": str(allocation["reference"]),
    }
    lines = [
        {
            **shared,
            "line_item_id": global_id("LineItem", line["legacy_id"]),
            "sku": line["sku"],
            "quantity_allocated": line["quantity_allocated"],
            "is_kit_component": "kit_line" in line,
        }
        for line in order["lines"]
    ]
    is_ready = not is_held(order)
    is_locked = allocation["is_locked"]
    return [{**shared, "ready_to_ship": is_ready, "is_locked": is_locked, "line_items": lines}]


def parcel_address(order: Document) -> Node:
    """Show where a parcel goes, in the form that shipments and labels have."""
    to = order.get("shipping_address") or {}
    name = f"{to.get('first_name') or ''} {to.get('last_name') or ''}".strip()
    kept = ("address1", "address2", "city", "state", "country", "zip", "phone")
    return {"name": name, **{field: to.get(field) for field in kept}}


def shown_time(value: Any) -> str | None:
    """Write a time that was kept as a number."""
    # What a client gave is kept as it was written.
    return value if value is None or isinstance(value, str) else times.written(value)
