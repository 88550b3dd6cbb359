"""Which orders and shipments a list query lets through (contract section 8)."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.shiphero.ids import number_in
from sandbox.shiphero.orders import PENDING, is_held
from sandbox.store import Document
from sandbox.world import World

_EQUAL = ("shop_name", "email", "fulfillment_status", "profile")
_PERIODS = ("updated", "created")


def is_indexed(world: World, order: Document) -> bool:
    """Tell whether lists show this order yet; the delay at the vendor is unknown."""
    lag = world.clock.scaled(world.switches.now.index_lag)
    return bool(order["created_at"] + lag <= world.clock.now())


def orders_matching(world: World, wanted: Mapping[str, Any]) -> list[Document]:
    """Find orders by all given filters."""
    asked = {name: value for name, value in wanted.items() if value is not None}
    tests = [test for name, value in asked.items() if (test := _test(name, value)) is not None]
    return [
        order
        for order in _candidates(world, asked)
        if is_indexed(world, order) and all(test(order) for test in tests)
    ]


def shipments_matching(world: World, wanted: Mapping[str, Any]) -> list[Document]:
    """Find shipments by order, day of creation and tracking number."""
    asked = {name: value for name, value in wanted.items() if value is not None}
    if "order_id" in asked:
        number = number_in(asked["order_id"], "Order")
        found = world.store.find("sh_shipment", "order_id", number)
    else:
        found = world.store.all("sh_shipment")
    return [shipment for shipment in found if _ships(world, shipment, asked)]


def _candidates(world: World, asked: Mapping[str, Any]) -> list[Document]:
    if "partner_order_id" in asked:
        return world.store.find("sh_order", "partner_order_id", asked["partner_order_id"])
    if "order_number" in asked:
        if world.switches.now.order_number_match == "exact":
            return world.store.find("sh_order", "order_number", asked["order_number"])
        part = asked["order_number"]
        return [o for o in world.store.all("sh_order") if part in (o.get("order_number") or "")]
    return world.store.all("sh_order")


def _test(name: str, value: Any) -> Callable[[Document], bool] | None:
    """Build the test of one filter; None for what the candidates answered already."""
    if name in _EQUAL:
        return lambda order: order.get(name) == value
    if name.endswith(("_from", "_to")):
        return _period(name, value)
    if name.endswith("_hold"):
        return _hold(name, value)
    if name in {"warehouse_id", "allocated_warehouse_id"}:
        number = number_in(value, "Warehouse")
        return lambda order: (order["allocation"] or {}).get("warehouse") == number
    tests: dict[str, Callable[[Document], bool]] = {
        "sku": lambda order: any(line["sku"] == value for line in order["lines"]),
        "tag": lambda order: value in (order.get("tags") or []),
        "ids": lambda order: order["legacy_id"] in {number_in(text, "Order") for text in value},
        "customer_account_id": lambda order: _same_customer(order["customer"], value),
        "ready_to_ship": lambda order: _is_ready(order) == value,
        "has_backorder": lambda order: (
            any(line["backorder_quantity"] for line in order["lines"]) == value
        ),
    }
    return tests.get(name)


def _hold(name: str, value: Any) -> Callable[[Document], bool]:
    if name == "has_hold":
        return lambda order: is_held(order) == value
    return lambda order: bool(order["holds"].get(name, False)) == value


def _period(name: str, value: float) -> Callable[[Document], bool]:
    field, _, side = name.rpartition("_")
    column = f"{field}_at" if field in _PERIODS else field

    def test(order: Document) -> bool:
        at = order.get(column)
        # What is kept finer than a second is compared as it is written, in whole seconds.
        return at is not None and (int(at) >= value if side == "from" else int(at) <= value)

    return test


def _is_ready(order: Document) -> bool:
    return order["fulfillment_status"] == PENDING and not is_held(order)


def _same_customer(kept: str | None, asked: str) -> bool:
    if kept is None:
        return False
    kinds = ("CustomerAccount", "Account")
    return number_in(kept, *kinds) == number_in(asked, *kinds)


def _ships(world: World, shipment: Document, asked: Mapping[str, Any]) -> bool:
    at = int(shipment["created_at"])
    number = asked.get("tracking_number")
    order = world.store.get("sh_order", shipment["order_id"]) or {}
    return (
        asked.get("date_from", at) <= at <= asked.get("date_to", at)
        and _between(
            order.get("order_date"), asked.get("order_date_from"), asked.get("order_date_to")
        )
        and (number is None or any(x["tracking_number"] == number for x in shipment["labels"]))
        and asked.get("voided") is not True
    )


def _between(at: float | None, start: float | None, end: float | None) -> bool:
    if start is None and end is None:
        return True
    return at is not None and (start or 0) <= at <= (end or float("inf"))
