"""Returns: announced by a customer, received on the floor (contract section 8)."""

from collections.abc import Mapping

from sandbox.shiphero import hooks
from sandbox.shiphero.faults import INVALID, Refused, not_found
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_RETURN = 3_077_001
FIRST_ITEM = 4_745_001


def make_return(
    world: World, order_number: int, *, lines: Mapping[str, int], reason: str = ""
) -> Document:
    """Announce a return of quantities by SKU."""
    with world.change() as change:
        if change.get("sh_order", order_number) is None:
            raise not_found("Order")
        order = change.edit("sh_order", order_number)
        now = world.clock.now()
        number = change.next_id("sh_return", FIRST_RETURN)
        returned = {
            "legacy_id": number,
            "order_id": order_number,
            "account": order["account"],
            "warehouse": _warehouse(world, order),
            "status": "pending",
            "reason": reason,
            "lines": [_item(change, order, sku, count) for sku, count in lines.items()],
            "tracking_number": "",
            "created_at": now,
            "updated_at": now,
        }
        change.put("sh_return", number, returned)
        order["updated_at"] = now
        hooks.announce_return(world, change, order, returned)
    return returned


def receive_return(world: World, number: int, *, restock: bool, condition: str) -> Document:
    """Receive a whole return; `restock` puts its units back on the shelf."""
    if world.store.get("sh_return", number) is None:
        raise not_found("Return")
    with world.change() as change:
        returned = change.edit("sh_return", number)
        for line in returned["lines"]:
            line["quantity_received"] = line["quantity"]
            line["restock"] = line["quantity"] if restock else 0
            line["condition"] = condition
        returned |= {"status": "complete", "updated_at": world.clock.now()}
        order = change.edit("sh_order", returned["order_id"])
        order["updated_at"] = world.clock.now()
        hooks.announce_return(world, change, order, returned)
    return returned


def _item(change: Change, order: Document, sku: str, quantity: int) -> Document:
    line = next((each for each in order["lines"] if each["sku"] == sku), None)
    if line is None:
        raise Refused(f"The order has no line of {sku}", INVALID)
    return {
        "legacy_id": change.next_id("sh_return_item", FIRST_ITEM),
        "line": line["legacy_id"],
        "quantity": quantity,
        "quantity_received": 0,
        "restock": 0,
        "condition": None,
        "reason": "Found it cheaper",
    }


def _warehouse(world: World, order: Document) -> int:
    shipments = world.store.find("sh_shipment", "order_id", order["legacy_id"])
    if not shipments:
        raise Refused("Nothing of the order was shipped", INVALID)
    return int(shipments[0]["warehouse"])
