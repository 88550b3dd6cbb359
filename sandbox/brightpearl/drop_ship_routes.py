"""Drop-ship notes over HTTP (contract sections 6 and 7d)."""

from flask import Blueprint, Response

from sandbox.brightpearl import drop_ship_notes
from sandbox.brightpearl.bodies import read_body
from sandbox.brightpearl.faults import bad_request
from sandbox.brightpearl.id_sets import ids_in
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Document
from sandbox.world import World

NOTES_PER_CALL = 500
ORDERS_PER_CALL = 200
_OF_ORDER = "/warehouse-service/order/<order_ids>/goods-note/drop-ship"
_ONE = "/warehouse-service/goods-note/drop-ship/<int:number>"


def add_drop_ship_routes(routes: Blueprint, world: World) -> None:
    """Put the drop-ship routes on the account's blueprint."""

    @routes.get(_OF_ORDER, endpoint="get-drop-ship-note", defaults={"note_ids": None})
    @routes.get(f"{_OF_ORDER}/<note_ids>", endpoint="get-drop-ship-note")
    def read(account: str, order_ids: str, note_ids: str | None) -> Response:
        found = _found(world, account, order_ids, note_ids)
        write = time_writer(world, account)
        notes = {str(note["id"]): drop_ship_notes.note_body(note, write) for note in found}
        return json_answer({"response": notes or []})

    @routes.post(f"{_ONE}/event", endpoint="post-drop-ship-note-event")
    def event(account: str, number: int) -> Response:
        body = read_body()
        with world.change() as change:
            drop_ship_notes.ship_note(world, change, account, number, body)
        return json_answer({})


def _found(world: World, account: str, order_ids: str, note_ids: str | None) -> list[Document]:
    store, kind = world.store, shelf("bp_drop_ship", account)
    if note_ids is not None:
        asked = (store.get(kind, number) for number in ids_in(note_ids, limit=NOTES_PER_CALL))
        found = [note for note in asked if note is not None]
        if order_ids == "*":
            return found
        orders = ids_in(order_ids, limit=ORDERS_PER_CALL)
        return [note for note in found if note["order_id"] in orders]
    if order_ids == "*":
        raise bad_request("Give an order ID set or a drop-ship note ID set")
    orders = ids_in(order_ids, limit=ORDERS_PER_CALL)
    return [note for order in orders for note in store.find(kind, "order_id", order)]
