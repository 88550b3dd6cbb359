"""What can be asked of ShipHero (contract sections 8 and 9)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero import order_filters
from sandbox.shiphero.connections import Node, connection
from sandbox.shiphero.faults import NOT_FOUND, Refused, not_found
from sandbox.shiphero.ids import global_id, number_in
from sandbox.shiphero.nodes import history, order_node, shipment_node
from sandbox.shiphero.orders import find_order, product_of
from sandbox.shiphero.product_nodes import product_node, stock_node, warehouse_node
from sandbox.shiphero.visit import here, result
from sandbox.shiphero.webhooks import webhook_node
from sandbox.store import Document
from sandbox.world import World

Info = GraphQLResolveInfo
Render = Callable[[Any], Node]


def _listed(info: Info, find: Callable[[], list[Any]], render: Render, *, analyze: bool) -> Node:
    """Answer a list; trouble with an argument shows at `data`, as captured."""
    if analyze:
        return result(info)
    return result(info, data=lambda _info, **paging: connection(find(), render, paging))


def account(_root: None, info: Info, *, analyze: bool = False) -> Node:
    """Answer who we are; there is no root field for warehouses."""
    visit = here(info)
    own, world = visit.account, visit.world
    data = {
        **own,
        "id": global_id("Account", own["legacy_id"]),
        "warehouses": [warehouse_node(world, w) for w in world.store.all("sh_warehouse")],
        "customers": lambda _info, **paging: connection(own["customers"], dict, paging),
    }
    return result(info, data=None if analyze else data)


def uuid(_root: None, info: Info, *, legacy_id: int, entity: str, analyze: bool = False) -> Node:
    """Turn a number into an id."""
    data = {"legacy_id": legacy_id, "id": global_id(entity, legacy_id)}
    return result(info, data=None if analyze else data)


def order(_root: None, info: Info, *, id: str, analyze: bool = False) -> Node:  # noqa: A002
    """Answer one order."""
    world = here(info).world

    def data(_info: Info) -> Node:
        found = find_order(world, id)
        if world.switches.now.index_lag_hides_order and not order_filters.is_indexed(world, found):
            raise not_found("Order")
        return order_node(world, found)

    return result(info, data=None if analyze else data)


def orders(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer the orders that all filters let through."""
    world = here(info).world
    find = partial(order_filters.orders_matching, world, wanted)
    return _listed(info, find, partial(order_node, world), analyze=analyze)


def order_history(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer the history lines of one order."""
    world = here(info).world

    def find() -> list[Node]:
        if wanted.get("order_id"):
            return history(find_order(world, wanted["order_id"]))
        found = world.store.find("sh_order", "order_number", wanted.get("order_number"))
        return [line for each in found for line in history(each)]

    return _listed(info, find, dict, analyze=analyze)


def product(
    _root: None,
    info: Info,
    *,
    id: str | None = None,  # noqa: A002 - the vendor's name
    sku: str | None = None,
    analyze: bool = False,
) -> Node:
    """Answer one product; a missing one is an error here."""
    world = here(info).world

    def data(_info: Info) -> Node:
        if sku is not None:
            found = product_of(world, sku)
            if found is None:
                raise Refused(f"Not product with sku {sku} exists", NOT_FOUND)
            return product_node(world, found)
        found = world.store.get("sh_product", number_in(id or "", "ProductInfo", "Product"))
        if found is None:
            raise not_found("Product")
        return product_node(world, found)

    return result(info, data=None if analyze else data)


def products(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer products; a missing SKU is an empty list."""
    world = here(info).world
    sku = wanted.get("sku")

    def find() -> list[Document]:
        found = world.store.all("sh_product") if sku is None else _by_sku(world, sku)
        return [p for p in found if _in_window(p, wanted)]

    return _listed(info, find, partial(product_node, world), analyze=analyze)


def warehouse_products(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer what warehouses hold."""
    world = here(info).world

    def find() -> list[tuple[Document, Document]]:
        sku, text = wanted.get("sku"), wanted.get("warehouse_id")
        number = number_in(text, "Warehouse") if text else None
        found = world.store.all("sh_product") if sku is None else _by_sku(world, sku)
        rows = [(p, stock) for p in found if _in_window(p, wanted) for stock in p["stock"]]
        return [row for row in rows if number in (None, row[1]["warehouse"])]

    return _listed(info, find, lambda row: stock_node(world, *row), analyze=analyze)


def shipment(
    _root: None,
    info: Info,
    *,
    id: str | None = None,  # noqa: A002 - the vendor's name
    analyze: bool = False,
) -> Node:
    """Answer one shipment."""
    world = here(info).world

    def data(_info: Info) -> Node:
        found = world.store.get("sh_shipment", number_in(id or "", "Shipment"))
        if found is None:
            raise not_found("Shipment")
        return shipment_node(world, found)

    return result(info, data=None if analyze else data)


def shipments(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer shipments; there is no filter by change, only by creation."""
    world = here(info).world
    find = partial(order_filters.shipments_matching, world, wanted)
    return _listed(info, find, partial(shipment_node, world), analyze=analyze)


def user_quota(_root: None, info: Info) -> Node:
    """Answer what is left of the credits."""
    return {**here(info).bucket.quota(), "is_expired": False}


def webhooks(_root: None, info: Info, *, analyze: bool = False, **_wanted: Any) -> Node:
    """Answer the subscriptions, without their secrets."""
    world = here(info).world
    find = partial(world.store.all, "sh_webhook")
    return _listed(info, find, webhook_node, analyze=analyze)


def _by_sku(world: World, sku: str) -> list[Document]:
    return world.store.find("sh_product", "sku", sku)


def _in_window(product: Document, wanted: dict[str, Any]) -> bool:
    return all(
        wanted.get(f"{name}_from", float("-inf")) <= product[f"{name}_at"]
        and product[f"{name}_at"] <= wanted.get(f"{name}_to", float("inf"))
        for name in ("created", "updated")
    )


QUERIES: dict[str, Callable[..., Node]] = {
    "account": account,
    "uuid": uuid,
    "order": order,
    "orders": orders,
    "order_history": order_history,
    "product": product,
    "products": products,
    "warehouse_products": warehouse_products,
    "shipment": shipment,
    "shipments": shipments,
    "user_quota": user_quota,
    "webhooks": webhooks,
}
