"""Which shipments and returns a list query lets through (contract section 8)."""

from collections.abc import Collection, Mapping
from typing import Any

from sandbox.shiphero.ids import number_in
from sandbox.shiphero.order_filters import in_utc
from sandbox.store import Document
from sandbox.world import World

VALID = "valid"


def shipments_matching(
    world: World, accounts: Collection[int], wanted: Mapping[str, Any]
) -> list[Document]:
    """Find shipments by order, day of creation and tracking number; there is no updated filter."""
    asked = in_utc(world, wanted)
    found = _of_order(world, "sh_shipment", asked)
    return [each for each in found if _ships(world, accounts, each, asked)]


def returns_matching(
    world: World, accounts: Collection[int], wanted: Mapping[str, Any]
) -> list[Document]:
    """Find returns by order, warehouse and day of creation."""
    asked = in_utc(world, wanted)
    warehouse = asked.get("warehouse_id")
    number = number_in(warehouse, "Warehouse") if warehouse else None
    return [
        each
        for each in _of_order(world, "sh_return", asked)
        if each["account"] in accounts
        and _between(each["created_at"], asked.get("date_from"), asked.get("date_to"))
        and number in (None, each["warehouse"])
    ]


def _of_order(world: World, kind: str, asked: Mapping[str, Any]) -> list[Document]:
    if "order_id" in asked:
        return world.store.find(kind, "order_id", number_in(asked["order_id"], "Order"))
    return world.store.all(kind)


def _ships(
    world: World, accounts: Collection[int], shipment: Document, asked: Mapping[str, Any]
) -> bool:
    order = world.store.get("sh_order", shipment["order_id"]) or {}
    labels = shipment["labels"]
    number, voided = asked.get("tracking_number"), asked.get("voided")
    is_voided = any(label["status"] != VALID for label in labels)
    return (
        order.get("account") in accounts
        and _between(shipment["created_at"], asked.get("date_from"), asked.get("date_to"))
        and _between(
            order.get("order_date"), asked.get("order_date_from"), asked.get("order_date_to")
        )
        and (number is None or any(label["tracking_number"] == number for label in labels))
        and voided in (None, is_voided)
    )


def _between(at: float | None, start: float | None, end: float | None) -> bool:
    if start is None and end is None:
        return True
    return at is not None and (start or 0) <= int(at) <= (end or float("inf"))
