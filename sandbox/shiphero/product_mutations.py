"""What can be done to products over GraphQL (contract section 9)."""

from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero.accounts import acting_for
from sandbox.shiphero.connections import Node
from sandbox.shiphero.faults import INVALID, NOT_FOUND, Refused
from sandbox.shiphero.ids import number_in
from sandbox.shiphero.orders import product_of
from sandbox.shiphero.product_nodes import product_node, stock_node
from sandbox.shiphero.visit import here, result
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_PRODUCT = 326_090_401
FIRST_STOCK = 91_500_001
_NOT_KEPT = {"warehouse_products", "customer_account_id"}
Info = GraphQLResolveInfo


def make_product(world: World, change: Change, account: int, wanted: dict[str, Any]) -> Document:
    """Keep a new product; a SKU is unique per account (the text is known, its code is not)."""
    if product_of(world, account, wanted["sku"]) is not None:
        raise Refused(f"A product with sku {wanted['sku']} already exists")
    now = world.clock.now()
    number = change.next_id("sh_product", FIRST_PRODUCT)
    rows = [row for row in wanted["warehouse_products"] if row]
    product = {
        **{name: value for name, value in wanted.items() if name not in _NOT_KEPT},
        "legacy_id": number,
        "account": account,
        "stock": [_stock(change, row) for row in rows],
        "created_at": now,
        "updated_at": now,
    }
    return change.put("sh_product", number, product)


def product_create(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Make a product."""
    visit = here(info)
    account = acting_for(visit, data.get("customer_account_id"))
    with visit.world.change() as change:
        product = make_product(visit.world, change, account["legacy_id"], data)
    return result(info, product=product_node(visit.world, product))


def product_update(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Change a product by its SKU; `tags` replaces all."""
    world = here(info).world
    with world.change() as change:
        product = _edit(info, change, data)
        more = {name: value for name, value in data.items() if name not in _NOT_KEPT}
        product.update(more, updated_at=world.clock.now())
    return result(info, product=product_node(world, product))


def product_add_to_warehouse(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Give a product a row in one more warehouse."""
    world = here(info).world
    with world.change() as change:
        product = _edit(info, change, data)
        stock = _stock(change, data)
        if any(row["warehouse"] == stock["warehouse"] for row in product["stock"]):
            raise Refused("Product already exists in the warehouse", INVALID)
        product["stock"].append(stock)
        product["updated_at"] = world.clock.now()
    return result(info, warehouse_product=stock_node(world, product, stock))


def _edit(info: Info, change: Change, data: dict[str, Any]) -> Document:
    visit = here(info)
    account = acting_for(visit, data.get("customer_account_id"))
    found = product_of(visit.world, account["legacy_id"], data["sku"])
    if found is None:
        raise Refused(f"Not product with sku {data['sku']} exists", NOT_FOUND)
    return change.edit("sh_product", found["legacy_id"])


def _stock(change: Change, wanted: dict[str, Any]) -> Document:
    number = number_in(wanted["warehouse_id"], "Warehouse")
    if change.get("sh_warehouse", number) is None:
        raise Refused(f"Invalid id {wanted['warehouse_id']}", INVALID)
    return {
        "legacy_id": change.next_id("sh_stock", FIRST_STOCK),
        "warehouse": number,
        "on_hand": wanted.get("on_hand") or 0,
    }


PRODUCT_MUTATIONS = {
    "product_create": product_create,
    "product_update": product_update,
    "product_add_to_warehouse": product_add_to_warehouse,
}
