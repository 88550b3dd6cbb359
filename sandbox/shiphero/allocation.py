"""Which warehouse an order is given to, and who is told (contract section 6)."""

from sandbox.shiphero import hooks
from sandbox.shiphero.accounts import warehouses_of
from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.ids import number_in
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_ALLOCATION = 725_000_101


def allocate(world: World, change: Change, order: Document) -> None:
    """Give the order to a warehouse: the one its lines are locked to, else the first."""
    if not any(line["quantity_allocated"] for line in order["lines"]):
        return
    locked = next((x["warehouse_id"] for x in order["lines"] if x.get("warehouse_id")), None)
    number = _checked(world, order, locked) if locked else _first(world, order)
    if number is not None:
        _give(world, change, order, number, is_locked=locked is not None)


def move(world: World, change: Change, order: Document, text: str) -> None:
    """Take the order from its warehouse and give it to another."""
    number = _checked(world, order, text)
    if order["allocation"] is None:
        return
    is_locked = order["allocation"]["is_locked"]
    deallocate(world, change, order)
    _give(world, change, order, number, is_locked=is_locked)


def deallocate(world: World, change: Change, order: Document) -> None:
    """Take the order from its warehouse."""
    if order["allocation"] is None:
        return
    hooks.announce_deallocated(world, change, order)
    order["allocation"] = None


def _give(world: World, change: Change, order: Document, number: int, *, is_locked: bool) -> None:
    order["allocation"] = {
        "warehouse": number,
        "at": world.clock.now(),
        "reference": change.next_id("sh_allocation", FIRST_ALLOCATION),
        "is_locked": is_locked,
    }
    hooks.announce_allocated(world, change, order)


def _first(world: World, order: Document) -> int | None:
    warehouses = warehouses_of(world, order["account"])
    return int(warehouses[0]["legacy_id"]) if warehouses else None


def _checked(world: World, order: Document, text: str) -> int:
    number = number_in(text, "Warehouse")
    if all(each["legacy_id"] != number for each in warehouses_of(world, order["account"])):
        raise Refused(f"Invalid id {text}", INVALID)
    return number
