"""Counts on both sides, to prove that nothing was lost or doubled, and when each step happened."""

import re
from collections import Counter
from typing import Any

from sandbox.store import Document
from sandbox.world import World

_NUMBERS = re.compile(r"\d+")


def ledger(world: World) -> dict[str, Any]:
    """Give the counts, the doubled keys and the times of each note (epoch seconds)."""
    store = world.store
    notes, orders = store.all("bp_note"), store.all("sh_order")
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
        "note_timings": note_timings(world),
    }


def note_timings(world: World) -> list[dict[str, Any]]:
    """Give one row a note, None where a step did not happen yet."""
    announced, shipment_told = _delivered(world)
    order_of = orders_by_note(world)
    return [
        _timing(note, order_of.get(note["id"]), announced, shipment_told)
        for note in world.store.all("bp_note")
    ]


def orders_by_note(world: World) -> dict[int, Document]:
    """Find the first ShipHero order whose key holds a note's id as a whole number.

    The sandbox does not know how a connector builds its key; `7001`, `note-7001` and
    `GO-demo-7001-2` are all read as note 7001.
    """
    found: dict[int, Document] = {}
    for order in world.store.all("sh_order"):
        for text in _NUMBERS.findall(order["partner_order_id"] or ""):
            number = int(text)
            if world.store.get("bp_note", number) is not None:
                found.setdefault(number, order)
                break
    return found


def _timing(
    note: Document,
    order: Document | None,
    announced: dict[int, float],
    shipment_told: dict[int, float],
) -> dict[str, Any]:
    return {
        "noteId": note["id"],
        "created_at": note["created_at"],
        "webhook_delivered_at": announced.get(note["id"]),
        "shiphero_order_at": order["created_at"] if order else None,
        "shiphero_shipped_at": order["shipped_at"] if order else None,
        "shipment_webhook_delivered_at": shipment_told.get(order["legacy_id"]) if order else None,
        "note_shipped_at": note["shipped_at"],
    }


def _delivered(world: World) -> tuple[dict[int, float], dict[int, float]]:
    """Find when notes' creations and orders' shipments were first delivered."""
    announced: dict[int, float] = {}
    shipment_told: dict[int, float] = {}
    for delivery in world.store.find("delivery", "state", "delivered"):
        if delivery["name"] == "goods-out-note.created":
            for number in delivery["subjects"]:
                announced.setdefault(number, delivery["delivered_at"])
        elif delivery["name"] == "Shipment Update":
            for number in delivery["subjects"]:
                shipment_told.setdefault(number, delivery["delivered_at"])
    return announced, shipment_told
