"""The bodies of ShipHero's webhooks, each with its own oddities (contract section 10)."""

from typing import Any

from sandbox.shiphero import times
from sandbox.shiphero.ids import global_id
from sandbox.store import Document
from sandbox.world import World

Body = dict[str, Any]
_BOX = {"length": 30, "width": 20, "height": 12, "weight": 35.5}


def canceled(order: Document) -> Body:
    """Write Order Canceled; its `fulfillment-status` has a hyphen."""
    return {
        "order_number": order.get("order_number"),
        "partner_order_id": order["partner_order_id"],
        "fulfillment-status": "canceled",
        "order_id": order["legacy_id"],
        "order_uuid": global_id("Order", order["legacy_id"]),
        "shop_name": order["shop_name"],
        "shop_order_number": order.get("order_number"),
        "webhook_type": "Order Canceled",
    }


def allocated(world: World, order: Document) -> Body:
    """Write Order Allocated; `ready_to_ship` is 1 or 0."""
    allocation = order["allocation"]
    return {
        "webhook_type": "Order Allocated",
        **_allocation(order),
        "warehouse_id": allocation["warehouse"],
        "warehouse_uuid": global_id("Warehouse", allocation["warehouse"]),
        "allocated_at": _time(world, allocation["at"]),
        "line_items": [
            {
                "id": line["legacy_id"],
                "item_uuid": global_id("LineItem", line["legacy_id"]),
                "partner_line_item_id": line["partner_line_item_id"],
                "quantity": line["quantity_allocated"],
                "sku": line["sku"],
                "is_kit_component": "kit_line" in line,
                "created_at": _time(world, line["created_at"]),
            }
            for line in order["lines"]
        ],
        "ready_to_ship": 0 if any(order["holds"].values()) else 1,
    }


def deallocated(world: World, order: Document) -> Body:
    """Write Order Deallocated; it has no lines."""
    return {
        "webhook_type": "Order Deallocated",
        **_allocation(order),
        "deallocated_at": _time(world, world.clock.now()),
    }


def packed_out(order: Document) -> Body:
    """Write Order Packed Out; of the order it names only the id."""
    return {
        "webhook_type": "Order Packed Out",
        "order_id": order["legacy_id"],
        "order_uuid": global_id("Order", order["legacy_id"]),
        "tote_id": "TOTE-1",
    }


def shipped(world: World, order: Document, shipment: Document, warehouse: Document) -> Body:
    """Write Shipment Update in its full form of 2022, `packages[]` on the top level."""
    labels = shipment["labels"]
    body: Body = {
        "test": "0",
        "webhook_type": "Shipment Update",
        "fulfillment": {
            "shipment_id": shipment["legacy_id"],
            "shipment_uuid": global_id("Shipment", shipment["legacy_id"]),
            **_place(shipment, warehouse),
            "webhook_type": "Shipment Update",
            "partner_order_id": order["partner_order_id"],
            "order_number": order.get("order_number"),
            "tracking_number": labels[0]["tracking_number"],
            "line_items": [_line(order, line, labels) for line in shipment["lines"]],
            "custom_tracking_url": labels[0]["tracking_url"],
            "shipping_method": labels[0]["method"],
            "shipping_carrier": labels[0]["carrier"],
            "shipping_address": _address(world, order),
            "package": dict(_BOX),
            "completed": shipment.get("completed", True),
            "created_at": _time(world, shipment["created_at"]).replace("T", " "),
            "order_uuid": global_id("Order", order["legacy_id"]),
            "order_gift_note": order.get("gift_note") or "",
        },
    }
    if world.switches.now.packages_in_shipment_update:
        body["total_packages"] = len(labels)
        body["packages"] = [
            _package(world, order, shipment, number) | _place(shipment, warehouse)
            for number in range(1, len(labels) + 1)
        ]
    return body


def package_added(
    world: World, order: Document, shipment: Document, label: Document, warehouse: Document
) -> Body:
    """Write Package Added; its type stands inside `fulfillment` only."""
    return {
        "test": "0",
        "fulfillment": {
            "webhook_type": "Package Added",
            "shipment_id": shipment["legacy_id"],
            "shipment_uuid": global_id("Shipment", shipment["legacy_id"]),
            "partner_order_id": order["partner_order_id"],
            "order_number": order.get("order_number"),
            **_place(shipment, warehouse),
            "shipping_label_id": label["legacy_id"],
            "shipping_label_uuid": global_id("ShippingLabel", label["legacy_id"]),
            "package_added_at": _time(world, label["created_at"]),
        },
    }


def returned(world: World, order: Document, returned: Document) -> Body:
    """Write Return Update."""
    return {
        "test": "0",
        "webhook_type": "Return Update",
        "return_id": returned["legacy_id"],
        "return_uuid": global_id("Return", returned["legacy_id"]),
        "status": returned["status"],
        "reason": returned["reason"],
        "items": [_returned_line(order, returned, line) for line in returned["lines"]],
        "order_id": order["legacy_id"],
        "order_uuid": global_id("Order", order["legacy_id"]),
        "partner_order_id": order["partner_order_id"],
        "order_number": order.get("order_number"),
        "shop_name": order["shop_name"],
        "created_at": _time(world, returned["created_at"]).replace("T", " "),
        "label_type": "Self Return",
        "label_cost": "0.00",
        "picked_up": False,
        "tracking_number": returned["tracking_number"],
        "date_used": None,
    }


def _returned_line(order: Document, returned: Document, line: Document) -> Body:
    ordered = next(x for x in order["lines"] if x["legacy_id"] == line["line"])
    return {
        "id": line["legacy_id"],
        "uuid": global_id("ReturnItem", line["legacy_id"]),
        "quantity": line["quantity"],
        "quantity_received": line["quantity_received"],
        "sku": ordered["sku"],
        "item_reason": line["reason"],
        "restock": line["restock"],
        "partner_line_item_id": ordered["partner_line_item_id"],
        "warehouse_id": returned["warehouse"],
    }


def _allocation(order: Document) -> Body:
    return {
        "allocation_reference": order["allocation"]["reference"],
        "account_id": order["account"],
        "account_uuid": global_id("Account", order["account"]),
        "order_number": order.get("order_number"),
        "order_id": order["legacy_id"],
        "order_uuid": global_id("Order", order["legacy_id"]),
        "partner_order_id": order["partner_order_id"],
    }


def _place(shipment: Document, warehouse: Document) -> Body:
    return {
        "warehouse": warehouse.get("identifier"),
        "warehouse_id": shipment["warehouse"],
        "warehouse_uuid": global_id("Warehouse", shipment["warehouse"]),
    }


def _line(order: Document, shipped: Document, labels: list[Document]) -> Body:
    line = next(x for x in order["lines"] if x["legacy_id"] == shipped["line"])
    package = next(n for n, x in enumerate(labels, 1) if x["legacy_id"] == shipped["label"])
    return {
        # The partner's own id, not ShipHero's (contract section 6)
        "id": line["partner_line_item_id"],
        "shiphero_id": line["legacy_id"],
        "quantity": shipped["quantity"],
        "sku": line["sku"],
        "serial_numbers": [],
        "customs_description": None,
        "package": f"Package #{package}",
        "lot_id": None,
        "lot_name": None,
        "lot_expiration": None,
    }


def _package(world: World, order: Document, shipment: Document, number: int) -> Body:
    """Write one package; its full form is unknown, these are the fields the contract names."""
    label = shipment["labels"][number - 1]
    lines = [x for x in shipment["lines"] if x["label"] == label["legacy_id"]]
    return {
        "name": f"Package #{number}",
        "tracking_number": label["tracking_number"],
        "shipping_label": {
            "id": label["legacy_id"],
            "uuid": global_id("ShippingLabel", label["legacy_id"]),
            "tracking_number": label["tracking_number"],
            "tracking_url": label["tracking_url"],
            "carrier": label["carrier"],
            "shipping_method": label["method"],
            "status": label["status"],
        },
        "line_items": [_line(order, line, shipment["labels"]) for line in lines],
        "address": _address(world, order),
        "box": {"name": label["box"], **_BOX},
    }


def _address(world: World, order: Document) -> Body:
    """Write the address with the webhook's own keys, `address_city` and so on."""
    is_hidden = world.switches.now.webhooks_hide_pii
    to = {} if is_hidden else order.get("shipping_address") or {}
    name = f"{to.get('first_name') or ''} {to.get('last_name') or ''}".strip()
    return {
        "name": None if is_hidden else name,
        "address1": to.get("address1"),
        "address2": to.get("address2"),
        "address_city": to.get("city"),
        "address_zip": to.get("zip"),
        "address_state": to.get("state"),
        "address_country": to.get("country"),
    }


def _time(world: World, epoch: float) -> str:
    """Write a time without a zone; which one a webhook means is unknown."""
    return times.written(epoch + world.switches.now.webhook_utc_offset * times.HOUR)
