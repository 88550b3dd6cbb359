"""The words, icons and colours of each stage: one table, the same on every page; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shared.accounts import CONNECTION_BROKEN
from shared.notes.progress import (
    CHECKING,
    DONE,
    FAILED,
    HELD,
    QUEUED,
    RETRYING,
    SKIPPED,
    WAITING,
    WAITING_FOR_BUDGET,
)


@dataclass(frozen=True, kw_only=True)
class Chip:
    """How a stage looks.

    `word` is the sync log's own (Pending, Synced, Failed, or nothing while a shipment is waited
    for), `stage` the finer word beside it, `sentence` what a person is told when the row itself
    gives no reason.
    """

    word: str
    stage: str
    icon: str
    colour: str
    sentence: str


ORDER_CHIPS: Final[Mapping[str, Chip]] = {
    QUEUED: Chip(word="Pending", stage="Queued", icon="clock", colour="blue",
                 sentence="In the queue for ShipHero. It moves by itself."),
    HELD: Chip(word="Pending", stage="Waiting: setup", icon="adjustments", colour="amber",
               sentence="Waits for a setting. It moves by itself once that is made."),
    WAITING_FOR_BUDGET: Chip(word="Pending", stage="Waiting: rate limit", icon="gauge",
                             colour="blue",
                             sentence="Waits until the vendor allows more calls."),
    RETRYING: Chip(word="Pending", stage="Retrying", icon="refresh", colour="amber-outline",
                   sentence="It failed for the moment and is tried again by itself."),
    CHECKING: Chip(word="Pending", stage="Checking", icon="eye-search", colour="purple",
                   sentence="The answer was lost. Looking up whether the order exists."),
    DONE: Chip(word="Synced", stage="At ShipHero", icon="circle-check", colour="green",
               sentence="ShipHero has the order."),
    FAILED: Chip(word="Failed", stage="Needs you", icon="alert-triangle", colour="red",
                 sentence="It cannot go on without a person."),
    SKIPPED: Chip(word="Skipped", stage="", icon="circle-minus", colour="grey",
                  sentence="This note is not for ShipHero."),
}  # fmt: skip

SHIPMENT_CHIPS: Final[Mapping[str, Chip]] = {
    QUEUED: Chip(word="", stage="Writing back", icon="send", colour="blue",
                 sentence="ShipHero has shipped; Brightpearl is being told."),
    HELD: Chip(word="", stage="Waiting: setup", icon="adjustments", colour="amber",
               sentence="The write-back waits for a setting."),
    WAITING_FOR_BUDGET: Chip(word="", stage="Waiting: rate limit", icon="gauge", colour="blue",
                             sentence="Waits until Brightpearl allows more calls."),
    RETRYING: Chip(word="", stage="Writing back: retrying", icon="refresh",
                   colour="amber-outline",
                   sentence="Brightpearl could not be told yet; it is tried again by itself."),
    CHECKING: Chip(word="", stage="Checking", icon="eye-search", colour="purple",
                   sentence="The answer was lost. Looking up whether Brightpearl has it."),
    DONE: Chip(word="Synced", stage="Shipped", icon="circle-check", colour="green",
               sentence="Brightpearl has the tracking and shows the note as shipped."),
    FAILED: Chip(word="", stage="Needs you", icon="alert-triangle", colour="red",
                 sentence="The shipment could not be written back without a person."),
    SKIPPED: Chip(word="", stage="Nothing to write back", icon="circle-minus", colour="grey",
                  sentence="There was nothing to write back."),
    WAITING: Chip(word="", stage="Part shipped", icon="package", colour="blue",
                  sentence="Some lines have shipped; the rest is waited for."),
}  # fmt: skip

AWAITING_SHIPMENT: Final = Chip(
    word="", stage="Waiting for shipment", icon="truck-delivery", colour="plain",
    sentence="ShipHero has the order and has not shipped it yet.",
)  # fmt: skip
NO_SHIPMENT_YET: Final = Chip(word="", stage="", icon="", colour="plain", sentence="")


def order_chip(stage: str, code: str = "") -> Chip:
    """Give the chip of the way to ShipHero; a stage unknown here is shown by its own name."""
    chip = ORDER_CHIPS.get(stage) or _unknown(stage, word="Pending")
    return _reworded(chip, stage, code)


def shipment_chip(order_stage: str, stage: str, code: str = "") -> Chip:
    """Give the chip of the way back; blank until ShipHero has the order."""
    if not stage:
        return AWAITING_SHIPMENT if order_stage == DONE else NO_SHIPMENT_YET
    chip = SHIPMENT_CHIPS.get(stage) or _unknown(stage, word="")
    return _reworded(chip, stage, code)


def _reworded(chip: Chip, stage: str, code: str) -> Chip:
    if stage == HELD and code == CONNECTION_BROKEN:
        return replace(chip, stage="Waiting: reconnect", icon="plug-connected-x")
    return chip


def _unknown(stage: str, *, word: str) -> Chip:
    name = stage.replace("_", " ").capitalize()
    return Chip(word=word, stage=name, icon="help-circle", colour="grey", sentence="")
