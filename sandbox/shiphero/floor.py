"""What people at ShipHero's desk and floor do to orders and products without shipping."""

from collections.abc import Mapping

from sandbox.shiphero.faults import INVALID, Refused, not_found
from sandbox.shiphero.orders import CANCELED, FULFILLED, edit_order, product_of, remember
from sandbox.store import Document
from sandbox.world import World


def set_status(world: World, number: int, text: str) -> Document:
    """Give an order a status; it is free text that merchants make up (contract section 7)."""
    with world.change() as change:
        order = edit_order(world, change, str(number))
        order["fulfillment_status"] = text
        remember(world, order, f"Status set to {text}", "desk")
    return order


def put_in_tote(world: World, number: int, *, is_in: bool) -> Document:
    """Begin to pick an order: from here a hold does not stop it, and a cancel is refused."""
    with world.change() as change:
        order = edit_order(world, change, str(number))
        if order["fulfillment_status"] in {CANCELED, FULFILLED}:
            raise Refused(f"Order is {order['fulfillment_status']} already", INVALID)
        order["in_tote"] = is_in
        remember(world, order, "Picked into a tote" if is_in else "Tote cleared", "floor")
    return order


def make_kit(world: World, account: int, sku: str, parts: Mapping[str, int]) -> Document:
    """Let a product be a kit of others, so many of each; orders made from now on know it."""
    with world.change() as change:
        found = product_of(world, account, sku)
        unknown = [one for one in parts if product_of(world, account, one) is None]
        if found is None or unknown:
            raise not_found("Product")
        product = change.edit("sh_product", found["legacy_id"])
        product |= {"kit": bool(parts), "made_of": dict(parts)}
        product["updated_at"] = world.clock.now()
    return product
