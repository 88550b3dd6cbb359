"""The warehouse floor: parcels packed, labels printed, orders fulfilled."""

import random
from collections.abc import Mapping, Sequence

from sandbox.shiphero import hooks
from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.orders import CANCELED, FULFILLED, PENDING, is_held, remember
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_SHIPMENT = 150_070_001
FIRST_LABEL = 987_025_001
CARRIER, METHOD = "royal_mail", "Tracked 48"


def ship(
    world: World,
    order_number: int,
    *,
    parcels: int = 1,
    tracking: Sequence[str] = (),
    lines: Mapping[str, int] | None = None,
) -> Document:
    """Ship an order, or the given quantities by SKU; the rest stays pending."""
    with world.change() as change:
        if change.get("sh_order", order_number) is None:
            raise Refused("Order not found", INVALID)
        order = change.edit("sh_order", order_number)
        if order["fulfillment_status"] in {CANCELED, FULFILLED}:
            raise Refused(f"Order is {order['fulfillment_status']} already", INVALID)
        shipment = _make_shipment(world, change, order, max(1, parcels), tracking, lines)
        order["updated_at"] = shipment["created_at"]
        order["shipped_at"] = shipment["created_at"]
        if all(line["quantity_pending_fulfillment"] == 0 for line in order["lines"]):
            order["fulfillment_status"] = FULFILLED
            order["allocation"] = None
        numbers = ", ".join(label["tracking_number"] for label in shipment["labels"])
        remember(world, order, f"Shipped in {len(shipment['labels'])} parcels: {numbers}")
        hooks.announce_shipment(world, change, order, shipment)
    return shipment


def ship_what_is_due(world: World) -> int:
    """Ship each pending order that nobody holds and that came long enough ago."""
    ship_after = world.switches.now.ship_after
    if ship_after is None:
        return 0
    latest = world.clock.now() - world.clock.scaled(ship_after)
    due = [
        order["legacy_id"]
        for order in world.store.find("sh_order", "fulfillment_status", PENDING)
        if order["created_at"] <= latest and not is_held(order) and _has_stock(order)
    ]
    for number in due:
        ship(world, number)
    return len(due)


def _has_stock(order: Document) -> bool:
    return any(
        min(line["quantity_allocated"], line["quantity_pending_fulfillment"]) > 0
        for line in order["lines"]
    )


def _make_shipment(
    world: World,
    change: Change,
    order: Document,
    parcels: int,
    tracking: Sequence[str],
    wanted: Mapping[str, int] | None,
) -> Document:
    number = change.next_id("sh_shipment", FIRST_SHIPMENT)
    now = world.clock.now()
    is_numbered = not world.switches.now.empty_tracking_number
    labels = []
    for at in range(parcels):
        text = tracking[at] if at < len(tracking) else _tracking(world.dice) if is_numbered else ""
        labels.append(_make_label(change, text, now))
    allocation = order["allocation"] or {}
    shipment = {
        "legacy_id": number,
        "order_id": order["legacy_id"],
        "warehouse": allocation.get("warehouse") or world.store.all("sh_warehouse")[0]["legacy_id"],
        "labels": labels,
        "lines": _pack(change, order, labels, wanted),
        "created_at": now,
    }
    return change.put("sh_shipment", number, shipment)


def _make_label(change: Change, tracking: str, now: float) -> Document:
    return {
        "legacy_id": change.next_id("sh_label", FIRST_LABEL),
        "tracking_number": tracking,
        # Without a number the url is a bare search address (recorded)
        "tracking_url": f"https://www.google.com/search?q={tracking}",
        "carrier": CARRIER,
        "method": METHOD,
        "status": "valid",
        "box": "Medium box",
        "created_at": now,
    }


def _pack(
    change: Change, order: Document, labels: Sequence[Document], wanted: Mapping[str, int] | None
) -> list[Document]:
    """Share the units between the parcels in turn and count them off the order's lines."""
    packed: dict[tuple[int, int], int] = {}
    left = None if wanted is None else dict(wanted)
    units = 0
    for line in order["lines"]:
        # What has no product, or no stock, cannot be packed.
        quantity = min(line["quantity_pending_fulfillment"], line["quantity_allocated"])
        if left is not None:
            quantity = min(quantity, left.get(line["sku"], 0))
            left[line["sku"]] = left.get(line["sku"], 0) - quantity
        for _ in range(quantity):
            at = (line["legacy_id"], labels[units % len(labels)]["legacy_id"])
            packed[at] = packed.get(at, 0) + 1
            units += 1
        _count_off(line, quantity)
    if not units:
        raise Refused("There is nothing to ship", INVALID)
    return [
        {
            "legacy_id": change.next_id("sh_shipped_line", 704_011_001),
            "line": line,
            "label": label,
            "quantity": quantity,
        }
        for (line, label), quantity in packed.items()
    ]


def _count_off(line: Document, quantity: int) -> None:
    line["quantity_pending_fulfillment"] -= quantity
    line["quantity_shipped"] += quantity
    line["quantity_allocated"] = max(0, line["quantity_allocated"] - quantity)
    if line["quantity_pending_fulfillment"] == 0:
        line["fulfillment_status"] = FULFILLED


def _tracking(dice: random.Random) -> str:
    """Invent a number in the form of the international postal standard S10."""
    return f"{dice.choice('JKLMNQ')}{dice.choice('ABCDEF')}{dice.randint(10**8, 10**9 - 1)}GB"
