"""What the control room does to notes and orders, as a person at either desk would."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.brightpearl import hooks, notes, times
from sandbox.brightpearl.note_events import apply_events
from sandbox.brightpearl.seed import DESK_PERSON
from sandbox.brightpearl.shelf import shelf
from sandbox.person import Nonsense
from sandbox.seed import ACCOUNT
from sandbox.shiphero import order_changes, orders, warehouse
from sandbox.shiphero.ids import global_id
from sandbox.store import Document
from sandbox.terms import PLACE
from sandbox.world import World

ADDRESS_FIELDS = (*PLACE, "country")


def take_steps(world: World, number: int, codes: Sequence[str], account: str = ACCOUNT) -> Document:
    """Print, pick, pack or ship a note in Brightpearl itself."""
    occured = times.raised_on(world.clock.now())
    wanted = [
        {"eventCode": code, "occured": occured, "eventOwnerId": DESK_PERSON} for code in codes
    ]
    unknown = [code for code in codes if code not in hooks.NOTE_EVENTS]
    if not codes or unknown:
        raise Nonsense(f"codes must be of {', '.join(hooks.NOTE_EVENTS)}.")
    with world.change() as change:
        note = notes.open_note(world, change, account, number, verb="updated")
        apply_events(world, change, note, wanted)
    return note


def change_details(
    world: World, number: int, body: Mapping[str, Any], account: str = ACCOUNT
) -> Document:
    """Change what PUT can change, as the desk would."""
    with world.change() as change:
        notes.put_details(world, change, account, number, body)
    note = world.store.get(shelf("bp_note", account), number)
    assert note is not None
    return note


def change_address(
    world: World, number: int, wanted: Mapping[str, str], account: str = ACCOUNT
) -> Document:
    """Change the delivery address of a sales order."""
    with world.change() as change:
        if change.get(shelf("bp_order", account), number) is None:
            raise Nonsense(f"There is no sales order {number}.")
        order = change.edit(shelf("bp_order", account), number)
        order["address"] = {"country": "GB", **order["address"], **wanted}
        order["updated_on"] = world.clock.now()
        hooks.raise_event(world, change, account, "order.modified", [number])
    return order


def ship_order(world: World, number: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Ship an order on the warehouse floor."""
    shipment = warehouse.ship(
        world,
        number,
        parcels=int(body.get("parcels", 1)),
        tracking=[str(text) for text in body.get("tracking") or []],
        lines=body.get("lines"),
        is_bulk=bool(body.get("bulk")),
    )
    return {
        "id": global_id("Shipment", shipment["legacy_id"]),
        "legacy_id": shipment["legacy_id"],
        "tracking": [label["tracking_number"] for label in shipment["labels"]],
    }


def cancel_order(world: World, number: int) -> Document:
    """Cancel an order at ShipHero's desk."""
    with world.change() as change:
        order = orders.edit_order(world, change, str(number))
        order_changes.cancel_order(world, change, order, reason="control room", force=False)
    return order


def hold_order(world: World, number: int, body: Mapping[str, Any]) -> Document:
    """Set or lift holds, `{"operator_hold": true}`."""
    with world.change() as change:
        order = orders.edit_order(world, change, str(number))
        order_changes.hold_order(world, order, body)
    return order
