"""Which orders a list query lets through (contract section 8)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.ids import number_in
from sandbox.shiphero.orders import PENDING, is_held
from sandbox.shiphero.times import DAY, HOUR
from sandbox.store import Document
from sandbox.world import World

Test = Callable[[Document], bool]

_EQUAL = ("shop_name", "email", "fulfillment_status", "profile")
_PERIODS = ("updated", "created")
# "default to a 30-day range if only one end is given, max 1 year" (section 5)
_BOUND_PERIODS = ("created", "required_ship_date")
_DEFAULT_RANGE, _LARGEST_RANGE = 30 * DAY, 366 * DAY


def is_indexed(world: World, order: Document) -> bool:
    """Tell whether lists show this order yet; the delay at the vendor is unknown."""
    lag = world.clock.scaled(world.switches.now.index_lag)
    return bool(order["created_at"] + lag <= world.clock.now())


def orders_matching(
    world: World, accounts: Collection[int], wanted: Mapping[str, Any]
) -> list[Document]:
    """Find orders of these accounts by all given filters, oldest first."""
    asked = in_utc(world, wanted)
    for name in _BOUND_PERIODS:
        _bind(asked, name)
    tests = [test for name, value in asked.items() if (test := _test(world, name, value))]
    found = [
        order
        for order in _candidates(world, accounts, asked)
        if order["account"] in accounts
        and is_indexed(world, order)
        and all(test(order) for test in tests)
    ]
    return sorted(found, key=lambda order: int(order["legacy_id"]))


def in_utc(world: World, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Give the filters that were set, times as UTC; in which zone they are read is unknown."""
    ahead = world.switches.now.filter_utc_offset * HOUR
    return {
        name: value - ahead if isinstance(value, float) else value
        for name, value in wanted.items()
        if value is not None
    }


def _bind(asked: dict[str, Any], name: str) -> None:
    first, last = f"{name}_from", f"{name}_to"
    if first in asked:
        asked.setdefault(last, asked[first] + _DEFAULT_RANGE)
    elif last in asked:
        asked[first] = asked[last] - _DEFAULT_RANGE
    if first in asked and asked[last] - asked[first] > _LARGEST_RANGE:
        raise Refused(f"The range of {name} cannot be longer than 1 year", INVALID)


def _candidates(
    world: World, accounts: Collection[int], asked: Mapping[str, Any]
) -> list[Document]:
    """Read as few orders as an index allows; the tests do the rest."""
    for name in ("partner_order_id", "order_number"):
        if name in asked and getattr(world.switches.now, f"{name}_match") == "exact":
            return world.store.find("sh_order", name, asked[name])
    if "ids" in asked:
        found = (world.store.get("sh_order", number) for number in _numbers(asked["ids"]))
        return [order for order in found if order is not None]
    if "updated_from" in asked or "updated_to" in asked:
        # Half a second beyond: times are kept finer than they are written and compared.
        start, end = asked.get("updated_from", 0.0), asked.get("updated_to", float("inf"))
        return world.store.between("sh_order", "updated_at", start, end + 1)
    return [
        each for account in accounts for each in world.store.find("sh_order", "account", account)
    ]


def _test(world: World, name: str, value: Any) -> Test | None:
    """Build the test of one filter; None for one that tests nothing."""
    if name in _EQUAL:
        return lambda order: order.get(name) == value
    if name in {"order_number", "partner_order_id"}:
        is_same = matcher(getattr(world.switches.now, f"{name}_match"), value)
        return lambda order: is_same(order.get(name))
    if name.endswith(("_from", "_to")):
        return _period(name, value)
    if name.endswith("_hold"):
        return _hold(name, value)
    if name in {"warehouse_id", "allocated_warehouse_id"}:
        number = number_in(value, "Warehouse")
        return lambda order: (order["allocation"] or {}).get("warehouse") == number
    if name == "ids":
        numbers = _numbers(value)
        return lambda order: order["legacy_id"] in numbers
    if name == "sku":
        is_same = matcher(world.switches.now.sku_match, value)
        return lambda order: any(is_same(line["sku"]) for line in order["lines"])
    tests: dict[str, Test] = {
        "tag": lambda order: value in (order.get("tags") or []),
        "ready_to_ship": lambda order: _is_ready(order) == value,
        "has_backorder": lambda order: (
            any(line["backorder_quantity"] for line in order["lines"]) == value
        ),
    }
    return tests.get(name)


def matcher(how: str, value: str) -> Callable[[str | None], bool]:
    """Compare a text wholly, or as a part; which one ShipHero does is unknown."""
    return lambda text: value == text if how == "exact" else value in (text or "")


def _numbers(ids: list[str]) -> set[int]:
    return {number_in(text, "Order") for text in ids}


def _hold(name: str, value: Any) -> Test:
    if name == "has_hold":
        return lambda order: is_held(order) == value
    return lambda order: bool(order["holds"].get(name, False)) == value


def _period(name: str, value: float) -> Test:
    field, _, side = name.rpartition("_")
    column = f"{field}_at" if field in _PERIODS else field

    def test(order: Document) -> bool:
        at = order.get(column)
        # What is kept finer than a second is compared as it is written, in whole seconds.
        return at is not None and (int(at) >= value if side == "from" else int(at) <= value)

    return test


def _is_ready(order: Document) -> bool:
    return order["fulfillment_status"] == PENDING and not is_held(order)
