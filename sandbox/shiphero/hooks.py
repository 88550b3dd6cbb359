"""ShipHero's webhooks: bodies, signature, who gets them (contract section 10)."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

from sandbox.shiphero import times
from sandbox.shiphero.ids import global_id
from sandbox.store import Change, Document
from sandbox.world import World

SHIPMENT_UPDATE = "Shipment Update"
ORDER_CANCELED = "Order Canceled"
ORDER_ALLOCATED = "Order Allocated"
TYPES = (
    "Inventory Update",
    "Inventory Change",
    SHIPMENT_UPDATE,
    "Automation Rules",
    ORDER_CANCELED,
    "Capture Payment",
    "PO Update",
    "Return Update",
    "Tote Complete",
    "Tote Cleared",
    "Order Packed Out",
    "Package Added",
    "Print Barcode",
    ORDER_ALLOCATED,
    "Order Deallocated",
    "Shipment ASN",
    "Generate Label",
    "Generate Label Webhook",
    "Work Order Status Update",
    "Product Update",
)


def signature(body: bytes, secret: str) -> str:
    """Sign as documented: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def announce(
    world: World, change: Change, name: str, order: Document, body: dict[str, Any]
) -> None:
    """Keep one delivery for each enabled subscription; a disabled one loses the event."""
    text = json.dumps(body)
    for webhook in world.store.all("sh_webhook"):
        if webhook["name"] != name or not webhook["enabled"]:
            continue
        world.deliveries.keep(
            change,
            promise="shiphero",
            name=name,
            vendor="shiphero",
            method="POST",
            url=webhook["url"],
            headers={
                "Content-Type": "application/json",
                "x-shiphero-hmac-sha256": signature(text.encode(), webhook["secret"]),
                "X-Shiphero-Message-ID": str(uuid.uuid4()),
            },
            body=text,
            subjects=[order["legacy_id"]],
        )


def announce_canceled(world: World, change: Change, order: Document) -> None:
    """Raise Order Canceled; its `fulfillment-status` has a hyphen."""
    body = {
        "order_number": order.get("order_number"),
        "partner_order_id": order["partner_order_id"],
        "fulfillment-status": "canceled",
        "order_id": order["legacy_id"],
        "order_uuid": global_id("Order", order["legacy_id"]),
        "shop_name": order["shop_name"],
        "shop_order_number": order.get("order_number"),
        "webhook_type": ORDER_CANCELED,
    }
    announce(world, change, ORDER_CANCELED, order, body)


def announce_allocated(world: World, change: Change, order: Document) -> None:
    """Raise Order Allocated; `ready_to_ship` is 1 or 0."""
    allocation = order["allocation"]
    body = {
        "webhook_type": ORDER_ALLOCATED,
        "allocation_reference": allocation["reference"],
        "account_id": order["account"],
        "account_uuid": global_id("Account", order["account"]),
        "warehouse_id": allocation["warehouse"],
        "warehouse_uuid": global_id("Warehouse", allocation["warehouse"]),
        "allocated_at": times.written(allocation["at"]),
        "order_number": order.get("order_number"),
        "order_id": order["legacy_id"],
        "order_uuid": global_id("Order", order["legacy_id"]),
        "partner_order_id": order["partner_order_id"],
        "line_items": [
            {
                "id": line["legacy_id"],
                "item_uuid": global_id("LineItem", line["legacy_id"]),
                "partner_line_item_id": line["partner_line_item_id"],
                "quantity": line["quantity_allocated"],
                "sku": line["sku"],
                "is_kit_component": False,
                "created_at": times.written(line["created_at"]),
            }
            for line in order["lines"]
        ],
        "ready_to_ship": 0 if any(order["holds"].values()) else 1,
    }
    announce(world, change, ORDER_ALLOCATED, order, body)


def announce_shipment(world: World, change: Change, order: Document, shipment: Document) -> None:
    """Raise Shipment Update in its full form of 2022, `packages[]` on the top level."""
    warehouse = change.get("sh_warehouse", shipment["warehouse"]) or {}
    labels = shipment["labels"]
    at = {
        "warehouse": warehouse.get("identifier"),
        "warehouse_id": shipment["warehouse"],
        "warehouse_uuid": global_id("Warehouse", shipment["warehouse"]),
    }
    body = {
        "test": "0",
        "webhook_type": SHIPMENT_UPDATE,
        "fulfillment": {
            "shipment_id": shipment["legacy_id"],
            "shipment_uuid": global_id("Shipment", shipment["legacy_id"]),
            **at,
            "webhook_type": SHIPMENT_UPDATE,
            "partner_order_id": order["partner_order_id"],
            "order_number": order.get("order_number"),
            "tracking_number": labels[0]["tracking_number"],
            "line_items": [_line(order, line, labels) for line in shipment["lines"]],
            "custom_tracking_url": labels[0]["tracking_url"],
            "shipping_method": labels[0]["method"],
            "shipping_carrier": labels[0]["carrier"],
            "shipping_address": _address(order),
            "package": {"length": 30, "width": 20, "height": 12, "weight": 35.5},
            "completed": True,
            "created_at": times.written_with_space(shipment["created_at"]),
            "order_uuid": global_id("Order", order["legacy_id"]),
            "order_gift_note": order.get("gift_note") or "",
        },
        "total_packages": len(labels),
        "packages": [_package(order, shipment, label, at) for label in range(1, len(labels) + 1)],
    }
    announce(world, change, SHIPMENT_UPDATE, order, body)


def _line(order: Document, shipped: Document, labels: list[Document]) -> dict[str, Any]:
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


def _package(
    order: Document, shipment: Document, number: int, at: dict[str, Any]
) -> dict[str, Any]:
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
        "address": _address(order),
        "box": {"name": label["box"], "length": 30, "width": 20, "height": 12, "weight": 35.5},
        **at,
    }


def _address(order: Document) -> dict[str, Any]:
    """Write the address with the webhook's own keys, `address_city` and so on."""
    to = order.get("shipping_address") or {}
    return {
        "name": f"{to.get('first_name') or ''} {to.get('last_name') or ''}".strip(),
        "address1": to.get("address1"),
        "address2": to.get("address2"),
        "address_city": to.get("city"),
        "address_zip": to.get("zip"),
        "address_state": to.get("state"),
        "address_country": to.get("country"),
    }
