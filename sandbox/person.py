"""What a person at the merchant's desk does in Brightpearl: orders, notes, transfers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.brightpearl import notes, orders
from sandbox.people import a_customer
from sandbox.seed import ACCOUNT, MAIN_WAREHOUSE, SECOND_WAREHOUSE
from sandbox.store import Change, Document
from sandbox.world import World

DESK_PERSON = 32
MOST_AT_ONCE = 5000


class Nonsense(ValueError):  # noqa: N818 - its name is the sentence
    """What was asked cannot be done; the text says why."""


@dataclass(frozen=True)
class Wish:
    """What kind of sales orders to make."""

    count: int = 1
    notes: int = 1
    lines: int = 2
    warehouse_id: int | None = None
    shipping_method_id: int | None = None
    channel_id: int | None = None
    reference: str | None = None
    bundle: bool = False
    burst_as_one_webhook: bool = False

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Wish":
        """Read the control API's body."""
        try:
            wish = cls(
                count=int(body.get("count", 1)),
                notes=int(body.get("notes", 1)),
                lines=int(body.get("lines", 2)),
                warehouse_id=body.get("warehouseId"),
                shipping_method_id=body.get("shippingMethodId"),
                channel_id=body.get("channelId"),
                reference=body.get("reference"),
                bundle=bool(body.get("bundle", False)),
                burst_as_one_webhook=bool(body.get("burst_as_one_webhook", False)),
            )
        except (TypeError, ValueError) as error:
            raise Nonsense(f"count, notes and lines are numbers: {error}") from error
        if not (1 <= wish.count <= MOST_AT_ONCE and 0 <= wish.notes <= 20 and wish.lines >= 1):  # noqa: PLR2004
            raise Nonsense(f"count is 1 to {MOST_AT_ONCE}, notes 0 to 20, lines 1 or more.")
        return wish


def make_sales_orders(world: World, wish: Wish) -> list[dict[str, Any]]:
    """Make sales orders with goods-out notes; the webhooks go out as for real ones."""
    made, all_notes = [], []
    for _ in range(wish.count):
        with world.change() as change:
            order, its_notes = _make_one(world, change, wish)
            if not wish.burst_as_one_webhook:
                for note in its_notes:
                    notes.announce_created(world, change, [note])
        all_notes.extend(its_notes)
        made.append({"orderId": order["id"], "noteIds": [note["id"] for note in its_notes]})
    if wish.burst_as_one_webhook and all_notes:
        with world.change() as change:
            notes.announce_created(world, change, all_notes)
    return made


def make_transfer(world: World, quantity: int = 12) -> Document:
    """Move stock between two warehouses: a note without an order."""
    with world.change() as change:
        product = world.dice.choice(_sellable(world))
        row = {"product_id": product["id"], "quantity": quantity, "location_id": MAIN_WAREHOUSE}
        note = notes.make_note(
            world,
            change,
            {
                "transfer": True,
                "warehouse_id": MAIN_WAREHOUSE,
                "target_warehouse_id": SECOND_WAREHOUSE,
                "stock_transfer_id": change.next_id("bp_transfer", 88),
                "rows": [row],
                "created_by": DESK_PERSON,
            },
        )
        notes.announce_created(world, change, [note])
    return note


def delete_note(world: World, number: int) -> None:
    """Delete an open note, as the desk does after reversing its steps."""
    with world.change() as change:
        note = change.get("bp_note", number)
        if note is None:
            raise Nonsense(f"There is no goods-out note {number}.")
        if note["steps"].get("SHW"):
            raise Nonsense(f"Goods-out note {number} has been shipped.")
        notes.remove_note(world, change, note)


def _make_one(world: World, change: Change, wish: Wish) -> tuple[Document, list[Document]]:
    warehouse = wish.warehouse_id or world.dice.choice((MAIN_WAREHOUSE, SECOND_WAREHOUSE))
    method = wish.shipping_method_id or world.dice.choice((5, 6, 7, 8))
    for kind, number in (("bp_warehouse", warehouse), ("bp_method", method)):
        if change.get(kind, number) is None:
            raise Nonsense(f"There is no {kind.removeprefix('bp_')} {number}.")
    order = orders.make_order(
        world,
        change,
        {
            "account": ACCOUNT,
            "reference": wish.reference,
            "lines": _lines(world, wish),
            "postage": "3.75",
            "address": a_customer(world.dice),
            "warehouse_id": warehouse,
            "method_id": method,
            "channel_id": wish.channel_id or world.dice.choice((1, 1, 1, 2, 3)),
            "created_by": DESK_PERSON,
        },
    )
    shares = orders.split_over_notes(order, wish.notes) if wish.notes else []
    wanted: Document = {
        "order_id": order["id"],
        "warehouse_id": warehouse,
        "method_id": method,
        "created_by": DESK_PERSON,
    }
    made = [
        notes.make_note(world, change, {**wanted, "rows": orders.note_rows(share, warehouse)})
        for share in shares
    ]
    return order, made


def _lines(world: World, wish: Wish) -> list[tuple[Document, int]]:
    """Choose products; with more notes than lines a line has pieces for each note."""
    articles = _sellable(world)
    chosen = world.dice.sample(articles, min(wish.lines, len(articles)))
    fewest = -(-max(wish.notes, 1) // len(chosen))
    lines = [(product, fewest - 1 + world.dice.choice((1, 1, 1, 2, 3))) for product in chosen]
    if wish.bundle:
        bundles = [product for product in world.store.all("bp_product") if product["components"]]
        lines.append((bundles[0], 1))
    return lines


def _sellable(world: World) -> list[Document]:
    return [p for p in world.store.all("bp_product") if p["sku"] and not p["components"]]
