"""The journal in a merchant's words: names of events and queues, and how each state looks; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    BULK_ACT_REQUESTED,
    CONNECTION_BROKEN,
    CONNECTION_MENDED,
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTE_MISSED,
    GOODS_OUT_NOTES_ANNOUNCED,
    MAIL_REQUESTED,
    NOTICE_REQUESTED,
    ORDER_CANCEL_REQUESTED,
    ORDER_RESEND_REQUESTED,
    PRODUCTS_ANNOUNCED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
    REPORT_REQUESTED,
    RETENTION_REQUESTED,
    SHIPHERO_CHECK_REQUESTED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    SHIPHERO_WEBHOOK_RECEIVED,
    SHIPMENT_ANNOUNCED,
    SHIPMENT_SUSPECTED,
    SILENCE_CHECK_REQUESTED,
    SILENCE_ENDED,
    SILENCE_NOTICED,
    SYNC_LOG_CHANGED,
    Queue,
)

NAMES: Final[Mapping[str, str]] = {
    GOODS_OUT_NOTES_ANNOUNCED: "Brightpearl announced notes",
    PRODUCTS_ANNOUNCED: "Brightpearl announced products",
    SHIPMENT_ANNOUNCED: "ShipHero announced a shipment",
    SHIPHERO_WEBHOOK_RECEIVED: "ShipHero sent another message",
    GOODS_OUT_NOTE_CHANGED: "Look at a note for ShipHero",
    GOODS_OUT_NOTE_DESTROYED: "A note was deleted",
    GOODS_OUT_NOTE_MISSED: "A list did not show a note",
    SHIPMENT_SUSPECTED: "Look at an order's shipment",
    RECONCILIATION_REQUESTED: "Compare with Brightpearl",
    SHIPHERO_RECONCILIATION_REQUESTED: "Compare with ShipHero",
    REFERENCE_REQUESTED: "Fetch a list",
    BRIGHTPEARL_CHECK_REQUESTED: "Look after Brightpearl's webhooks",
    SHIPHERO_CHECK_REQUESTED: "Look after ShipHero's webhooks",
    CONNECTION_BROKEN: "A connection broke",
    CONNECTION_MENDED: "A connection was mended",
    SYNC_LOG_CHANGED: "The sync log changed",
    ORDER_CANCEL_REQUESTED: "Cancel an order in ShipHero",
    ORDER_RESEND_REQUESTED: "Send a note again",
    MAIL_REQUESTED: "Send a mail",
    NOTICE_REQUESTED: "Send a notice to a webhook or chat",
    BULK_ACT_REQUESTED: "A part of a bulk action",
    RETENTION_REQUESTED: "Erase and archive what is old",
    SILENCE_CHECK_REQUESTED: "Listen for what should come",
    SILENCE_NOTICED: "Something fell silent",
    SILENCE_ENDED: "What was silent is heard again",
    REPORT_REQUESTED: "Report on a day",
}
QUEUES: Final[Mapping[str, str]] = {
    Queue.ORDER_INGEST: "from Brightpearl",
    Queue.SHIPHERO_PUSH: "to ShipHero",
    Queue.SHIPMENT_RETURN: "back from ShipHero",
    Queue.NOTIFIER: "notices",
}
# What an event with such a subject is about; a subject of others is no note.
ABOUT_A_NOTE: Final = frozenset({
    GOODS_OUT_NOTE_CHANGED, GOODS_OUT_NOTE_DESTROYED, GOODS_OUT_NOTE_MISSED, SHIPMENT_ANNOUNCED,
    SHIPMENT_SUSPECTED, SHIPHERO_WEBHOOK_RECEIVED, SYNC_LOG_CHANGED, ORDER_CANCEL_REQUESTED,
    ORDER_RESEND_REQUESTED,
})  # fmt: skip

DUE, IN_HAND, HELD, PLANNED = "due", "in_hand", "held", "retrying"
DELIVERED, SKIPPED, SUPERSEDED = "delivered", "skipped", "superseded"
DEAD, REPLAYED, DISCARDED = "dead", "replayed", "discarded"


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of an event: a chip, and what it means."""

    word: str
    colour: str
    icon: str
    meaning: str


STATES: Final[Mapping[str, State]] = {
    DEAD: State(word="Dead", colour="red", icon="alert-triangle",
                meaning="given up; waits for a person"),
    HELD: State(word="Held", colour="amber", icon="adjustments",
                meaning="waits for a setting or a connection"),
    PLANNED: State(word="Planned", colour="amber-outline", icon="refresh",
                   meaning="tried again by itself at a later time"),
    DUE: State(word="Due", colour="blue", icon="clock", meaning="waits for its turn"),
    IN_HAND: State(word="In hand", colour="blue", icon="bolt",
                   meaning="in its queue, or being worked on"),
    DELIVERED: State(word="Delivered", colour="green", icon="circle-check", meaning="done"),
    SKIPPED: State(word="Skipped", colour="grey", icon="circle-minus",
                   meaning="there was nothing to do"),
    SUPERSEDED: State(word="Superseded", colour="grey", icon="arrow-right",
                      meaning="a later success made it needless"),
    REPLAYED: State(word="Replayed", colour="grey", icon="rotate",
                    meaning="given up, then delivered anew by a person"),
    DISCARDED: State(word="Discarded", colour="grey", icon="trash",
                     meaning="closed by a person, with a note"),
}  # fmt: skip
UNFINISHED: Final = (DEAD, HELD, PLANNED, DUE, IN_HAND)


def name_of(name: str) -> str:
    """Give an event's name in words."""
    return NAMES.get(name) or name.replace("_", " ").replace(".", ": ").capitalize()


def state_of(row: Any, *, was_replayed: bool, now: datetime) -> State:
    """Tell a row's state; `row` has the columns of an event."""
    return STATES[state_code(row, was_replayed=was_replayed, now=now)]


def state_code(row: Any, *, was_replayed: bool, now: datetime) -> str:
    """Give the state as the filter names it."""
    if row.settled_at is not None:
        if row.outcome != DEAD:
            return str(row.outcome)
        if row.discarded_at is not None:
            return DISCARDED
        return REPLAYED if was_replayed else DEAD
    if row.hold_cause is not None:
        return HELD
    if row.published_at is not None:
        return IN_HAND
    return PLANNED if row.due_at > now else DUE
