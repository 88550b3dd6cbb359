"""What happens to an order in ShipHero: made, changed, held, cancelled (sections 6 and 7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.shiphero import hooks
from sandbox.shiphero.faults import INVALID, NOT_FOUND, Refused, not_found
from sandbox.shiphero.ids import number_in
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_ORDER = 310_004_501
FIRST_LINE = 820_011_001
PENDING, FULFILLED, CANCELED = "pending", "fulfilled", "canceled"
HOLDS = ("payment_hold", "operator_hold", "fraud_hold", "address_hold", "client_hold")
_NOT_KEPT = {"line_items", "holds", "order_id", "customer_account_id", "history_entry"}


def make_order(world: World, change: Change, account: int, wanted: Mapping[str, Any]) -> Document:
    """Keep a new order; two equal calls make two orders (section 6, "Duplicates")."""
    lines = [line for line in wanted.get("line_items") or [] if line]
    _check_lines(world, lines)
    now = world.clock.now()
    number = change.next_id("sh_order", FIRST_ORDER)
    holds = wanted.get("holds") or {}
    order = {
        "shop_name": "public-api",
        "order_date": now,
        "tags": [],
        **{name: value for name, value in wanted.items() if name not in _NOT_KEPT},
        "legacy_id": number,
        "account": account,
        "customer": wanted.get("customer_account_id"),
        # Without a partner_order_id the storefront's id is likely the order number (section 6).
        "partner_order_id": wanted.get("partner_order_id") or wanted.get("order_number"),
        "fulfillment_status": wanted.get("fulfillment_status") or PENDING,
        "holds": {name: bool(holds.get(name)) for name in HOLDS},
        "lines": [_make_line(world, change, line, now) for line in lines],
        "allocation": None,
        "history": [],
        "created_at": now,
        "updated_at": now,
        "shipped_at": None,
    }
    change.put("sh_order", number, order)
    remember(world, order, "Order created through the public API")
    _allocate(world, change, order)
    return order


def find_order(world: World, text: str) -> Document:
    """Find an order by either form of its id."""
    order = world.store.get("sh_order", number_in(text, "Order"))
    if order is None:
        raise not_found("Order")
    return order


def edit_order(world: World, change: Change, text: str) -> Document:
    """Give an order to alter; its `updated_at` moves."""
    order = change.edit("sh_order", find_order(world, text)["legacy_id"])
    order["updated_at"] = world.clock.now()
    return order


def update_order(order: Document, wanted: Mapping[str, Any]) -> None:
    """Change header fields; lines, holds and shop name have calls of their own."""
    order.update({name: value for name, value in wanted.items() if name not in _NOT_KEPT})


def cancel_order(
    world: World, change: Change, order: Document, *, reason: str | None, force: bool
) -> None:
    """Cancel; a shipped order is refused without `force` (its real text is unknown)."""
    if order["fulfillment_status"] == CANCELED:
        return
    is_free = force or world.switches.now.cancel_shipped == "allow"
    if order["fulfillment_status"] == FULFILLED and not is_free:
        raise Refused("Order has completed shipments and cannot be canceled", INVALID)
    order["fulfillment_status"] = CANCELED
    for line in order["lines"]:
        line |= {"quantity_allocated": 0, "quantity_pending_fulfillment": 0}
        line["fulfillment_status"] = CANCELED
    order["allocation"] = None
    remember(world, order, f"Order canceled: {reason or 'no reason given'}")
    hooks.announce_canceled(world, change, order)


def hold_order(world: World, order: Document, wanted: Mapping[str, Any]) -> None:
    """Set or lift holds that are named."""
    for name in HOLDS:
        if wanted.get(name) is not None:
            order["holds"][name] = bool(wanted[name])
    standing = [name for name in HOLDS if order["holds"][name]]
    remember(world, order, f"Holds are now: {', '.join(standing) or 'none'}")


def add_lines(
    world: World, change: Change, order: Document, lines: Sequence[Mapping[str, Any]]
) -> None:
    """Add lines to an order."""
    _check_lines(world, lines)
    order["lines"] += [_make_line(world, change, line, world.clock.now()) for line in lines]


def find_line(order: Document, text: str) -> Document:
    """Find a line of an order by its id."""
    number = number_in(text, "LineItem")
    found: Document | None = next((x for x in order["lines"] if x["legacy_id"] == number), None)
    if found is None:
        raise not_found("Line item")
    return found


def remember(world: World, order: Document, text: str, who: str = "public-api") -> None:
    """Write a line of the order's history."""
    order["history"] = [*order["history"], {"text": text, "who": who, "at": world.clock.now()}]


def is_held(order: Document) -> bool:
    """Tell whether any hold stands."""
    return any(order["holds"].values())


def product_of(world: World, sku: str) -> Document | None:
    """Find the product of a SKU."""
    return next(iter(world.store.find("sh_product", "sku", sku)), None)


def _make_line(world: World, change: Change, wanted: Mapping[str, Any], now: float) -> Document:
    product = product_of(world, wanted["sku"])
    quantity = wanted["quantity"]
    return {
        "product_name": product["name"] if product else None,
        **wanted,
        "legacy_id": change.next_id("sh_line", FIRST_LINE),
        "fulfillment_status": wanted.get("fulfillment_status") or PENDING,
        "quantity_pending_fulfillment": quantity,
        "quantity_shipped": 0,
        "quantity_allocated": quantity if product else 0,
        "backorder_quantity": 0 if product else quantity,
        "created_at": now,
        "updated_at": now,
    }


def _check_lines(world: World, lines: Sequence[Mapping[str, Any]]) -> None:
    switches = world.switches.now
    if switches.unknown_sku == "error":
        for line in lines:
            if product_of(world, line["sku"]) is None:
                raise Refused(f"Not product with sku {line['sku']} exists", NOT_FOUND)
    if switches.refuse_reused_line_ids:
        known = {x["partner_line_item_id"] for o in world.store.all("sh_order") for x in o["lines"]}
        for line in lines:
            if line["partner_line_item_id"] in known:
                text = f"partner_line_item_id {line['partner_line_item_id']} already exists"
                raise Refused(text, INVALID)


def _allocate(world: World, change: Change, order: Document) -> None:
    """Give the order to a warehouse: the one its lines are locked to, else the first."""
    if not any(line["quantity_allocated"] for line in order["lines"]):
        return
    locked = next((x["warehouse_id"] for x in order["lines"] if x.get("warehouse_id")), None)
    warehouses = world.store.all("sh_warehouse")
    number = number_in(locked, "Warehouse") if locked else warehouses[0]["legacy_id"]
    if all(warehouse["legacy_id"] != number for warehouse in warehouses):
        raise Refused(f"Invalid id {locked}", INVALID)
    order["allocation"] = {
        "warehouse": number,
        "at": world.clock.now(),
        "reference": change.next_id("sh_allocation", 725_000_101),
        "is_locked": locked is not None,
    }
    hooks.announce_allocated(world, change, order)
