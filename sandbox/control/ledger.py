"""Counts on both sides, to prove that nothing was lost or doubled, and when each step happened."""

import re
from collections import Counter
from typing import Any

from sandbox.brightpearl.hooks import LOST
from sandbox.brightpearl.shelf import shelf
from sandbox.store import Document
from sandbox.world import World

_NUMBERS = re.compile(r"\d+")


def ledger(world: World, account: str | None = None) -> dict[str, Any]:
    """Give the counts, the doubled keys and the times of each note, of one account or of all."""
    accounts = world.store.all("bp_account")
    told = [a for a in accounts if account in (None, a["code"])]
    notes = [note for each in told for note in notes_of(world, each)]
    store = world.store
    orders = store.all("sh_order") if account is None else _orders(world, told)
    live = Counter(
        order["partner_order_id"]
        for order in orders
        if order["partner_order_id"] and order["fulfillment_status"] != "canceled"
    )
    shipped_events = sum(1 for n in notes for event in n["events"] if event["code"] == "SHW")
    return {
        "notes": len(notes),
        "notes_shipped": sum(1 for note in notes if note["steps"].get("SHW")),
        "shiphero_orders": len(orders),
        "live_orders_by_key": {"max": max(live.values(), default=0), "keys": len(live)},
        "doubled_keys": sorted(key for key, count in live.items() if count > 1),
        "shipped_events": shipped_events,
        "webhooks_lost": _lost(world, account),
        "note_timings": [row for each in told for row in note_timings(world, each)],
    }


def notes_of(world: World, account: Document) -> list[Document]:
    """List an account's goods-out notes."""
    return world.store.all(shelf("bp_note", account["code"]))


def note_timings(world: World, account: Document) -> list[dict[str, Any]]:
    """Give one row a note (epoch seconds), None where a step did not happen yet."""
    announced, shipment_told = _delivered(world, account["code"])
    order_of = orders_by_note(world, account)
    return [
        _timing(note, order_of.get(note["id"]), announced, shipment_told)
        for note in notes_of(world, account)
    ]


def orders_by_note(world: World, account: Document) -> dict[int, Document]:
    """Find the first ShipHero order whose key holds a note's id as a whole number.

    The sandbox does not know how a connector builds its key; `7001`, `note-7001` and
    `GO-demo-7001-2` are all read as note 7001.
    """
    found: dict[int, Document] = {}
    place = shelf("bp_note", account["code"])
    for order in _orders(world, [account]):
        for text in _NUMBERS.findall(order["partner_order_id"] or ""):
            number = int(text)
            if world.store.get(place, number) is not None:
                found.setdefault(number, order)
                break
    return found


def _orders(world: World, accounts: list[Document]) -> list[Document]:
    store = world.store
    return [o for each in accounts for o in store.find("sh_order", "account", each["shiphero"])]


def _lost(world: World, account: str | None) -> int:
    lost = world.store.find("delivery", "state", LOST)
    return sum(1 for delivery in lost if account in (None, delivery["account"]))


def _timing(
    note: Document,
    order: Document | None,
    announced: dict[int, float],
    shipment_told: dict[int, float],
) -> dict[str, Any]:
    return {
        "account": note["account"],
        "noteId": note["id"],
        "created_at": note["created_at"],
        "webhook_delivered_at": announced.get(note["id"]),
        "shiphero_order_at": order["created_at"] if order else None,
        "shiphero_shipped_at": order["shipped_at"] if order else None,
        "shipment_webhook_delivered_at": shipment_told.get(order["legacy_id"]) if order else None,
        "note_shipped_at": note["shipped_at"],
    }


def _delivered(world: World, account: str) -> tuple[dict[int, float], dict[int, float]]:
    """Find when notes' creations and orders' shipments were first delivered."""
    announced: dict[int, float] = {}
    shipment_told: dict[int, float] = {}
    for delivery in world.store.find("delivery", "state", "delivered"):
        if delivery["name"] == "goods-out-note.created" and delivery["account"] == account:
            for number in delivery["subjects"]:
                announced.setdefault(number, delivery["delivered_at"])
        elif delivery["name"] == "Shipment Update":
            for number in delivery["subjects"]:
                shipment_told.setdefault(number, delivery["delivered_at"])
    return announced, shipment_told
