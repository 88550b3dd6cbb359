"""Goods-out notes: made, changed, deleted (contract sections 6 and 7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.brightpearl import hooks, stock, times
from sandbox.brightpearl.faults import Refused, bad_request, none_found
from sandbox.brightpearl.shelf import shelf
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_NOTE = 7001
LONGEST_REFERENCE = 64
LONGEST_LABEL_URI = 512
HEAVIEST = 999_999.99
_BLANK: Document = {
    "order_id": 0,
    "transfer": False,
    "target_warehouse_id": None,
    "stock_transfer_id": None,
    "priority": False,
    "method_id": 0,
    "reference": "",
    "boxes": None,
    "weight": None,
    "label_uri": None,
    "sequence": None,
}


def make_note(world: World, change: Change, account: str, wanted: Mapping[str, Any]) -> Document:
    """Keep a new note; `wanted` holds order or transfer, warehouse, rows, method, who."""
    number = change.next_id(shelf("bp_note", account), FIRST_NOTE)
    now = world.clock.now()
    on = times.whole_second(now)
    note = {
        "id": number,
        "account": account,
        **_BLANK,
        "release_on": on,
        "steps": {},
        **wanted,
        "created_on": on,
        "events": [{"code": "PLA", "on": on, "owner": wanted["created_by"]}],
        "version": change.next_id(shelf("bp_event", account), 52),
        "created_at": now,
        "shipped_at": None,
        "shipped_on": None,
    }
    if note["order_id"]:
        order = change.edit(shelf("bp_order", account), note["order_id"])
        order["note_count"] += 1
        note["sequence"] = order["note_count"]
    stock.allocate(world, change, note)
    return change.put(shelf("bp_note", account), number, note)


def announce_created(world: World, change: Change, notes: Sequence[Document]) -> None:
    """Raise `created` for notes of one account made in one act: one delivery with an id set."""
    ids = [note["id"] for note in notes]
    hooks.raise_event(world, change, notes[0]["account"], "goods-out-note.created", ids)


def open_note(world: World, change: Change, account: str, number: int, *, verb: str) -> Document:
    """Give a copy of a note that may still change, or refuse in the vendor's words."""
    note = change.get(shelf("bp_note", account), number)
    if note is None:
        message = f"You have provided an invalid goods-out note Id: {number}"
        is_400 = world.switches.of(account).unknown_note == 400  # noqa: PLR2004 - as the switch says
        raise bad_request(message) if is_400 else none_found(message)
    if note["steps"].get("SHW"):
        raise already_shipped(number, verb)
    return change.edit(shelf("bp_note", account), number)


def already_shipped(number: int, verb: str) -> Refused:
    """Build the refusal whose text ends in "it has been shipped." (section 7b; code unknown)."""
    return bad_request(f"Goods-out note {number} cannot be {verb} because it has been shipped.")


def put_details(
    world: World, change: Change, account: str, number: int, body: Mapping[str, Any]
) -> None:
    """Change priority, method, tracking, boxes, weight and label of an open note."""
    note = open_note(world, change, account, number, verb="updated")
    switches = world.switches.of(account)
    if "priority" in body:
        note["priority"] = bool(body["priority"])
    elif switches.put_without_priority == "reset":
        note["priority"] = False
    given = _given(body, is_cut=switches.long_reference == "cut")
    _check_method(change, account, given["method_id"])
    empty = {"method_id": 0, "reference": ""}
    for field, value in given.items():
        if value is not None:
            note[field] = value
        elif switches.put_without_field == "clear":
            note[field] = empty.get(field)
    world.calls.tally(account, "note events", "details")
    hooks.raise_event(world, change, account, "goods-out-note.modified", [number])


def _given(body: Mapping[str, Any], *, is_cut: bool) -> dict[str, Any]:
    """Read what PUT was given, None for what it does not name."""
    shipping = body.get("shipping")
    if not isinstance(shipping, Mapping):
        shipping = {}
    given: dict[str, Any] = {
        "method_id": shipping.get("shippingMethodId"),
        "reference": shipping.get("reference"),
        "boxes": shipping.get("boxes"),
        "weight": shipping.get("weight"),
        "label_uri": body.get("labelUri"),
    }
    given["reference"] = _fitting("reference", given["reference"], LONGEST_REFERENCE, is_cut=is_cut)
    given["label_uri"] = _fitting("labelUri", given["label_uri"], LONGEST_LABEL_URI, is_cut=is_cut)
    if given["weight"] is not None:
        given["weight"] = _weight(given["weight"])
    return given


def delete_note(world: World, change: Change, account: str, order_id: int, number: int) -> None:
    """Delete an open note of this order; the UI wants pack, pick and print reversed first."""
    note = open_note(world, change, account, number, verb="deleted")
    if note["order_id"] != order_id:
        raise none_found(f"You have provided an invalid goods-out note Id: {number}")
    if note["steps"] and world.switches.of(account).delete_needs_reversal:
        steps = ", ".join(sorted(note["steps"]))
        raise bad_request(f"Goods-out note {number} cannot be deleted, reverse first: {steps}")
    remove_note(world, change, note)


def remove_note(world: World, change: Change, note: Document) -> None:
    """Take a note away and raise `destroyed`."""
    account = note["account"]
    change.delete(shelf("bp_note", account), note["id"])
    stock.release(world, change, note)
    world.calls.tally(account, "note events", "destroyed")
    hooks.raise_event(world, change, account, "goods-out-note.destroyed", [note["id"]])


def _fitting(name: str, text: Any, longest: int, *, is_cut: bool) -> Any:
    if not isinstance(text, str) or len(text) <= longest:
        return text
    if is_cut:
        return text[:longest]
    raise bad_request(f"{name} must not be longer than {longest} characters")


def _check_method(change: Change, account: str, method_id: Any) -> None:
    if method_id and change.get(shelf("bp_method", account), method_id) is None:
        raise bad_request(f"You have provided an invalid shipping method Id: {method_id}")


def _weight(weight: Any) -> str:
    try:
        number = float(weight)
    except (TypeError, ValueError):
        raise bad_request(f"weight {weight} is not a number") from None
    if not 0 <= number <= HEAVIEST:
        raise bad_request(f"weight must not be more than {HEAVIEST}")
    return str(weight)
