"""What each setting is called and how its value reads, wherever a person meets it; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.accounts import (
    CHANNEL_AS_SHOP,
    CHANNEL_AS_TAG,
    DELETED_ASK,
    DELETED_CANCEL,
    MAPPED,
    NOT_SENT,
    RELEASE_HOLD,
    RELEASE_KEEP_BACK,
    SHIPPED_COMPLETE,
    SHIPPED_FIRST,
    UNDECIDED,
)
from shared.configuring.change import MethodChoice, WarehouseChoice

EVENT_OWNER: Final = "event_owner"

LABELS: Final[Mapping[str, str]] = {
    "order_sync_on": "Order sync",
    "shipment_sync_on": "Shipment sync",
    "go_live_at": "Go-live",
    EVENT_OWNER: "Who ships in Brightpearl",
    "order_number_template": "Order number",
    "release_policy": "Notes with a release date ahead",
    "hold_minutes": "Minutes in which a new note may be changed",
    "deleted_policy": "The order of a deleted note",
    "shipped_when": "When a note counts as shipped",
    "create_products": "Create missing products",
    "channel_as": "Sales channel",
    "packing_note_field": "Packing note field",
    "gift_note_field": "Gift note field",
    "batch_writes": "Several notes in one request",
    "brightpearl_share": "Share of Brightpearl's calls",
    "shiphero_share": "Share of ShipHero's credits",
    "shadow_on": "Shadow mode",
    "cut_off": "Cut-off of the warehouse",
    "report_at": "Daily report at",
    "report_quiet_days": "Daily report on quiet days",
}
# What a choice is called; each belongs to one setting, so the words are enough to tell it.
CHOICE_WORDS: Final[Mapping[str, str]] = {
    RELEASE_HOLD: "sent at once; ShipHero holds the order until then",
    RELEASE_KEEP_BACK: "kept back here, and sent on that date",
    DELETED_CANCEL: "cancelled in ShipHero at once, while it can be",
    DELETED_ASK: "left as it is until a person has it cancelled",
    SHIPPED_COMPLETE: "when all of it has left",
    SHIPPED_FIRST: "with its first shipment",
    CHANNEL_AS_SHOP: "as the order's shop name",
    CHANNEL_AS_TAG: "as a tag of the order",
}
DECISION_WORDS: Final[Mapping[str, str]] = {NOT_SENT: "not sent", UNDECIDED: "undecided"}
ON, OFF = "on", "off"
NOT_SET: Final = "not set"
USUAL: Final = "as usual"


def readable(field: str, value: object, *, zone: str) -> str:
    """Write a setting's value in words; a time in the account's own zone."""
    match value:
        case True | False:
            return ON if value else OFF
        case datetime():
            return moment(value, zone)
        case None:
            return USUAL if field.endswith("_share") else NOT_SET
        case int():
            return f"{value}%" if field.endswith("_share") else str(value)
        case "":
            return NOT_SET
    return CHOICE_WORDS.get(str(value), str(value))


def moment(at: datetime, zone: str) -> str:
    """Write a moment in a zone, which is named."""
    return f"{at.astimezone(ZoneInfo(zone)):%-d %b %Y %H:%M} ({zone})"


def warehouse_words(choice: WarehouseChoice, shiphero_names: Mapping[str, str]) -> str:
    """Say where a Brightpearl warehouse's notes go."""
    if choice.decision != MAPPED:
        return DECISION_WORDS.get(choice.decision, choice.decision)
    return named(shiphero_names.get(choice.shiphero_id, ""), choice.shiphero_id)


def method_words(choice: MethodChoice) -> str:
    """Say what ShipHero is told for a shipping method."""
    told = " / ".join(filter(None, (choice.title, choice.carrier, choice.method)))
    return told or "not mapped"


def named(name: str, number: object) -> str:
    """Write a vendor's name for a thing with its id, or the id where there is no name."""
    return f"{name} ({number})" if name else str(number)
