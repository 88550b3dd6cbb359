"""ShipHero's orders and their lines: made, found, added to (contract section 6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.shiphero import allocation
from sandbox.shiphero.addresses import is_doubtful, normalised
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
    _check_new(world, account, wanted)
    _check_lines(world, account, lines)
    now = world.clock.now()
    kept_lines = [_make_line(world, change, account, line) for line in lines]
    parts = [part for line in kept_lines for part in _parts_of(world, change, account, line)]
    number = change.next_id("sh_order", FIRST_ORDER)
    order = {
        "shop_name": "public-api",
        "order_date": now,
        "tags": [],
        # Billing keeps what was given, also where shipping is normalised (section 8).
        "billing_address": wanted.get("shipping_address"),
        **kept(world, wanted),
        "legacy_id": number,
        "account": account,
        # Without a partner_order_id the storefront's id is likely the order number (section 6).
        "partner_order_id": wanted.get("partner_order_id") or wanted.get("order_number"),
        "fulfillment_status": wanted.get("fulfillment_status") or PENDING,
        "holds": _holds(wanted),
        "lines": kept_lines + parts,
        "allocation": None,
        "history": [],
        "in_tote": False,
        "created_at": now,
        "updated_at": now,
        "shipped_at": None,
    }
    change.put("sh_order", number, order)
    remember(world, order, "Order created through the public API")
    allocation.allocate(world, change, order)
    return order


def kept(world: World, wanted: Mapping[str, Any]) -> Document:
    """Give the header fields of an input as they are kept."""
    fields = {name: value for name, value in wanted.items() if name not in _NOT_KEPT}
    if "shipping_address" in fields:
        fields["shipping_address"] = normalised(world, wanted)
    return fields


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


def add_lines(
    world: World, change: Change, order: Document, lines: Sequence[Mapping[str, Any]]
) -> None:
    """Add lines to an order."""
    _check_lines(world, order["account"], lines)
    order["lines"] += [_make_line(world, change, order["account"], line) for line in lines]


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


def is_kept(order: Document, now: float) -> bool:
    """Tell whether an order's `hold_until_date` lies ahead."""
    until: float | None = order.get("hold_until_date")
    return until is not None and until > now


def product_of(world: World, account: int, sku: str) -> Document | None:
    """Find the product of a SKU; it is unique in an account (section 6)."""
    found = world.store.find("sh_product", "sku", sku)
    return next((product for product in found if product["account"] == account), None)


def _holds(wanted: Mapping[str, Any]) -> dict[str, bool]:
    asked = wanted.get("holds") or {}
    holds = {name: bool(asked.get(name)) for name in HOLDS}
    return {**holds, "address_hold": holds["address_hold"] or is_doubtful(wanted)}


def _make_line(world: World, change: Change, account: int, wanted: Mapping[str, Any]) -> Document:
    product = product_of(world, account, wanted["sku"])
    quantity, now = wanted["quantity"], world.clock.now()
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


def _parts_of(world: World, change: Change, account: int, line: Document) -> list[Document]:
    """Give the lines of what a kit is made of; they bear no id of the storefront's (unknown)."""
    product = product_of(world, account, line["sku"])
    made_of = (product or {}).get("made_of") or {}
    if not made_of or world.switches.now.kits_ship_as == "kit":
        return []
    # What is packed are the parts: the kit's own line is done when they are.
    line |= {"is_kit": True, "quantity_allocated": 0}
    wanted = {"price": "0.00", "partner_line_item_id": None}
    parts = [
        _make_line(
            world, change, account, {**wanted, "sku": sku, "quantity": each * line["quantity"]}
        )
        for sku, each in made_of.items()
    ]
    return [{**part, "kit_line": line["legacy_id"]} for part in parts]


def _check_new(world: World, account: int, wanted: Mapping[str, Any]) -> None:
    """Refuse a storefront's id that was used, where the switch plays that (unknown)."""
    key = wanted.get("partner_order_id")
    if key is None or not world.switches.now.refuse_reused_partner_order_id:
        return
    earlier = world.store.find("sh_order", "partner_order_id", key)
    if any(order["account"] == account for order in earlier):
        raise Refused(f"An order with partner_order_id {key} already exists", INVALID)


def _check_lines(world: World, account: int, lines: Sequence[Mapping[str, Any]]) -> None:
    if world.switches.now.unknown_sku == "error":
        for line in lines:
            if product_of(world, account, line["sku"]) is None:
                raise Refused(f"Not product with sku {line['sku']} exists", NOT_FOUND)
    if world.switches.now.refuse_reused_line_ids:
        known = {
            line["partner_line_item_id"]
            for order in world.store.find("sh_order", "account", account)
            for line in order["lines"]
        }
        for line in lines:
            if line["partner_line_item_id"] in known:
                text = f"partner_line_item_id {line['partner_line_item_id']} already exists"
                raise Refused(text, INVALID)
            known.add(line["partner_line_item_id"])
