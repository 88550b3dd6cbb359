"""The control room's JSON for what a merchant does with products and drop-ship notes."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.brightpearl import drop_ship_notes, products, times
from sandbox.brightpearl.seed import DESK_PERSON
from sandbox.brightpearl.shelf import shelf
from sandbox.catalogue import Article
from sandbox.control.api import read_body
from sandbox.person import Nonsense, check_account, make_drop_ship
from sandbox.store import Document
from sandbox.world import World


def add_merchant_routes(routes: Blueprint, world: World) -> None:
    """Put the routes on the blueprint of accounts."""
    _add_products(routes, world)
    _add_drop_ship_notes(routes, world)


def _add_products(routes: Blueprint, world: World) -> None:
    @routes.post("/<code>/products")
    def make_product(code: str) -> ResponseReturnValue:
        """Make a product of `name`, `sku`, `price`, `grams`; raises product.created."""
        check_account(world, code)
        with world.change() as change:
            product = products.new_product(world, change, code, _article(read_body()))
        return jsonify(product)

    @routes.post("/<code>/products/<int:number>")
    def change_product(code: str, number: int) -> ResponseReturnValue:
        """Change name, sku, barcode, ean, upc, price, weight or status; product.modified."""
        wanted = read_body()
        if unknown := sorted(wanted.keys() - products.CHANGEABLE):
            can = ", ".join(sorted(products.CHANGEABLE))
            raise Nonsense(f"Of a product {can} can be changed, not {unknown}.")
        known_product(world, code, number)
        with world.change() as change:
            return jsonify(products.change_product(world, change, code, number, wanted))

    @routes.delete("/<code>/products/<int:number>")
    def destroy_product(code: str, number: int) -> ResponseReturnValue:
        known_product(world, code, number)
        with world.change() as change:
            products.destroy_product(world, change, code, number)
        return jsonify(productId=number)


def _add_drop_ship_notes(routes: Blueprint, world: World) -> None:
    @routes.post("/<code>/drop-ship-notes")
    def make_note(code: str) -> ResponseReturnValue:
        """Make an order that a supplier sends, with its drop-ship note."""
        note = make_drop_ship(world, code, quantity=int(read_body().get("quantity", 1)))
        return jsonify(noteId=note["id"], orderId=note["order_id"])

    @routes.post("/<code>/drop-ship-notes/<int:number>/ship")
    def ship_note(code: str, number: int) -> ResponseReturnValue:
        """Ship it with `tracking`, as the desk would."""
        on = times.raised_on(world.clock.now())
        event = {"eventCode": "SHS", "occured": on, "eventOwnerId": DESK_PERSON}
        body = {"events": [event], "trackingReference": read_body().get("tracking")}
        with world.change() as change:
            drop_ship_notes.ship_note(world, change, code, number, body)
        return jsonify(noteId=number)

    @routes.delete("/<code>/drop-ship-notes/<int:number>")
    def remove_note(code: str, number: int) -> ResponseReturnValue:
        with world.change() as change:
            drop_ship_notes.remove_note(world, change, code, number)
        return jsonify(noteId=number)


def known_product(world: World, code: str, number: int) -> Document:
    """Give a product, or refuse in a sentence."""
    check_account(world, code)
    product = world.store.get(shelf("bp_product", code), number)
    if product is None:
        raise Nonsense(f"Account {code} has no product {number}.")
    return product


def _article(body: dict[str, Any]) -> Article:
    sku = str(body.get("sku", ""))
    grams = int(body.get("grams", 100))
    return Article(str(body.get("name") or sku), sku, str(body.get("price", "1.00")), grams)
