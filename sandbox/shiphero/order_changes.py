"""What is done to an order after it was made: held, cancelled, its lines changed (section 7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.shiphero import hooks
from sandbox.shiphero.allocation import deallocate
from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.orders import CANCELED, FULFILLED, HOLDS, find_line, product_of, remember
from sandbox.shiphero.shipment_filters import VALID
from sandbox.store import Change, Document
from sandbox.world import World


def cancel_order(
    world: World, change: Change, order: Document, *, reason: str | None, force: bool
) -> None:
    """Cancel; what the warehouse has begun is refused without `force` (its text is unknown)."""
    if order["fulfillment_status"] == CANCELED:
        return
    if not force:
        _check_free(world, order)
    order["fulfillment_status"] = CANCELED
    order["in_tote"] = False
    for line in order["lines"]:
        line |= {"quantity_allocated": 0, "quantity_pending_fulfillment": 0}
        line["fulfillment_status"] = CANCELED
    deallocate(world, change, order)
    remember(world, order, f"Order canceled: {reason or 'no reason given'}")
    hooks.announce_canceled(world, change, order)


def check_open(world: World, order: Document) -> None:
    """Refuse to change an order that has ended, where the switch plays that (unknown)."""
    ended = order["fulfillment_status"] in {CANCELED, FULFILLED}
    if ended and world.switches.now.update_ended == "refuse":
        status = order["fulfillment_status"]
        raise Refused(f"Order is {status} and cannot be updated", INVALID)


def has_valid_labels(world: World, order: Document) -> bool:
    """Tell whether a label or a completed shipment of the order stands."""
    shipments = world.store.find("sh_shipment", "order_id", order["legacy_id"])
    return any(label["status"] == VALID for each in shipments for label in each["labels"])


def hold_order(world: World, order: Document, wanted: Mapping[str, Any]) -> None:
    """Set or lift holds that are named."""
    for name in HOLDS:
        if wanted.get(name) is not None:
            order["holds"][name] = bool(wanted[name])
    standing = [name for name in HOLDS if order["holds"][name]]
    remember(world, order, f"Holds are now: {', '.join(standing) or 'none'}")


def update_lines(world: World, order: Document, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Change lines by ShipHero's id; a new quantity is allocated where there is a product."""
    for each in wanted:
        line = find_line(order, each["id"])
        line.update({name: value for name, value in each.items() if name != "id"})
        line["updated_at"] = world.clock.now()
        if each.get("quantity") is not None:
            left = max(0, each["quantity"] - line["quantity_shipped"])
            is_known = product_of(world, order["account"], line["sku"]) is not None
            line["quantity_pending_fulfillment"] = left
            line["quantity_allocated"] = left if is_known else 0
            line["backorder_quantity"] = 0 if is_known else left


def _check_free(world: World, order: Document) -> None:
    switches = world.switches.now
    if switches.cancel_shipped == "refuse" and has_valid_labels(world, order):
        raise Refused("Order has completed shipments and cannot be canceled", INVALID)
    if switches.cancel_in_tote == "refuse" and order.get("in_tote"):
        raise Refused("Order is being picked and cannot be canceled", INVALID)
