"""Sales orders and their notes over HTTP (contract section 8)."""

from typing import Any

from flask import Blueprint, Response, request

from sandbox.brightpearl import hooks, order_search, search, times
from sandbox.brightpearl.bodies import read_body
from sandbox.brightpearl.faults import bad_request, none_found
from sandbox.brightpearl.gate import caller, visit
from sandbox.brightpearl.id_sets import get_uris, ids_in, spans
from sandbox.brightpearl.order_bodies import (
    CANCELLED,
    STATUSES,
    WriteTime,
    order_body,
    sales_order_body,
)
from sandbox.brightpearl.order_standing import shipping_status
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Document
from sandbox.world import World

ORDERS_PER_CALL = 200
FIRST_NOTE = 9001
_ORDER = "/order-service/order/<ids>"
_SALES_ORDER = "/order-service/sales-order/<ids>"
_NOTES = f"{_ORDER}/note"


def add_order_routes(routes: Blueprint, world: World) -> None:
    """Put the order routes on the account's blueprint."""
    _add_reading(routes, world)
    _add_finding(routes, world)
    _add_statuses(routes)
    _add_order_note_routes(routes, world)

    @routes.put(f"{_ORDER}/status", endpoint="put-order-status")
    def put_status(account: str, ids: str) -> Response:
        _set_status(world, _one(world, account, ids), read_body())
        return json_answer({})


def _add_reading(routes: Blueprint, world: World) -> None:
    @routes.get(_ORDER, endpoint="get-order")
    def read(account: str, ids: str) -> Response:
        # The list's order is not kept (recorded): asked 1,320,321, got 320,1,321.
        orders = sorted(_orders(world, account, ids), key=lambda order: -(order["id"] % 7))
        write = time_writer(world, account)
        asked = "customFields" in request.args.get("includeOptional", "").split(",")
        bodies = [order_body(o, _notes(world, o), write, custom_fields=asked) for o in orders]
        return json_answer({"response": bodies})

    @routes.get(_SALES_ORDER, endpoint="get-sales-order")
    def read_flat(account: str, ids: str) -> Response:
        write = time_writer(world, account)
        found = _orders(world, account, ids)
        return json_answer(
            {"response": [sales_order_body(o, _notes(world, o), write) for o in found]}
        )


def _add_statuses(routes: Blueprint) -> None:
    @routes.get("/order-service/order-status", endpoint="get-order-status", defaults={"ids": None})
    @routes.get("/order-service/order-status/<ids>", endpoint="get-order-status")
    def read_statuses(account: str, ids: str | None) -> Response:  # noqa: ARG001
        wanted = set(STATUSES) if ids is None else set(ids_in(ids, limit=ORDERS_PER_CALL))
        found = [
            {"statusId": number, "name": name, "orderTypeCode": "SO"}
            for number, name in STATUSES.items()
            if number in wanted
        ]
        if not found:
            raise none_found(f"There is no order status {ids}")
        return json_answer({"response": found})


def _add_finding(routes: Blueprint, world: World) -> None:
    @routes.route(_ORDER, methods=["OPTIONS"], endpoint="options-order")
    def options(account: str, ids: str) -> Response:
        return _options(world, account, "order", ids)

    @routes.route(_SALES_ORDER, methods=["OPTIONS"], endpoint="options-sales-order")
    def options_flat(account: str, ids: str) -> Response:
        return _options(world, account, "sales-order", ids)

    @routes.get("/order-service/order-search", endpoint="search-order")
    @routes.get("/order-service/sales-order-search", endpoint="search-sales-order")
    def find(account: str) -> Response:
        resource = search.Resource(
            order_search.COLUMNS,
            time_writer(world, account),
            visit().switches.unknown_filter == "refuse",
            order_search.REFERENCE,
        )
        rows = [
            order_search.search_row(order, shipping_status(order, _notes(world, order)))
            for order in _likely(world, account)
        ]
        return json_answer(search.search(resource, rows, request.args))


def _add_order_note_routes(routes: Blueprint, world: World) -> None:
    @routes.get(_NOTES, endpoint="get-order-note")
    def read_notes(account: str, ids: str) -> Response:
        write = time_writer(world, account)
        orders = _orders(world, account, ids)
        kind = shelf("bp_order_note", account)
        notes = [n for o in orders for n in world.store.find(kind, "order_id", o["id"])]
        return json_answer({"response": [_note_body(note, write) for note in notes]})

    @routes.post(_NOTES, endpoint="post-order-note")
    def add_note(account: str, ids: str) -> Response:
        order, body = _one(world, account, ids), read_body()
        if not body.get("text"):
            raise bad_request("text is required")
        return json_answer({"response": _keep_note(world, order, body)})


def _keep_note(world: World, order: Document, body: dict[str, Any]) -> int:
    with world.change() as change:
        kind = shelf("bp_order_note", order["account"])
        number = change.next_id(kind, FIRST_NOTE)
        added = times.read(body["addedOn"]) if body.get("addedOn") else world.clock.now()
        note = {
            "id": number,
            "order_id": order["id"],
            "text": body["text"],
            "is_public": bool(body.get("isPublic", False)),
            "contact_id": body.get("contactId") or order["contact_id"],
            "added_by": caller(),
            "added_on": times.whole_second(added),
            "status_id": order["status_id"],
        }
        change.put(kind, number, note)
    return number


def _note_body(note: Document, write_time: WriteTime) -> dict[str, Any]:
    return {
        "noteId": note["id"],
        "contactId": note["contact_id"],
        "text": note["text"],
        "isPublic": note["is_public"],
        "addedOn": write_time(note["added_on"]),
        "addedBy": note["added_by"],
        "orderStatusId": note["status_id"],
    }


def _set_status(world: World, order: Document, body: dict[str, Any]) -> None:
    """Set the status; "cancelled" is refused while notes exist (section 8)."""
    status = body.get("orderStatusId")
    if status not in STATUSES:
        raise bad_request(f"You have supplied an invalid order status id: {status}")
    if status == CANCELLED and _notes(world, order):
        raise bad_request(f"Order {order['id']} has goods-out notes and cannot be cancelled")
    with world.change() as change:
        kept = change.edit(shelf("bp_order", order["account"]), order["id"])
        kept["status_id"] = status
        kept["updated_on"] = times.whole_second(world.clock.now())
        event = "order.modified.order-status"
        hooks.raise_event(world, change, order["account"], event, [order["id"]])
        text = (body.get("orderNote") or {}).get("text")
    if text:
        _keep_note(world, order, body["orderNote"])


def _likely(world: World, account: str) -> list[Document]:
    """Give the orders a search may find, without walking all where a filter tells a few."""
    kind = shelf("bp_order", account)
    for name, field in (("updatedOn", "updated_on"), ("createdOn", "created_on")):
        if span := search.span_of(request.args.get(name)):
            return world.store.between(kind, field, *span)
    number = request.args.get("orderId", "")
    if not number.isdecimal():
        return world.store.all(kind)
    order = world.store.get(kind, number)
    return [] if order is None else [order]


def _orders(world: World, account: str, ids: str) -> list[Document]:
    kind = shelf("bp_order", account)
    asked = (world.store.get(kind, n) for n in ids_in(ids, limit=ORDERS_PER_CALL))
    return [order for order in asked if order is not None]


def _one(world: World, account: str, ids: str) -> Document:
    order = world.store.get(shelf("bp_order", account), ids)
    if order is None:
        # ORDC-003 and its text are recorded for the order-row POST
        raise bad_request(f"You have supplied an invalid order id: {ids}", "ORDC-003")
    return order


def _notes(world: World, order: Document) -> list[Document]:
    return world.store.find(shelf("bp_note", order["account"]), "order_id", order["id"])


def _options(world: World, account: str, resource: str, ids: str) -> Response:
    wanted = spans(ids)
    known = [order["id"] for order in world.store.all(shelf("bp_order", account))]
    found = [number for number in known if any(a <= number <= b for a, b in wanted)]
    uris = get_uris(resource, found, limit=ORDERS_PER_CALL)
    return json_answer({"response": {"getUris": uris}})
