"""Orders that ShipHero gets from elsewhere, to try what a connector makes of them."""

from sandbox.brightpearl.shelf import shelf
from sandbox.person import Nonsense
from sandbox.shiphero import orders
from sandbox.store import Document
from sandbox.world import World

WEB_SHOP = "web-shop.example"
_OF_THE_LINE = ("sku", "quantity", "price", "partner_line_item_id", "product_name", "warehouse_id")
_OF_THE_ORDER = (
    "order_number",
    "partner_order_id",
    "shop_name",
    "currency",
    "shipping_address",
    "shipping_lines",
    "email",
    "tags",
)


def make_web_shop_order(world: World, account: str, order_number: str) -> Document:
    """Make an order of the merchant's web shop, which ShipHero takes from it without us."""
    merchant = world.store.get("bp_account", account)
    if merchant is None or not order_number:
        raise Nonsense("Give the order number that the web shop's order bears.")
    product = next(
        p for p in world.store.all(shelf("bp_product", account)) if p["sku"] and p["stock_tracked"]
    )
    line = {"sku": product["sku"], "quantity": 1, "price": product["price"]}
    wanted = {
        "order_number": order_number,
        "partner_order_id": f"shop-{order_number}",
        "shop_name": WEB_SHOP,
        "shipping_address": {"first_name": "Web", "last_name": "Shop", "city": "Leeds"},
        "line_items": [{**line, "partner_line_item_id": f"shop-{order_number}-1"}],
    }
    with world.change() as change:
        return orders.make_order(world, change, merchant["shiphero"], wanted)


def make_twin(world: World, number: int) -> Document:
    """Make an order again: ShipHero takes the same key twice (section 6, "Duplicates")."""
    first = orders.find_order(world, str(number))
    wanted = {name: first[name] for name in _OF_THE_ORDER if first.get(name) is not None}
    wanted["line_items"] = [
        {name: line[name] for name in _OF_THE_LINE if line.get(name) is not None}
        for line in first["lines"]
    ]
    with world.change() as change:
        return orders.make_order(world, change, first["account"], wanted)
