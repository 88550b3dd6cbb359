"""What can be done to orders over GraphQL (contract sections 6 and 7)."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero import allocation, order_changes, orders
from sandbox.shiphero.accounts import acting_for, may_touch
from sandbox.shiphero.connections import Node
from sandbox.shiphero.faults import not_found
from sandbox.shiphero.limits import fitted
from sandbox.shiphero.nodes import order_node
from sandbox.shiphero.visit import here, result
from sandbox.store import Change, Document
from sandbox.world import World

Info = GraphQLResolveInfo
Act = Callable[[World, Change, Document, dict[str, Any]], None]


def order_create(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Make an order; without customer_account_id it is the caller's own (section 11)."""
    visit = here(info)
    world, wanted = visit.world, fitted(visit.world, data)
    account = acting_for(visit, data.get("customer_account_id"))
    with world.change() as change:
        order = orders.make_order(world, change, account["legacy_id"], wanted)
    return result(info, order=order_node(world, order))


def _changing(act: Act) -> Callable[..., Node]:
    """Build the resolver of a mutation that alters one order."""

    def resolve(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
        visit = here(info)
        world, wanted = visit.world, fitted(visit.world, data)
        acting_for(visit, data.get("customer_account_id"))
        with world.change() as change:
            order = orders.edit_order(world, change, data["order_id"])
            if not may_touch(visit, order["account"]):
                raise not_found("Order")
            act(world, change, order, wanted)
        return result(info, order=order_node(world, order))

    return resolve


def _update(world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    order_changes.check_open(world, order)
    order.update(orders.kept(world, data))
    _note(world, order, data, "Order updated through the public API")


def _cancel(world: World, change: Change, order: Document, data: dict[str, Any]) -> None:
    force = bool(data.get("force"))
    order_changes.cancel_order(world, change, order, reason=data.get("reason"), force=force)


def _hold(world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    order_changes.hold_order(world, order, data)


def _history(world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    _note(world, order, data, "")


def _add_lines(world: World, change: Change, order: Document, data: dict[str, Any]) -> None:
    orders.add_lines(world, change, order, [line for line in data["line_items"] if line])
    if order["allocation"] is None:
        allocation.allocate(world, change, order)


def _update_lines(world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    order_changes.update_lines(world, order, list(filter(None, data.get("line_items") or [])))


def _remove_lines(_world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    gone = [orders.find_line(order, text) for text in data.get("line_item_ids") or []]
    order["lines"] = [line for line in order["lines"] if line not in gone]


def _set_tags(_world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    order["tags"] = list(data.get("tags") or [])


def _add_tags(_world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    order["tags"] = list(dict.fromkeys([*order["tags"], *(data.get("tags") or [])]))


def _clear_tags(_world: World, _change: Change, order: Document, _data: dict[str, Any]) -> None:
    order["tags"] = []


def _move(world: World, change: Change, order: Document, data: dict[str, Any]) -> None:
    allocation.move(world, change, order, data["warehouse_id"])


def _set_status(world: World, _change: Change, order: Document, data: dict[str, Any]) -> None:
    order["fulfillment_status"] = data["fulfillment_status"]
    orders.remember(world, order, f"Status set to {data['fulfillment_status']}")


def _note(world: World, order: Document, data: dict[str, Any], otherwise: str) -> None:
    entry = data.get("history_entry") or {}
    text = entry.get("message") or otherwise
    orders.remember(world, order, text, entry.get("source") or "public-api")


ORDER_MUTATIONS = {
    "order_create": order_create,
    "order_update": _changing(_update),
    "order_cancel": _changing(_cancel),
    "order_update_holds": _changing(_hold),
    "order_add_history_entry": _changing(_history),
    "order_add_line_items": _changing(_add_lines),
    "order_update_line_items": _changing(_update_lines),
    "order_remove_line_items": _changing(_remove_lines),
    "order_update_tags": _changing(_set_tags),
    "order_add_tags": _changing(_add_tags),
    "order_clear_tags": _changing(_clear_tags),
    "order_change_warehouse": _changing(_move),
    "order_update_fulfillment_status": _changing(_set_status),
}
