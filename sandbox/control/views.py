"""What the control room shows of both worlds, as plain JSON."""

from typing import Any

from sandbox.shiphero import times
from sandbox.shiphero.ids import global_id
from sandbox.store import Document

# What a client told of an order beside its numbers and lines.
TOLD = (
    "shop_name", "order_date", "currency", "total_price", "total_tax", "shipping_lines",
    "shipping_address", "billing_address", "email", "tags", "packing_note", "gift_note",
    "required_ship_date", "hold_until_date", "priority_flag",
)  # fmt: skip


def shown(value: Any) -> Any:
    """Write a time that is kept as a number; anything else is shown as it is."""
    return times.written(value) if isinstance(value, float) else value


def note_view(note: Document) -> dict[str, Any]:
    """Show a goods-out note."""
    shipped = note["steps"].get("SHW")
    return {
        "noteId": note["id"],
        "orderId": note["order_id"],
        "sequence": note["sequence"],
        "createdOn": note["created_on"],
        "warehouseId": note["warehouse_id"],
        "shippingMethodId": note["method_id"],
        "priority": note["priority"],
        "releaseOn": note["release_on"],
        "transfer": note["transfer"],
        "shipped": shipped is not None,
        "shippedOn": shipped["on"] if shipped else None,
        "reference": note["reference"],
        "events": [event["code"] for event in note["events"]],
    }


def order_view(order: Document) -> dict[str, Any]:
    """Show a ShipHero order."""
    return {
        "id": global_id("Order", order["legacy_id"]),
        "legacy_id": order["legacy_id"],
        "order_number": order.get("order_number"),
        "partner_order_id": order["partner_order_id"],
        "fulfillment_status": order["fulfillment_status"],
        "created_at": order["created_at"],
        "shipped_at": order["shipped_at"],
        "canceled": order["fulfillment_status"] == "canceled",
        "holds": [name for name, stands in order["holds"].items() if stands],
        "told": {n: shown(order[n]) for n in TOLD if order.get(n) not in (None, [], "")},
        "lines": [
            {
                "sku": line["sku"],
                "quantity": line["quantity"],
                "quantity_shipped": line["quantity_shipped"],
                "partner_line_item_id": line["partner_line_item_id"],
                "price": line.get("price"),
                "warehouse_id": line.get("warehouse_id"),
            }
            for line in order["lines"]
        ],
    }


def delivery_view(delivery: Document) -> dict[str, Any]:
    """Show a webhook delivery."""
    hidden = {"headers"}
    return {name: value for name, value in delivery.items() if name not in hidden}
