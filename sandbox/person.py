"""What a person at the merchant's desk does in Brightpearl: orders, notes, transfers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.brightpearl import drop_ship_notes, notes, orders
from sandbox.brightpearl.products import new_product, sellable
from sandbox.brightpearl.seed import DESK_PERSON, MAIN_WAREHOUSE, SECOND_WAREHOUSE
from sandbox.brightpearl.shelf import shelf
from sandbox.catalogue import Article
from sandbox.people import a_customer
from sandbox.seed import ACCOUNT
from sandbox.store import Change, Document
from sandbox.terms import PLAIN, Terms
from sandbox.world import World

MOST_AT_ONCE = 5000
AT_A_TIME = 50  # orders in one transaction: others get their turn in between


class Nonsense(ValueError):  # noqa: N818 - its name is the sentence
    """What was asked cannot be done; the text says why."""


@dataclass(frozen=True)
class Wish:
    """What kind of sales orders to make."""

    account: str = ACCOUNT
    count: int = 1
    notes: int = 1
    lines: int = 2
    warehouse_id: int | None = None
    shipping_method_id: int | None = None
    channel_id: int | None = None
    reference: str | None = None
    bundle: bool = False
    burst_as_one_webhook: bool = False
    terms: Terms = PLAIN

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Wish":
        """Read the control API's body."""
        try:
            wish = cls(
                account=str(body.get("account", ACCOUNT)),
                count=int(body.get("count", 1)),
                notes=int(body.get("notes", 1)),
                lines=int(body.get("lines", 2)),
                warehouse_id=body.get("warehouseId"),
                shipping_method_id=body.get("shippingMethodId"),
                channel_id=body.get("channelId"),
                reference=body.get("reference"),
                bundle=bool(body.get("bundle", False)),
                burst_as_one_webhook=bool(body.get("burst_as_one_webhook", False)),
                terms=Terms.read(body),
            )
        except (TypeError, ValueError) as error:
            raise Nonsense(f"That is no sales order: {error}") from error
        if not (1 <= wish.count <= MOST_AT_ONCE and 0 <= wish.notes <= 20 and wish.lines >= 1):  # noqa: PLR2004
            raise Nonsense(f"count is 1 to {MOST_AT_ONCE}, notes 0 to 20, lines 1 or more.")
        return wish


def make_sales_orders(world: World, wish: Wish) -> list[dict[str, Any]]:
    """Make sales orders with goods-out notes; the webhooks go out as for real ones."""
    check_account(world, wish.account)
    products, made, all_notes = sellable(world, wish.account), [], []
    for start in range(0, wish.count, AT_A_TIME):
        with world.change() as change:
            for _ in range(min(AT_A_TIME, wish.count - start)):
                order, its_notes = _make_one(world, change, wish, products)
                if not wish.burst_as_one_webhook:
                    for note in its_notes:
                        notes.announce_created(world, change, [note])
                all_notes.extend(its_notes)
                made.append({"orderId": order["id"], "noteIds": [note["id"] for note in its_notes]})
    if wish.burst_as_one_webhook and all_notes:
        with world.change() as change:
            notes.announce_created(world, change, all_notes)
    return made


def check_account(world: World, account: str) -> None:
    """Refuse an account that is not there, in a sentence."""
    if world.store.get("bp_account", account) is None:
        raise Nonsense(f"There is no account {account}.")


def make_drop_ship(world: World, account: str, *, quantity: int = 1) -> Document:
    """Make a sales order that a supplier sends, with its drop-ship note."""
    check_account(world, account)
    with world.change() as change:
        wish = Wish(account=account, notes=0, lines=1)
        order, _ = _make_one(world, change, wish, sellable(world, account))
        row = next(row for row in order["rows"] if row["is_tracked"])
        rows = [{"row_id": row["id"], "product_id": row["product_id"], "quantity": quantity}]
        wanted = {"order_id": order["id"], "rows": rows, "created_by": DESK_PERSON}
        return drop_ship_notes.make_note(world, change, account, wanted)


def make_transfer(world: World, quantity: int = 12, account: str = ACCOUNT) -> Document:
    """Move stock between two warehouses: a note without an order."""
    check_account(world, account)
    with world.change() as change:
        product = world.dice.choice(sellable(world, account))
        row = {"product_id": product["id"], "quantity": quantity, "location_id": MAIN_WAREHOUSE}
        note = notes.make_note(
            world,
            change,
            account,
            {
                "transfer": True,
                "warehouse_id": MAIN_WAREHOUSE,
                "target_warehouse_id": SECOND_WAREHOUSE,
                "stock_transfer_id": change.next_id(shelf("bp_transfer", account), 88),
                "rows": [row],
                "created_by": DESK_PERSON,
            },
        )
        notes.announce_created(world, change, [note])
    return note


def delete_note(world: World, number: int, account: str = ACCOUNT) -> None:
    """Delete an open note, as the desk does after reversing its steps."""
    with world.change() as change:
        note = change.get(shelf("bp_note", account), number)
        if note is None:
            raise Nonsense(f"There is no goods-out note {number}.")
        if note["steps"].get("SHW"):
            raise Nonsense(f"Goods-out note {number} has been shipped.")
        notes.remove_note(world, change, note)


def _make_one(
    world: World, change: Change, wish: Wish, products: Sequence[Document]
) -> tuple[Document, list[Document]]:
    account = wish.account
    warehouse = wish.warehouse_id or world.dice.choice((MAIN_WAREHOUSE, SECOND_WAREHOUSE))
    method = wish.shipping_method_id or world.dice.choice((5, 6, 7, 8))
    for kind, number in (("bp_warehouse", warehouse), ("bp_method", method)):
        if change.get(shelf(kind, account), number) is None:
            raise Nonsense(f"There is no {kind.removeprefix('bp_')} {number}.")
    order = orders.make_order(
        world,
        change,
        {
            "account": account,
            "reference": wish.reference,
            "lines": [*_lines(world, wish, products), *_odd_lines(world, change, wish)],
            "terms": wish.terms,
            "address": a_customer(world.dice),
            "warehouse_id": warehouse,
            "method_id": method,
            "channel_id": wish.channel_id or world.dice.choice((1, 1, 1, 2, 3)),
            "created_by": DESK_PERSON,
        },
    )
    made = _notes_of(world, change, order, wish)
    if wish.terms.row_gone:
        kept = change.edit(shelf("bp_order", account), order["id"])
        kept["rows"] = kept["rows"][1:]
    return order, made


def _notes_of(world: World, change: Change, order: Document, wish: Wish) -> list[Document]:
    """Share an order between as many notes as are wished for."""
    terms = wish.terms
    shares = orders.split_over_notes(order, wish.notes) if wish.notes else []
    wanted: Document = {
        "order_id": order["id"],
        "warehouse_id": order["warehouse_id"],
        "method_id": order["method_id"],
        "created_by": DESK_PERSON,
        "priority": terms.priority,
    }
    if terms.release_on is not None:
        wanted["release_on"] = terms.release_on
    rows = [
        orders.note_rows(
            [] if terms.no_lines else share, order["warehouse_id"], locations=terms.locations
        )
        for share in shares
    ]
    return [notes.make_note(world, change, wish.account, {**wanted, "rows": each}) for each in rows]


def _odd_lines(world: World, change: Change, wish: Wish) -> list[tuple[Document, Any]]:
    """Add what a connector stumbles over: no SKU, or one that the warehouse does not know."""
    lines: list[tuple[Document, Any]] = []
    quantity = wish.terms.quantity or 1
    if wish.terms.without_sku:
        stocked = world.store.all(shelf("bp_product", wish.account))
        bare = [product for product in stocked if not product["sku"] and not product["components"]]
        if not bare:
            raise Nonsense(f"Account {wish.account} has no product without SKU.")
        lines.append((bare[0], quantity))
    if wish.terms.new_sku:
        article = Article(f"New: {wish.terms.new_sku}", wish.terms.new_sku, "9.00", 100)
        lines.append((new_product(world, change, wish.account, article), quantity))
    return lines


def _lines(world: World, wish: Wish, products: Sequence[Document]) -> list[tuple[Document, Any]]:
    """Choose products; with more notes than lines a line has pieces for each note."""
    chosen = world.dice.sample(products, min(wish.lines, len(products)))
    fewest = -(-max(wish.notes, 1) // len(chosen))
    lines: list[tuple[Document, Any]] = [
        (product, wish.terms.quantity or fewest - 1 + world.dice.choice((1, 1, 1, 2, 3)))
        for product in chosen
    ]
    if wish.terms.fraction is not None:
        lines[0] = (lines[0][0], float(wish.terms.fraction))
    if wish.bundle:
        stocked = world.store.all(shelf("bp_product", wish.account))
        bundles = [product for product in stocked if product["components"]]
        if not bundles:
            raise Nonsense(f"Account {wish.account} sells no bundle.")
        lines.append((bundles[0], 1))
    return lines
