"""What can be asked about products and stock (contract section 9)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero.accounts import listed_for, may_touch
from sandbox.shiphero.connections import Node
from sandbox.shiphero.faults import NOT_FOUND, Refused, not_found
from sandbox.shiphero.ids import number_in
from sandbox.shiphero.listing import listed
from sandbox.shiphero.order_filters import in_utc, matcher
from sandbox.shiphero.orders import product_of
from sandbox.shiphero.product_nodes import product_node, stock_node
from sandbox.shiphero.visit import Visit, here, result
from sandbox.store import Document

Info = GraphQLResolveInfo


def product(
    _root: None,
    info: Info,
    *,
    id: str | None = None,  # noqa: A002 - the vendor's name
    sku: str | None = None,
    analyze: bool = False,
) -> Node:
    """Answer one product; a missing one is an error here."""
    visit = here(info)
    world = visit.world

    def data(_info: Info) -> Node:
        if sku is not None:
            found = product_of(world, visit.account["legacy_id"], sku)
            if found is None:
                raise Refused(f"Not product with sku {sku} exists", NOT_FOUND)
            return product_node(world, found)
        found = world.store.get("sh_product", number_in(id or "", "ProductInfo", "Product"))
        if found is None or not may_touch(visit, found["account"]):
            raise not_found("Product")
        return product_node(world, found)

    return result(info, data=None if analyze else data)


def products(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer products; a missing SKU is an empty list."""
    visit = here(info)
    find = partial(_products, visit, wanted)
    return listed(info, find, partial(product_node, visit.world), analyze=analyze)


def warehouse_products(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer what warehouses hold."""
    visit = here(info)

    def find() -> list[tuple[Document, Document]]:
        text = wanted.get("warehouse_id")
        number = number_in(text, "Warehouse") if text else None
        rows = [(each, row) for each in _products(visit, wanted) for row in each["stock"]]
        return [row for row in rows if number in (None, row[1]["warehouse"])]

    return listed(info, find, lambda row: stock_node(visit.world, *row), analyze=analyze)


def _products(visit: Visit, wanted: dict[str, Any]) -> list[Document]:
    store, how = visit.world.store, visit.world.switches.now.sku_match
    accounts = listed_for(visit, wanted.get("customer_account_id"))
    asked, sku = in_utc(visit.world, wanted), wanted.get("sku")
    if sku is not None and how == "exact":
        found = store.find("sh_product", "sku", sku)
    else:
        found = store.all("sh_product")
    is_same = matcher(how, sku or "")
    return [
        each
        for each in found
        if each["account"] in accounts
        and (sku is None or is_same(each["sku"]))
        and asked.get("has_kits") in (None, bool(each.get("kit")))
        and _in_window(each, asked)
    ]


def _in_window(product: Document, wanted: dict[str, Any]) -> bool:
    return all(
        wanted.get(f"{name}_from", float("-inf"))
        <= int(product[f"{name}_at"])
        <= wanted.get(f"{name}_to", float("inf"))
        for name in ("created", "updated")
    )


PRODUCT_QUERIES: dict[str, Callable[..., Node]] = {
    "product": product,
    "products": products,
    "warehouse_products": warehouse_products,
}
