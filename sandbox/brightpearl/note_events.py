"""What happens to a goods-out note: printed, picked, packed, shipped (contract section 7b)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.brightpearl import hooks, stock, times
from sandbox.brightpearl.faults import CODE_UNKNOWN, EVENT_EXISTS, Refused, bad_request
from sandbox.brightpearl.notes import already_shipped, open_note
from sandbox.brightpearl.order_standing import shipping_status
from sandbox.brightpearl.shelf import shelf
from sandbox.store import Change, Document
from sandbox.world import World

REVERSES = {"UPR": "PRI", "UPI": "PIC", "UPA": "PAC"}
BEFORE_SHIPPING = ("PRI", "PIC", "PAC")
REQUIRED = ("eventCode", "occured", "eventOwnerId")


def post_events(
    world: World, change: Change, account: str, number: int, body: Mapping[str, Any]
) -> None:
    """Apply the events of one call, all or none."""
    note = _note_or_refusal(world, change, account, number)
    wanted = body.get("events")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("events is required")
    for event in wanted:
        _check(world, change, account, event)
    apply_events(world, change, note, wanted)


def apply_events(
    world: World, change: Change, note: Document, wanted: Sequence[Mapping[str, Any]]
) -> None:
    """Apply checked events to an editable note and raise their webhooks."""
    happened: list[str] = []
    for event in wanted:
        if event["eventCode"] == "SHW":
            _check_additional_information(world, change, note)
        happened.extend(_apply(world, note, event))
    account = note["account"]
    note["version"] = change.next_id(shelf("bp_event", account), 52)
    if "SHW" in happened:
        note["shipped_at"], note["shipped_on"] = world.clock.now(), note["steps"]["SHW"]["on"]
        stock.ship(world, change, note)
    for code in happened:
        world.calls.tally(account, "note events", code)
        name = f"goods-out-note.modified.{hooks.NOTE_EVENTS[code]}"
        hooks.raise_event(world, change, account, name, [note["id"]])
    if note["order_id"]:
        _after(world, change, note, is_shipped="SHW" in happened)


def _apply(world: World, note: Document, event: Mapping[str, Any]) -> list[str]:
    """Apply one event; shipping brings the missing steps with it (recorded)."""
    code, owner = event["eventCode"], int(event["eventOwnerId"])
    on = times.whole_second(times.read(event["occured"]))
    if code in REVERSES:
        if note["steps"].pop(REVERSES[code], None) is None:
            raise bad_request(f"Goods-out note {note['id']} is not {REVERSES[code]}")
        codes = [code]
    elif code in note["steps"]:
        raise _repeated(world, note, code)
    else:
        missing = [c for c in BEFORE_SHIPPING if c not in note["steps"]] if code == "SHW" else []
        codes = [code, *missing]
        note["steps"].update({c: {"on": on, "owner": owner} for c in codes})
    note["events"] = [*note["events"], *({"code": c, "on": on, "owner": owner} for c in codes)]
    return codes


def _note_or_refusal(world: World, change: Change, account: str, number: int) -> Document:
    """Give the note; a shipped one takes no further events."""
    found = change.get(shelf("bp_note", account), number)
    if found is not None and found["steps"].get("SHW"):
        raise _repeated(world, found, "SHW")
    return open_note(world, change, account, number, verb="updated")


def _repeated(world: World, note: Document, code: str) -> Refused:
    """Refuse a step that was taken before; which way is unknown, so a switch tells."""
    way = world.switches.of(note["account"]).repeated_event
    if way == "has_been_shipped" and code == "SHW":
        return already_shipped(note["id"], "updated")
    message = f"Goods-out note {note['id']} is already {hooks.NOTE_EVENTS[code]}"
    if way == "WHSB-061":
        return bad_request(message, EVENT_EXISTS)
    return Refused(409, (CODE_UNKNOWN, message))


def check_version(
    world: World, change: Change, account: str, number: int, if_match: str | None
) -> None:
    """Refuse an `If-Match` that is not the note's `lastEventVersion` (answer unknown)."""
    way = world.switches.of(account).if_match_mismatch
    if if_match is None or way == "ignored":
        return
    note = _note_or_refusal(world, change, account, number)
    if if_match.strip(' "') == str(note["version"]):
        return
    message = f"Goods-out note {note['id']} is at version {note['version']}, not {if_match}"
    raise Refused(int(way), (CODE_UNKNOWN, message))


def _check(world: World, change: Change, account: str, event: Any) -> None:
    if not isinstance(event, Mapping):
        raise bad_request("an event is an object")
    missing = [name for name in REQUIRED if event.get(name) in (None, "")]
    if missing:
        raise Refused(400, *((CODE_UNKNOWN, f"{name} is required") for name in missing))
    if event["eventCode"] not in hooks.NOTE_EVENTS:
        raise bad_request(f"{event['eventCode']} is not a goods-out note event")
    try:
        times.read(event["occured"])
    except ValueError:
        raise bad_request(f"occured {event['occured']} is not a time") from None
    _check_owner(world, change, account, event["eventOwnerId"])


def _check_owner(world: World, change: Change, account: str, owner: Any) -> None:
    """Check the person as strictly as the switch says; the vendor's rule is unknown."""
    if isinstance(owner, bool) or not isinstance(owner, int):
        raise bad_request(f"eventOwnerId {owner} is not a contact id")
    rule = world.switches.of(account).event_owner
    contact = change.get(shelf("bp_contact", account), owner)
    if rule != "any" and (contact is None or (rule == "staff" and not contact["staff"])):
        raise bad_request(f"eventOwnerId {owner} is not a {rule}")


def _check_additional_information(world: World, change: Change, note: Document) -> None:
    """Refuse a shipment without weight and boxes where the method wants them, if played so."""
    account = note["account"]
    method = change.get(shelf("bp_method", account), note["method_id"]) or {}
    is_lacking = not note["weight"] and not note["boxes"]
    if (
        world.switches.of(account).enforce_additional_information
        and method.get("additionalInformationRequired")
        and is_lacking
    ):
        raise bad_request(f"Shipping method {method['id']} requires weight or boxes")


def _after(world: World, change: Change, note: Document, *, is_shipped: bool) -> None:
    """Tell the order: it may be fully shipped now, and its `updatedOn` may move (unknown)."""
    account = note["account"]
    order = change.get(shelf("bp_order", account), note["order_id"])
    if order is None:
        return
    if world.switches.of(account).order_updated_with_note:
        change.edit(shelf("bp_order", account), order["id"])["updated_on"] = world.clock.now()
    notes = world.store.find(shelf("bp_note", account), "order_id", order["id"])
    others = [other for other in notes if other["id"] != note["id"]]
    if is_shipped and shipping_status(order, [*others, note]) == "ASS":
        event = "order.modified.fully-shipped"
        hooks.raise_event(world, change, account, event, [order["id"]])
