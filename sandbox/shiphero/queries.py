"""What can be asked of ShipHero (contract sections 8 and 9)."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero.accounts import (
    acting_for,
    customers_of,
    listed_for,
    may_touch,
    warehouses_of,
)
from sandbox.shiphero.connections import Node, connection
from sandbox.shiphero.faults import not_found
from sandbox.shiphero.ids import global_id, number_in
from sandbox.shiphero.listing import listed
from sandbox.shiphero.nodes import order_node, return_node, shipment_node
from sandbox.shiphero.order_filters import is_indexed, orders_matching
from sandbox.shiphero.order_parts import history
from sandbox.shiphero.orders import find_order
from sandbox.shiphero.product_nodes import account_node, warehouse_node
from sandbox.shiphero.product_queries import PRODUCT_QUERIES
from sandbox.shiphero.shipment_filters import returns_matching, shipments_matching
from sandbox.shiphero.visit import Visit, here, result
from sandbox.shiphero.webhook_nodes import webhook_node
from sandbox.store import Document

Info = GraphQLResolveInfo


def account(_root: None, info: Info, *, analyze: bool = False) -> Node:
    """Answer who we are; there is no root field for warehouses."""
    visit = here(info)
    world, number = visit.world, visit.account["legacy_id"]
    data = {
        **account_node(visit.account),
        "warehouses": [warehouse_node(world, w) for w in warehouses_of(world, number)],
        "customers": lambda _info, **paging: connection(
            customers_of(world, number), account_node, paging
        ),
    }
    return result(info, data=None if analyze else data)


def uuid(_root: None, info: Info, *, legacy_id: int, entity: str, analyze: bool = False) -> Node:
    """Turn a number into an id."""
    kind = "ProductInfo" if entity == "Product" else entity
    data = {"legacy_id": legacy_id, "id": global_id(kind, legacy_id)}
    return result(info, data=None if analyze else data)


def order(_root: None, info: Info, *, id: str, analyze: bool = False) -> Node:  # noqa: A002
    """Answer one order."""
    visit = here(info)
    world = visit.world

    def data(_info: Info) -> Node:
        found = find_order(world, id)
        is_hidden = world.switches.now.index_lag_hides_order and not is_indexed(world, found)
        if is_hidden or not may_touch(visit, found["account"]):
            raise not_found("Order")
        return order_node(world, found)

    return result(info, data=None if analyze else data)


def orders(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer the orders that all filters let through."""
    visit = here(info)
    customer = wanted.pop("customer_account_id", None)

    def find() -> list[Document]:
        return orders_matching(visit.world, listed_for(visit, customer), wanted)

    return listed(info, find, partial(order_node, visit.world), analyze=analyze)


def order_history(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer the history lines of one order."""
    visit = here(info)
    world = visit.world

    def find() -> list[Node]:
        if wanted.get("order_id"):
            found = [find_order(world, wanted["order_id"])]
        else:
            found = world.store.find("sh_order", "order_number", wanted.get("order_number"))
        mine = [each for each in found if may_touch(visit, each["account"])]
        return [line for each in mine for line in history(each) if _is_on_day(line, wanted)]

    return listed(info, find, dict, analyze=analyze)


def shipment(
    _root: None,
    info: Info,
    *,
    id: str | None = None,  # noqa: A002 - the vendor's name
    analyze: bool = False,
) -> Node:
    """Answer one shipment."""
    visit = here(info)
    world = visit.world

    def data(_info: Info) -> Node:
        found = world.store.get("sh_shipment", number_in(id or "", "Shipment"))
        if found is None or not _owns(visit, found):
            raise not_found("Shipment")
        return shipment_node(world, found)

    return result(info, data=None if analyze else data)


def shipments(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer shipments; there is no filter by change, only by creation."""
    visit = here(info)
    customer = wanted.pop("customer_account_id", None)

    def find() -> list[Document]:
        return shipments_matching(visit.world, _accounts(visit, customer, wanted), wanted)

    return listed(info, find, partial(shipment_node, visit.world), analyze=analyze)


def return_(_root: None, info: Info, *, id: str, analyze: bool = False) -> Node:  # noqa: A002
    """Answer one return."""
    visit = here(info)
    world = visit.world

    def data(_info: Info) -> Node:
        found = world.store.get("sh_return", number_in(id, "Return"))
        if found is None or not may_touch(visit, found["account"]):
            raise not_found("Return")
        return return_node(world, found)

    return result(info, data=None if analyze else data)


def returns(_root: None, info: Info, *, analyze: bool = False, **wanted: Any) -> Node:
    """Answer returns."""
    visit = here(info)
    customer = wanted.pop("customer_account_id", None)

    def find() -> list[Document]:
        return returns_matching(visit.world, _accounts(visit, customer, wanted), wanted)

    return listed(info, find, partial(return_node, visit.world), analyze=analyze)


def user_quota(_root: None, info: Info) -> Node:
    """Answer what is left of the credits."""
    return {**here(info).bucket.quota(), "is_expired": False}


def webhooks(
    _root: None, info: Info, *, analyze: bool = False, customer_account_id: str | None = None
) -> Node:
    """Answer the subscriptions, without their secrets."""
    visit = here(info)

    def find() -> list[Document]:
        number = acting_for(visit, customer_account_id)["legacy_id"]
        return [w for w in visit.world.store.all("sh_webhook") if w.get("account") == number]

    return listed(info, find, partial(webhook_node, visit.world), analyze=analyze)


def _accounts(visit: Visit, customer: str | None, wanted: dict[str, Any]) -> Collection[int]:
    """Give the accounts of a list; one order's rows may be asked for without its customer."""
    accounts = listed_for(visit, customer)
    if not wanted.get("order_id"):
        return accounts
    found = visit.world.store.get("sh_order", number_in(wanted["order_id"], "Order"))
    if found is None or not may_touch(visit, found["account"]):
        return accounts
    return {*accounts, found["account"]}


def _owns(visit: Visit, shipment: Document) -> bool:
    found = visit.world.store.get("sh_order", shipment["order_id"]) or {}
    return may_touch(visit, found["account"])


def _is_on_day(line: Node, wanted: dict[str, Any]) -> bool:
    day = line["created_at"][:10]
    start, end = wanted.get("date_from") or day, wanted.get("date_to") or day
    return bool(start <= day <= end)


QUERIES: dict[str, Callable[..., Node]] = {
    **PRODUCT_QUERIES,
    "account": account,
    "uuid": uuid,
    "order": order,
    "orders": orders,
    "order_history": order_history,
    "shipment": shipment,
    "shipments": shipments,
    "return": return_,
    "returns": returns,
    "user_quota": user_quota,
    "webhooks": webhooks,
}
