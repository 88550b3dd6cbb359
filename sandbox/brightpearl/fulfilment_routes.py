"""How far orders have come and what stock has moved, over HTTP (contract sections 6a and 7d)."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, request

from sandbox.brightpearl import search
from sandbox.brightpearl.faults import none_found
from sandbox.brightpearl.gate import visit
from sandbox.brightpearl.order_standing import noted
from sandbox.brightpearl.search import Column, Row
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Document
from sandbox.world import World

# Of this search only these columns are known (section 6a).
MOVEMENT_COLUMNS = (
    Column("goodsNoteId", "INTEGER"),
    Column("goodsNoteTypeCode", "STRING"),
    Column("updatedOn", "PERIOD"),
)


def add_fulfilment_routes(routes: Blueprint, world: World) -> None:
    """Put the routes on the account's blueprint."""

    @routes.get(
        "/warehouse-service/order/<int:number>/fulfilment-status", endpoint="get-fulfilment-status"
    )
    def status(account: str, number: int) -> Response:
        order = world.store.get(shelf("bp_order", account), number)
        if order is None:
            raise none_found(f"There is no order {number}")
        notes = world.store.find(shelf("bp_note", account), "order_id", number)
        return json_answer({"response": _standing(order, notes)})

    @routes.get("/warehouse-service/goods-movement-search", endpoint="search-goods-movement")
    def find(account: str) -> Response:
        refuse = visit().switches.unknown_filter == "refuse"
        resource = search.Resource(MOVEMENT_COLUMNS, time_writer(world, account), refuse)
        rows = [_movement(note) for note in _moved(world, account)]
        return json_answer(search.search(resource, rows, request.args))


def _standing(order: Document, notes: list[Document]) -> dict[str, Any]:
    """Write each stock-tracked row: on notes is fulfilled, and shipped is shipped."""
    held, shipped = noted(notes), noted(note for note in notes if note["shipped_on"])
    places: dict[int, Counter[str]] = {}
    for note in notes:
        for line in note["rows"]:
            counted = places.setdefault(line["row_id"], Counter())
            counted[str(note["warehouse_id"])] += line["quantity"]
    standing = {}
    for row in order["rows"]:
        if row["is_tracked"]:
            number = row["id"]
            told = {"quantity": row["quantity"], "fulfilled": held[number]}
            at = {"fulfilmentLocations": dict(places[number])} if number in places else {}
            standing[str(number)] = {**told, "shipped": shipped[number], **at}
    return standing


def _moved(world: World, account: str) -> list[Document]:
    """Give the notes whose stock has left, by when if that is asked for."""
    span = search.span_of(request.args.get("updatedOn")) or (float("-inf"), float("inf"))
    return world.store.between(shelf("bp_note", account), "shipped_on", *span)


def _movement(note: Document) -> Row:
    return {
        "goodsNoteId": note["id"],
        "goodsNoteTypeCode": "GO",
        "updatedOn": note["shipped_on"],
    }
