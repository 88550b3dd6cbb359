"""Goods-out notes over HTTP (contract sections 6 and 7)."""

from typing import Any

from flask import Blueprint, Response, request

from sandbox.brightpearl import notes, search
from sandbox.brightpearl.bodies import read_body
from sandbox.brightpearl.faults import Refused, bad_request, none_found
from sandbox.brightpearl.gate import caller, visit
from sandbox.brightpearl.id_sets import ids_in
from sandbox.brightpearl.note_bodies import SEARCH_COLUMNS, note_body, search_row
from sandbox.brightpearl.note_events import check_version, post_events
from sandbox.brightpearl.order_standing import noted
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Change, Document
from sandbox.world import World

NOTES_PER_CALL = 500
ORDERS_PER_CALL = 200
_OF_ORDER = "/warehouse-service/order/<order_ids>/goods-note/goods-out"
_ONE = "/warehouse-service/goods-note/goods-out/<int:number>"


def add_note_routes(routes: Blueprint, world: World) -> None:
    """Put the note routes on the account's blueprint."""
    _add_reading(routes, world)
    _add_changing(routes, world)
    _add_making(routes, world)


def _add_reading(routes: Blueprint, world: World) -> None:
    @routes.get(_OF_ORDER, endpoint="get-goods-out-note", defaults={"note_ids": None})
    @routes.get(f"{_OF_ORDER}/<note_ids>", endpoint="get-goods-out-note")
    def read(account: str, order_ids: str, note_ids: str | None) -> Response:
        found = _found(world, account, order_ids, note_ids)
        write = time_writer(world, account)
        if found:
            return json_answer({"response": {str(n["id"]): note_body(n, write) for n in found}})
        way = visit().switches.all_missing_notes
        if way == "not_found":
            raise none_found("No goods-out notes found")
        return json_answer({"response": {} if way == "empty_map" else []})

    @routes.get("/warehouse-service/goods-note/goods-out-search", endpoint="search-goods-out-note")
    def find(account: str) -> Response:
        refuse = visit().switches.unknown_filter == "refuse"
        resource = search.Resource(SEARCH_COLUMNS, time_writer(world, account), refuse)
        rows = [search_row(note, _channel_of(world, note)) for note in _likely(world, account)]
        return json_answer(search.search(resource, rows, request.args))


def _add_changing(routes: Blueprint, world: World) -> None:
    @routes.put(_ONE, endpoint="put-goods-out-note")
    def put(account: str, number: int) -> Response:
        body = read_body()
        with world.change() as change:
            notes.put_details(world, change, account, number, body)
        return json_answer({})

    @routes.post(f"{_ONE}/event", endpoint="post-goods-out-note-event")
    def event(account: str, number: int) -> Response:
        body = read_body()
        with world.change() as change:
            check_version(world, change, account, number, request.headers.get("If-Match"))
            post_events(world, change, account, number, body)
        return json_answer({})


def _add_making(routes: Blueprint, world: World) -> None:
    @routes.post(_OF_ORDER, endpoint="post-goods-out-note")
    def create(account: str, order_ids: str) -> Response:
        order = world.store.get(shelf("bp_order", account), order_ids)
        if order is None:
            raise bad_request(f"You have supplied an invalid order id: {order_ids}", "ORDC-003")
        body = read_body()
        with world.change() as change:
            made = [_make(world, change, order, part, body) for part in _parts(body)]
            notes.announce_created(world, change, made)
        return json_answer({"response": [note["id"] for note in made]})

    @routes.delete(f"{_OF_ORDER}/<int:number>", endpoint="delete-goods-out-note")
    def delete(account: str, order_ids: str, number: int) -> Response:
        [order_id] = ids_in(order_ids, limit=1)
        with world.change() as change:
            notes.delete_note(world, change, account, order_id, number)
        return json_answer({"response": number})


def _found(world: World, account: str, order_ids: str, note_ids: str | None) -> list[Document]:
    store, kind = world.store, shelf("bp_note", account)
    if note_ids is None:
        if order_ids == "*":
            raise bad_request("Give an order ID set or a goods-out note ID set")
        orders = ids_in(order_ids, limit=ORDERS_PER_CALL)
        return [n for order in orders for n in store.find(kind, "order_id", order)]
    asked = (store.get(kind, n) for n in ids_in(note_ids, limit=NOTES_PER_CALL))
    found = [note for note in asked if note is not None]
    if order_ids == "*":
        return found
    orders = ids_in(order_ids, limit=ORDERS_PER_CALL)
    return [note for note in found if note["order_id"] in orders]


def _likely(world: World, account: str) -> list[Document]:
    """Give the notes a search may find, without walking all where a filter tells a few."""
    store, kind = world.store, shelf("bp_note", account)
    for name, field in (("createdOn", "created_on"), ("shippedOn", "shipped_on")):
        if span := search.span_of(request.args.get(name)):
            return store.between(kind, field, *span)
    if request.args.get("shipped") == "false":
        return store.find(kind, "shipped_at", None)
    number = request.args.get("orderId", "")
    return store.find(kind, "order_id", number) if number.isdecimal() else store.all(kind)


def _channel_of(world: World, note: Document) -> int:
    order = world.store.get(shelf("bp_order", note["account"]), note["order_id"])
    return int(order["channel_id"]) if order else 0


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    parts = body.get("warehouses")
    if not isinstance(parts, list) or not parts:
        raise bad_request("warehouses is required")
    return parts


def _make(
    world: World, change: Change, order: Document, part: dict[str, Any], body: dict[str, Any]
) -> Document:
    """Make the note of one warehouse; no row may hold more than the order still wants."""
    account = order["account"]
    if change.get(shelf("bp_warehouse", account), part.get("warehouseId")) is None:
        raise bad_request(f"You have provided an invalid warehouse Id: {part.get('warehouseId')}")
    return notes.make_note(
        world,
        change,
        account,
        {
            "order_id": order["id"],
            "warehouse_id": part["warehouseId"],
            "rows": _wanted_rows(world, order, part),
            "priority": bool(body.get("priority", False)),
            "method_id": body.get("shippingMethodId") or 0,
            "created_by": caller(),
        },
    )


def _wanted_rows(world: World, order: Document, part: dict[str, Any]) -> list[Document]:
    held = noted(world.store.find(shelf("bp_note", order["account"]), "order_id", order["id"]))
    rows = []
    for line in part.get("products") or []:
        row = next((r for r in order["rows"] if r["id"] == line.get("salesOrderRowId")), None)
        if row is None or not row["is_tracked"]:
            raise bad_request(f"Order row {line.get('salesOrderRowId')} cannot be fulfilled")
        quantity = int(line.get("quantity") or 0)
        if quantity < 1 or held[row["id"]] + quantity > row["quantity"]:
            raise Refused(400, ("SBOX-000", f"Order row {row['id']} wants no {quantity} more"))
        rows.append(
            {
                "row_id": row["id"],
                "product_id": row["product_id"],
                "quantity": quantity,
                "location_id": part["warehouseId"],
            }
        )
    if not rows:
        raise bad_request("products is required")
    return rows
