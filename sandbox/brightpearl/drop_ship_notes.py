"""Drop-ship notes: a supplier sends the goods, no warehouse does (contract section 6)."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.brightpearl import hooks, times
from sandbox.brightpearl.faults import CODE_UNKNOWN, Refused, bad_request, none_found
from sandbox.brightpearl.shelf import shelf
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_NOTE = 3001
SHIPPED = "SHS"


def make_note(world: World, change: Change, account: str, wanted: Mapping[str, Any]) -> Document:
    """Keep a new drop-ship note and raise `created`; `wanted` holds order, rows, who."""
    number = change.next_id(shelf("bp_drop_ship", account), FIRST_NOTE)
    on = times.whole_second(world.clock.now())
    note = {
        "id": number,
        "account": account,
        "method_id": 0,
        "reference": "",
        "shipped": None,
        **wanted,
        "created_on": on,
    }
    change.put(shelf("bp_drop_ship", account), number, note)
    hooks.raise_event(world, change, account, "drop-ship-note.created", [number])
    return note


def remove_note(world: World, change: Change, account: str, number: int) -> None:
    """Take a drop-ship note away and raise `destroyed`."""
    _known(change, account, number)
    change.delete(shelf("bp_drop_ship", account), number)
    hooks.raise_event(world, change, account, "drop-ship-note.destroyed", [number])


def ship_note(
    world: World, change: Change, account: str, number: int, body: Mapping[str, Any]
) -> None:
    """Apply the one event there is, SHS, with tracking and method beside it."""
    if _known(change, account, number)["shipped"]:
        raise Refused(409, (CODE_UNKNOWN, f"Drop-ship note {number} is already shipped"))
    events = body.get("events")
    if not isinstance(events, list) or [each.get("eventCode") for each in events] != [SHIPPED]:
        raise bad_request(f"events must hold one event {SHIPPED}")
    [event] = events
    try:
        on = times.whole_second(times.read(event.get("occured")))
    except ValueError:
        raise bad_request(f"occured {event.get('occured')} is not a time") from None
    note = change.edit(shelf("bp_drop_ship", account), number)
    note["shipped"] = {"on": on, "owner": event.get("eventOwnerId")}
    note["reference"] = body.get("trackingReference") or ""
    note["method_id"] = body.get("shippingMethodId") or note["method_id"]
    hooks.raise_event(world, change, account, "drop-ship-note.modified.shipped", [number])


def note_body(note: Document, write_time: Callable[[float], str]) -> dict[str, Any]:
    """Write one drop-ship note: the envelope of a goods-out note with one flag of status."""
    status: dict[str, Any] = {"shipped": note["shipped"] is not None}
    if note["shipped"]:
        status["shippedOn"] = write_time(note["shipped"]["on"])
        status["shippedById"] = note["shipped"]["owner"]
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in note["rows"]:
        line = {"productId": row["product_id"], "quantity": row["quantity"]}
        rows.setdefault(str(row["row_id"]), []).append(line)
    return {
        "orderId": note["order_id"],
        "status": status,
        "shipping": {"reference": note["reference"], "shippingMethodId": note["method_id"]},
        "createdOn": write_time(note["created_on"]),
        "createdBy": note["created_by"],
        "orderRows": rows,
    }


def _known(change: Change, account: str, number: int) -> Document:
    note = change.get(shelf("bp_drop_ship", account), number)
    if note is None:
        raise none_found(f"You have provided an invalid drop-ship note Id: {number}")
    return note
