"""Shipping labels: printed, voided, made anew (contract section 8)."""

import random

from sandbox.shiphero import hooks
from sandbox.shiphero.faults import not_found
from sandbox.shiphero.orders import remember
from sandbox.shiphero.shipment_filters import VALID
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_LABEL = 987_025_001
FIRST_SHIPPED_LINE = 704_011_001
CARRIER, METHOD = "royal_mail", "Tracked 48"


def make_label(world: World, change: Change, tracking: str | None) -> Document:
    """Print a label; without a number given one is invented, or it stays empty by a switch."""
    if tracking is None:
        tracking = "" if world.switches.now.empty_tracking_number else _invented(world.dice)
    return {
        "legacy_id": change.next_id("sh_label", FIRST_LABEL),
        "tracking_number": tracking,
        # Without a number the url is a bare search address (recorded)
        "tracking_url": f"https://www.google.com/search?q={tracking}",
        "carrier": CARRIER,
        "method": METHOD,
        "status": VALID,
        "box": "Medium box",
        "created_at": world.clock.now(),
    }


def void_label(
    world: World, number: int, *, is_made_anew: bool, tracking: str | None = None
) -> Document:
    """Void a label; made anew, its lines go to a new one in the same shipment.

    The shipment keeps its day of creation, so that only the order's `updated_at` tells.
    """
    found = _shipment_of(world, number)
    with world.change() as change:
        shipment = change.edit("sh_shipment", found["legacy_id"])
        order = change.edit("sh_order", found["order_id"])
        voided = next(label for label in shipment["labels"] if label["legacy_id"] == number)
        voided["status"] = world.switches.now.voided_label_status
        said = f"Label {voided['tracking_number']} was voided"
        if is_made_anew:
            label = make_label(world, change, tracking)
            shipment["labels"].append(label)
            for line in shipment["lines"]:
                if line["label"] == number:
                    line["label"] = label["legacy_id"]
            said += f" and made anew as {label['tracking_number']}"
        order["updated_at"] = world.clock.now()
        remember(world, order, said)
        if world.switches.now.shipment_update_on_label_change:
            hooks.announce_shipment(world, change, order, shipment)
    return shipment


def _shipment_of(world: World, label: int) -> Document:
    for shipment in world.store.all("sh_shipment"):
        if any(each["legacy_id"] == label for each in shipment["labels"]):
            return shipment
    raise not_found("Label")


def _invented(dice: random.Random) -> str:
    """Invent a number in the form of the international postal standard S10."""
    return f"{dice.choice('JKLMNQ')}{dice.choice('ABCDEF')}{dice.randint(10**8, 10**9 - 1)}GB"
