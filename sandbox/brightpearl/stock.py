"""Stock of one account: a note holds what it will take, and takes it when it ships (section 7)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.brightpearl import hooks
from sandbox.brightpearl.shelf import shelf
from sandbox.store import Change, Document
from sandbox.world import World

ON_HAND_MODIFIED = "product.modified.on-hand-modified"
FIRST_STOCK = 5000


def put_stock(change: Change, account: str, product_id: int, warehouses: Sequence[int]) -> None:
    """Lay so many pieces of a product into each warehouse."""
    rows = {str(number): {"in": FIRST_STOCK, "held": 0} for number in warehouses}
    change.put(shelf("bp_stock", account), product_id, {"id": product_id, "warehouses": rows})


def allocate(world: World, change: Change, note: Document) -> None:
    """Hold what a new note will take: "on hand" falls."""
    _move(world, change, note, held=1, taken=0)


def release(world: World, change: Change, note: Document) -> None:
    """Give back what a deleted note held."""
    _move(world, change, note, held=-1, taken=0)


def ship(world: World, change: Change, note: Document) -> None:
    """Take out what a note held."""
    _move(world, change, note, held=-1, taken=1)


def availability(kept: Document) -> dict[str, Any]:
    """Write a product's stock; `inStock` is what lies there, `onHand` what is free (section 9)."""
    rows = {number: _row(row["in"], row["held"]) for number, row in kept["warehouses"].items()}
    total: Counter[str] = Counter()
    for row in rows.values():
        total.update(row)
    return {"total": dict(total), "warehouses": rows}


def _row(lying: int, held: int) -> dict[str, int]:
    return {"inStock": lying, "onHand": lying - held, "allocated": held, "inTransit": 0}


def _move(world: World, change: Change, note: Document, *, held: int, taken: int) -> None:
    account, warehouse = note["account"], str(note["warehouse_id"])
    kind, moved = shelf("bp_stock", account), []
    for row in note["rows"]:
        if change.get(kind, row["product_id"]) is None:
            continue
        rows = change.edit(kind, row["product_id"])["warehouses"]
        stock = rows.setdefault(warehouse, {"in": 0, "held": 0})
        stock["held"] += held * row["quantity"]
        stock["in"] -= taken * row["quantity"]
        moved.append(row["product_id"])
    if moved and world.switches.of(account).stock_webhooks:
        hooks.raise_event(world, change, account, ON_HAND_MODIFIED, sorted(set(moved)))
