"""The warehouse floor: parcels packed, orders fulfilled (contract section 8)."""

from collections.abc import Mapping, Sequence

from sandbox.shiphero import hooks
from sandbox.shiphero.accounts import warehouses_of
from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.labels import FIRST_SHIPPED_LINE, make_label
from sandbox.shiphero.orders import CANCELED, FULFILLED, PENDING, is_held, is_kept, remember
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_SHIPMENT = 150_070_001


def ship(
    world: World,
    order_number: int,
    *,
    parcels: int = 1,
    tracking: Sequence[str] = (),
    lines: Mapping[str, int] | None = None,
    is_bulk: bool = False,
) -> Document:
    """Ship an order, or the given quantities by SKU; the rest stays pending.

    A hold does not stop the floor: what is shipped by hand was picked before (section 7).
    """
    with world.change() as change:
        if change.get("sh_order", order_number) is None:
            raise Refused("Order not found", INVALID)
        order = change.edit("sh_order", order_number)
        if order["fulfillment_status"] in {CANCELED, FULFILLED}:
            raise Refused(f"Order is {order['fulfillment_status']} already", INVALID)
        shipment = _make_shipment(world, change, order, max(1, parcels), tracking, lines)
        # With Bulk Ship the store is not notified yet (section 8).
        shipment["completed"] = not is_bulk
        order |= {"updated_at": shipment["created_at"], "shipped_at": shipment["created_at"]}
        if all(line["quantity_pending_fulfillment"] == 0 for line in order["lines"]):
            order |= {"fulfillment_status": FULFILLED, "allocation": None}
        numbers = ", ".join(label["tracking_number"] for label in shipment["labels"])
        remember(world, order, f"Shipped in {len(shipment['labels'])} parcels: {numbers}")
        if order.get("in_tote"):
            order["in_tote"] = False
            hooks.announce_packed_out(world, change, order)
        hooks.announce_packages(world, change, order, shipment)
        hooks.announce_shipment(world, change, order, shipment)
    return shipment


def ship_what_is_due(world: World) -> int:
    """Ship each pending order that nobody holds and that came long enough ago."""
    ship_after = world.switches.now.ship_after
    if ship_after is None:
        return 0
    latest = world.clock.now() - world.clock.scaled(ship_after)
    now = world.clock.now()
    due = [
        order["legacy_id"]
        for order in world.store.find("sh_order", "fulfillment_status", PENDING)
        if order["created_at"] <= latest and _may_go(order, now) and _has_stock(order)
    ]
    for number in due:
        ship(world, number)
    return len(due)


def _may_go(order: Document, now: float) -> bool:
    """Tell whether nothing holds an order; once it is in a tote no hold does (section 7)."""
    return bool(order.get("in_tote")) or not (is_held(order) or is_kept(order, now))


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
    given = [*tracking, *([None] * (parcels - len(tracking)))][:parcels]
    labels = [make_label(world, change, text) for text in given]
    allocation = order["allocation"] or {}
    shipment = {
        "legacy_id": number,
        "order_id": order["legacy_id"],
        "warehouse": allocation.get("warehouse") or _first_warehouse(world, order),
        "labels": labels,
        "lines": _pack(change, order, labels, wanted),
        "created_at": now,
    }
    _finish_kits(order)
    return change.put("sh_shipment", number, shipment)


def _first_warehouse(world: World, order: Document) -> int:
    return int(warehouses_of(world, order["account"])[0]["legacy_id"])


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
            "legacy_id": change.next_id("sh_shipped_line", FIRST_SHIPPED_LINE),
            "line": line,
            "label": label,
            "quantity": quantity,
        }
        for (line, label), quantity in packed.items()
    ]


def _finish_kits(order: Document) -> None:
    """Count a kit off when all of its parts have shipped."""
    for kit in order["lines"]:
        parts = [line for line in order["lines"] if line.get("kit_line") == kit["legacy_id"]]
        if parts and all(part["quantity_pending_fulfillment"] == 0 for part in parts):
            _count_off(kit, kit["quantity_pending_fulfillment"])


def _count_off(line: Document, quantity: int) -> None:
    line["quantity_pending_fulfillment"] -= quantity
    line["quantity_shipped"] += quantity
    line["quantity_allocated"] = max(0, line["quantity_allocated"] - quantity)
    if line["quantity_pending_fulfillment"] == 0:
        line["fulfillment_status"] = FULFILLED
