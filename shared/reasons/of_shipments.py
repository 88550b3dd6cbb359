"""Reasons on a shipment's way back to Brightpearl."""

from collections.abc import Mapping
from typing import Final

from shared.reasons.reason import Reason, passing, setting, settled, trouble, yours

OF_SHIPMENTS: Final[Mapping[str, Reason]] = {
    "shipment_sync_off": setting("Shipment sync is off.", "Have the shipment sync switched on."),
    "event_owner_unset": setting(
        "No staff contact is chosen in whose name notes are shipped.",
        "Choose the staff contact.",
    ),
    "waiting_for_rest": passing(
        "Not every piece has shipped yet.", "The last shipment ships the note."
    ),
    "nothing_shipped": settled("ShipHero has not shipped the order yet."),
    "not_ours": settled("The shipped order did not come from this account's notes."),
    "parcels_unchanged": settled("Brightpearl was told of these very parcels before."),
    "already_canceled": settled("It is known and told that the warehouse cancelled the order."),
    "not_canceled": settled("ShipHero told of a cancellation and does not show one."),
    "canceled_part_shipped": yours(
        "The warehouse cancelled the order when only a part of it had shipped.",
        "Make a note in Brightpearl for what has left, ship it there with its tracking, and delete "
        "this one.",
        "",
    ),
    "note_deleted_but_shipped": yours(
        "The note was deleted in Brightpearl, and ShipHero shipped its order.",
        "Make the note again in Brightpearl and ship it there, or have the parcel come back.",
        "",
    ),
    "not_shipped_yet": trouble(
        "The note does not show as shipped after the shipped event; it is read again.",
        "Look at the note in Brightpearl. If it shows as shipped, there is nothing to put right: "
        "retry it.",
    ),
    "note_moved": trouble(
        "The note refused a write and is not shipped; it is read again.",
        "There is nothing to put right: retry it.",
    ),
    "refused_in_batch": passing(
        "Brightpearl refused the note together with others in one request.", "It goes alone next."
    ),
}
