"""The words, icons and colours of each stage: one table, the same on every page; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shared.accounts import CONNECTION_BROKEN, CORRECTION_ERASED, SHADOW_MODE, STOPPED_BY_PERSON
from shared.notes.state import (
    AT_SHIPHERO,
    CANCEL_REFUSED,
    CANCELED,
    CHANGE_REFUSED,
    CHECKING,
    DONE,
    FAILED,
    HELD,
    KEPT_BACK,
    ORDER_WORDS,
    PENDING,
    QUEUED,
    RETRYING,
    SHIPMENT_WORDS,
    SKIPPED,
    WAITING,
    WAITING_FOR_BUDGET,
)


@dataclass(frozen=True, kw_only=True)
class Chip:
    """How a stage looks.

    `word` is the sync log's own (Pending, Synced, Failed, Skipped, Cancelled, or nothing while a
    shipment is waited for), `stage` the finer word beside it, `sentence` what a person is told when
    the row itself gives no reason.
    """

    word: str
    stage: str
    icon: str
    colour: str
    sentence: str


def _order(at: str, stage: str, icon: str, colour: str, sentence: str) -> Chip:
    return Chip(word=ORDER_WORDS[at], stage=stage, icon=icon, colour=colour, sentence=sentence)


def _shipment(at: str, stage: str, icon: str, colour: str, sentence: str) -> Chip:
    return Chip(word=SHIPMENT_WORDS[at], stage=stage, icon=icon, colour=colour, sentence=sentence)


ORDER_CHIPS: Final[Mapping[str, Chip]] = {
    chip[0]: _order(*chip)
    for chip in (
        (QUEUED, "Queued", "clock", "blue", "In the queue for ShipHero. It moves by itself."),
        (HELD, "Waiting: setup", "adjustments", "amber",
         "Waits for a setting. It moves by itself once that is made."),
        (KEPT_BACK, "Kept back", "clock-pause", "grey",
         "It is sent by itself when its time has come."),
        (WAITING_FOR_BUDGET, "Waiting: rate limit", "gauge", "blue",
         "Waits until the vendor allows more calls."),
        (RETRYING, "Retrying", "refresh", "amber-outline",
         "It failed for the moment and is tried again by itself."),
        (CHECKING, "Checking", "eye-search", "purple",
         "The answer was lost. Looking up whether the order exists."),
        (DONE, "At ShipHero", "circle-check", "green", "ShipHero has the order."),
        (CHANGE_REFUSED, "Change refused", "info-circle", "amber",
         "ShipHero has the order as it was before the note's last change."),
        (CANCELED, "", "x", "grey", "The order was cancelled at ShipHero."),
        (CANCEL_REFUSED, "Cancel refused", "alert-triangle", "red",
         "The note was deleted, and ShipHero still has its order."),
        (FAILED, "Needs you", "alert-triangle", "red", "It cannot go on without a person."),
        (SKIPPED, "", "circle-minus", "grey", "This note is not for ShipHero."),
    )
}  # fmt: skip

SHIPMENT_CHIPS: Final[Mapping[str, Chip]] = {
    chip[0]: _shipment(*chip)
    for chip in (
        (HELD, "Waiting: setup", "adjustments", "amber", "The write-back waits for a setting."),
        (WAITING_FOR_BUDGET, "Waiting: rate limit", "gauge", "blue",
         "Waits until Brightpearl allows more calls."),
        (RETRYING, "Writing back: retrying", "refresh", "amber-outline",
         "Brightpearl could not be told yet; it is tried again by itself."),
        (CHECKING, "Checking", "eye-search", "purple",
         "The answer was lost. Looking up whether Brightpearl has it."),
        (WAITING, "Part shipped", "package", "blue",
         "Some lines have shipped; the rest is waited for."),
        (DONE, "Shipped", "circle-check", "green",
         "Brightpearl has the tracking and shows the note as shipped."),
        (FAILED, "Needs you", "alert-triangle", "red",
         "The shipment could not be written back without a person."),
        (SKIPPED, "Nothing to write back", "circle-minus", "grey",
         "There was nothing to write back."),
    )
}  # fmt: skip

# Reasons that make of a stage something finer: the word beside it, and a colour of its own.
FINER: Final[Mapping[tuple[str, str], tuple[str, str, str]]] = {
    (HELD, CONNECTION_BROKEN): ("Waiting: reconnect", "plug-connected-x", "amber"),
    (HELD, SHADOW_MODE): ("Shadow mode", "eye", "purple"),
    (HELD, STOPPED_BY_PERSON): ("Waiting: person", "player-pause", "grey"),
    (HELD, CORRECTION_ERASED): ("Waiting: person", "pencil", "amber"),
    (CHANGE_REFUSED, "change_by_hand"): ("Change by hand", "info-circle", "amber"),
    (CANCELED, "canceled_at_shiphero"): ("By the warehouse", "x", "amber"),
    (CANCELED, "order_canceled_for_deleted_note"): ("Note deleted", "x", "grey"),
    (CANCELED, "canceled_on_request"): ("On request", "x", "grey"),
}

AWAITING_SHIPMENT: Final = Chip(
    word="", stage="Waiting for shipment", icon="truck-delivery", colour="plain",
    sentence="ShipHero has the order and has not shipped it yet.",
)  # fmt: skip
NO_SHIPMENT_YET: Final = Chip(word="", stage="", icon="", colour="plain", sentence="")


def order_chip(stage: str, code: str = "") -> Chip:
    """Give the chip of the way to ShipHero; a stage unknown here is shown by its own name."""
    chip = ORDER_CHIPS.get(stage) or _unknown(stage, word=PENDING)
    return _reworded(chip, stage, code)


def shipment_chip(order_stage: str, stage: str, code: str = "") -> Chip:
    """Give the chip of the way back; blank until ShipHero has the order."""
    if not stage:
        awaited = AT_SHIPHERO - {CANCEL_REFUSED}
        return AWAITING_SHIPMENT if order_stage in awaited else NO_SHIPMENT_YET
    chip = SHIPMENT_CHIPS.get(stage) or _unknown(stage, word="")
    return _reworded(chip, stage, code)


def handled(chip: Chip) -> Chip:
    """Give the chip of what a person marked as handled: it stands as it did and asks for nobody."""
    return replace(chip, stage="Handled", icon="user-check", colour="grey")


def _reworded(chip: Chip, stage: str, code: str) -> Chip:
    if (stage, code) not in FINER:
        return chip
    word, icon, colour = FINER[stage, code]
    return replace(chip, stage=word, icon=icon, colour=colour)


def _unknown(stage: str, *, word: str) -> Chip:
    name = stage.replace("_", " ").capitalize()
    return Chip(word=word, stage=name, icon="help-circle", colour="grey", sentence="")
