"""Who gets which of ShipHero's webhooks, signed as documented (contract section 10)."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

from sandbox.shiphero import hook_bodies
from sandbox.store import Change, Document
from sandbox.world import World

SHIPMENT_UPDATE = "Shipment Update"
ORDER_CANCELED = "Order Canceled"
ORDER_ALLOCATED = "Order Allocated"
ORDER_DEALLOCATED = "Order Deallocated"
ORDER_PACKED_OUT = "Order Packed Out"
PACKAGE_ADDED = "Package Added"
RETURN_UPDATE = "Return Update"
TYPES = (
    "Inventory Update",
    "Inventory Change",
    SHIPMENT_UPDATE,
    "Automation Rules",
    ORDER_CANCELED,
    "Capture Payment",
    "PO Update",
    RETURN_UPDATE,
    "Tote Complete",
    "Tote Cleared",
    ORDER_PACKED_OUT,
    PACKAGE_ADDED,
    "Print Barcode",
    ORDER_ALLOCATED,
    ORDER_DEALLOCATED,
    "Shipment ASN",
    "Generate Label",
    "Generate Label Webhook",
    "Work Order Status Update",
    "Product Update",
)
MESSAGE_ID = "X-Shiphero-Message-ID"


def signature(body: bytes, secret: str) -> str:
    """Sign as documented: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def announce(
    world: World, change: Change, name: str, order: Document, body: dict[str, Any]
) -> None:
    """Keep one delivery for each enabled subscription; a disabled one loses the event."""
    text = json.dumps(body)
    for webhook in _subscribed(world, name, order["account"]):
        if not webhook["enabled"]:
            # Discarded, not kept for later; only our own counter knows of it.
            counts = change.edit("sh_webhook", webhook["legacy_id"]).setdefault("counts", {})
            counts["discarded"] = counts.get("discarded", 0) + 1
            continue
        world.deliveries.keep(
            change,
            promise="shiphero",
            name=name,
            vendor="shiphero",
            webhook=webhook["legacy_id"],
            method="POST",
            url=webhook["url"],
            headers={
                "Content-Type": "application/json",
                "x-shiphero-hmac-sha256": signature(text.encode(), webhook["secret"]),
                MESSAGE_ID: str(uuid.uuid4()),
            },
            body=text,
            subjects=[order["legacy_id"]],
        )


def announce_canceled(world: World, change: Change, order: Document) -> None:
    """Raise Order Canceled."""
    announce(world, change, ORDER_CANCELED, order, hook_bodies.canceled(order))


def announce_allocated(world: World, change: Change, order: Document) -> None:
    """Raise Order Allocated."""
    announce(world, change, ORDER_ALLOCATED, order, hook_bodies.allocated(world, order))


def announce_deallocated(world: World, change: Change, order: Document) -> None:
    """Raise Order Deallocated."""
    announce(world, change, ORDER_DEALLOCATED, order, hook_bodies.deallocated(world, order))


def announce_packed_out(world: World, change: Change, order: Document) -> None:
    """Raise Order Packed Out, which only the tote flow does."""
    announce(world, change, ORDER_PACKED_OUT, order, hook_bodies.packed_out(order))


def announce_shipment(world: World, change: Change, order: Document, shipment: Document) -> None:
    """Raise Shipment Update."""
    warehouse = change.get("sh_warehouse", shipment["warehouse"]) or {}
    body = hook_bodies.shipped(world, order, shipment, warehouse)
    announce(world, change, SHIPMENT_UPDATE, order, body)


def announce_packages(world: World, change: Change, order: Document, shipment: Document) -> None:
    """Raise one Package Added a parcel."""
    warehouse = change.get("sh_warehouse", shipment["warehouse"]) or {}
    for label in shipment["labels"]:
        body = hook_bodies.package_added(world, order, shipment, label, warehouse)
        announce(world, change, PACKAGE_ADDED, order, body)


def announce_return(world: World, change: Change, order: Document, returned: Document) -> None:
    """Raise Return Update."""
    announce(world, change, RETURN_UPDATE, order, hook_bodies.returned(world, order, returned))


def _subscribed(world: World, name: str, account: int) -> list[Document]:
    """List the subscriptions of an account; a 3PL's own hear its customers only by a switch."""
    owner = world.store.get("sh_account", account) or {}
    # Return Update is stated to work on the customer's account only.
    hears = world.switches.now.parent_hears_customers and name != RETURN_UPDATE
    accounts = {account, owner.get("parent")} if hears else {account}
    return [
        webhook
        for webhook in world.store.all("sh_webhook")
        if webhook["name"] == name and webhook.get("account") in accounts
    ]
