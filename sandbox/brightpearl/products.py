"""Products as the merchant keeps them: made, changed, destroyed (contract section 9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.brightpearl import hooks, stock
from sandbox.brightpearl.shelf import shelf
from sandbox.catalogue import Article
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_PRODUCT = 1501
CHANGEABLE = frozenset({"name", "sku", "barcode", "ean", "upc", "price", "weight", "status"})


def make_product(
    change: Change,
    account: str,
    article: Article,
    *,
    made_on: float,
    components: Sequence[Document] = (),
    warehouses: Sequence[int] = (),
) -> Document:
    """Keep a new product; only one that is no bundle has stock, laid into the warehouses."""
    number = change.next_id(shelf("bp_product", account), FIRST_PRODUCT)
    product: Document = {
        "id": number,
        "name": article.name,
        "sku": article.sku,
        "barcode": f"50{number:011}" if article.sku else "",
        "price": article.price,
        "weight": article.grams,
        "stock_tracked": not components,
        "components": list(components),
        "status": "LIVE",
        "created_on": made_on,
        "updated_on": made_on,
    }
    change.put(shelf("bp_product", account), number, product)
    if not components:
        stock.put_stock(change, account, number, warehouses)
    return product


def new_product(world: World, change: Change, account: str, article: Article) -> Document:
    """Make a product as the merchant does now and raise `product.created`."""
    warehouses = [each["id"] for each in world.store.all(shelf("bp_warehouse", account))]
    made_on = int(world.clock.now())
    product = make_product(change, account, article, made_on=made_on, warehouses=warehouses)
    hooks.raise_event(world, change, account, "product.created", [product["id"]])
    return product


def change_product(
    world: World, change: Change, account: str, number: int, wanted: Mapping[str, Any]
) -> Document:
    """Change what may be changed, move `updatedOn` and raise `product.modified`."""
    product = change.edit(shelf("bp_product", account), number)
    product.update(wanted, updated_on=world.clock.now())
    hooks.raise_event(world, change, account, "product.modified", [number])
    return product


def destroy_product(world: World, change: Change, account: str, number: int) -> None:
    """Take a product away and raise `product.destroyed`."""
    change.edit(shelf("bp_product", account), number)
    change.delete(shelf("bp_product", account), number)
    change.delete(shelf("bp_stock", account), number)
    hooks.raise_event(world, change, account, "product.destroyed", [number])


def sellable(world: World, account: str) -> list[Document]:
    """List what a sales order may hold."""
    found = world.store.all(shelf("bp_product", account))
    return [product for product in found if product["sku"] and not product["components"]]
