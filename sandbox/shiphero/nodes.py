"""Orders, shipments, labels and returns as GraphQL shows them; a callable is read when asked."""

from functools import partial
from typing import Any

from sandbox.shiphero import times
from sandbox.shiphero.connections import Node, connection
from sandbox.shiphero.ids import global_id
from sandbox.shiphero.order_parts import (
    allocations,
    history,
    line_node,
    parcel_address,
    shown_time,
)
from sandbox.shiphero.orders import PENDING, is_held, is_kept
from sandbox.shiphero.product_nodes import warehouse_node
from sandbox.store import Document
from sandbox.world import World

_TIMES = ("order_date", "required_ship_date", "hold_until_date", "created_at", "updated_at")


def order_node(world: World, order: Document) -> Node:
    """Show an order; what was given at creation comes back under the same names."""
    number = order["legacy_id"]
    shown = {name: value for name, value in order.items() if name not in _TIMES}
    return {
        **shown,
        **{name: shown_time(order.get(name)) for name in _TIMES},
        "id": global_id("Order", number),
        "account_id": global_id("Account", order["account"]),
        "ready_to_ship": _is_ready(world, order),
        "total_tax": order.get("total_tax") or "0.00",
        "subtotal": order.get("subtotal") or "0.00",
        "total_discounts": order.get("total_discounts") or "0.00",
        "total_price": order.get("total_price") or "0.00",
        "billing_address": order.get("billing_address"),
        "email": order.get("email") or (order.get("shipping_address") or {}).get("email"),
        "holds": {**order["holds"], "shipping_method_hold": False},
        "returns": lambda _info: [
            return_node(world, each) for each in world.store.find("sh_return", "order_id", number)
        ],
        "line_items": lambda _info, **paging: connection(
            order["lines"], partial(line_node, world, order), paging
        ),
        "shipments": lambda _info: [
            shipment_node(world, shipment)
            for shipment in world.store.find("sh_shipment", "order_id", number)
        ],
        "allocations": allocations(order),
        "order_history": lambda _info: history(order),
    }


def _is_ready(world: World, order: Document) -> bool:
    is_stopped = is_held(order) or is_kept(order, world.clock.now())
    return order["fulfillment_status"] == PENDING and not is_stopped


def shipment_node(world: World, shipment: Document) -> Node:
    """Show a shipment with its labels."""
    order = world.store.get("sh_order", shipment["order_id"])
    assert order is not None
    warehouse = world.store.get("sh_warehouse", shipment["warehouse"])
    return {
        "id": global_id("Shipment", shipment["legacy_id"]),
        "legacy_id": shipment["legacy_id"],
        "order_id": global_id("Order", order["legacy_id"]),
        "warehouse_id": global_id("Warehouse", shipment["warehouse"]),
        "address": parcel_address(order),
        "profile": "default",
        "completed": shipment.get("completed", True),
        "dropshipment": False,
        "shipped_off_shiphero": False,
        "created_date": times.written(shipment["created_at"]),
        "line_items": lambda _info, **paging: _shipped_lines(world, order, shipment, None, paging),
        "shipping_labels": lambda _info: [
            label_node(world, order, shipment, at) for at in range(len(shipment["labels"]))
        ],
        "warehouse": None if warehouse is None else warehouse_node(world, warehouse),
        "order": lambda _info: order_node(world, order),
        "total_packages": len(shipment["labels"]),
    }


def label_node(world: World, order: Document, shipment: Document, at: int) -> Node:
    """Show a label; here warehouse and account are plain numbers as text (section 2)."""
    label = shipment["labels"][at]
    warehouse = world.store.get("sh_warehouse", shipment["warehouse"]) or {}
    return {
        "id": global_id("ShippingLabel", label["legacy_id"]),
        "legacy_id": label["legacy_id"],
        "account_id": global_id("Account", order["account"]),
        "shipment_id": global_id("Shipment", shipment["legacy_id"]),
        "order_id": global_id("Order", order["legacy_id"]),
        "box_name": label["box"],
        "status": label["status"],
        "tracking_number": label["tracking_number"],
        "order_number": order.get("order_number"),
        "order_account_id": str(order["account"]),
        "carrier": label["carrier"],
        "shipping_name": (order.get("shipping_lines") or {}).get("title"),
        "shipping_method": label["method"],
        "cost": "3.85",
        "warehouse": warehouse.get("identifier"),
        "warehouse_id": str(shipment["warehouse"]),
        "insurance_amount": "0.00",
        "created_date": times.written(label["created_at"]),
        "tracking_url": label["tracking_url"],
        "dimensions": {"weight": "35.50", "length": "30.00", "width": "20.00", "height": "12.00"},
        "address": parcel_address(order),
        "order": lambda _info: order_node(world, order),
        "shipment_line_items": lambda _info, **paging: _shipped_lines(
            world, order, shipment, label["legacy_id"], paging
        ),
        "package_number": at + 1,
    }


def _shipped_lines(
    world: World, order: Document, shipment: Document, label: int | None, paging: dict[str, Any]
) -> Node:
    lines = [x for x in shipment["lines"] if label is None or x["label"] == label]

    def show(line: Document) -> Node:
        ordered = next(x for x in order["lines"] if x["legacy_id"] == line["line"])
        return {
            "id": global_id("ShippedLineItem", line["legacy_id"]),
            "legacy_id": line["legacy_id"],
            "line_item_id": global_id("LineItem", line["line"]),
            "shipment_id": global_id("Shipment", shipment["legacy_id"]),
            "shipping_label_id": global_id("ShippingLabel", line["label"]),
            "quantity": line["quantity"],
            "line_item": line_node(world, order, ordered),
        }

    return connection(lines, show, paging)


def return_node(world: World, returned: Document) -> Node:
    """Show a return."""
    order = world.store.get("sh_order", returned["order_id"])
    assert order is not None
    lines = returned["lines"]
    return {
        "id": global_id("Return", returned["legacy_id"]),
        "legacy_id": returned["legacy_id"],
        "account_id": global_id("Account", returned["account"]),
        "order_id": global_id("Order", order["legacy_id"]),
        "reason": returned["reason"],
        "status": returned["status"],
        "label_cost": "0.00",
        "shipping_carrier": "genericlabel",
        "shipping_method": "genericlabel",
        "address": parcel_address(order),
        "line_items": [_returned_line(world, order, returned, line) for line in lines],
        "total_items_expected": sum(line["quantity"] for line in lines),
        "total_items_received": sum(line["quantity_received"] for line in lines),
        "total_items_restocked": sum(line["restock"] for line in lines),
        "created_at": times.written(returned["created_at"]),
        "order": lambda _info: order_node(world, order),
    }


def _returned_line(world: World, order: Document, returned: Document, line: Document) -> Node:
    ordered = next(x for x in order["lines"] if x["legacy_id"] == line["line"])
    warehouse = world.store.get("sh_warehouse", returned["warehouse"])
    return {
        "id": global_id("ReturnItem", line["legacy_id"]),
        "legacy_id": line["legacy_id"],
        "account_id": global_id("Account", returned["account"]),
        "line_item_id": global_id("LineItem", line["line"]),
        "warehouse_id": global_id("Warehouse", returned["warehouse"]),
        "return_id": global_id("Return", returned["legacy_id"]),
        "quantity": line["quantity"],
        "quantity_received": line["quantity_received"],
        "restock": line["restock"],
        "condition": line["condition"],
        "is_component": False,
        "reason": line["reason"],
        "created_at": times.written(returned["created_at"]),
        "updated_at": times.written(returned["updated_at"]),
        "line_item": line_node(world, order, ordered),
        "warehouse": None if warehouse is None else warehouse_node(world, warehouse),
    }
