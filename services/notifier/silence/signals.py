"""What is listened for, and what is said when it falls silent; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.signals import BRIGHTPEARL_WEBHOOKS, NOTES, SHIPHERO_WEBHOOKS, SHIPMENTS
from shared.usual import Silence


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One thing that is counted by the hour.

    `counterpart` is what these webhooks tell of: while that is silent too, nothing is wrong with
    the webhooks.
    """

    title: str
    advice: str
    counterpart: str = ""


SIGNALS: Final[Mapping[str, Signal]] = {
    NOTES: Signal(
        title="goods-out notes",
        advice="Goodsout reads Brightpearl's own list every few minutes, so none is overlooked: "
        "look in Brightpearl whether goods-out notes are still made. If you are closed, nothing "
        "is to be done.",
    ),
    SHIPMENTS: Signal(
        title="shipments written back",
        advice="Look in ShipHero whether the warehouse ships, and on the sync log whether "
        "shipments failed. If the warehouse is closed, nothing is to be done.",
    ),
    BRIGHTPEARL_WEBHOOKS: Signal(
        title="messages from Brightpearl",
        advice="Notes are still found by comparison, some minutes later. Look on the page "
        "Connections whether its webhooks are there, and have them checked.",
        counterpart=NOTES,
    ),
    SHIPHERO_WEBHOOKS: Signal(
        title="messages from ShipHero",
        advice="Shipments are still found by comparison, some minutes later. Look on the page "
        "Connections whether its webhooks are there, and have them checked.",
        counterpart=SHIPMENTS,
    ),
}


def sentence_of(signal: str, silence: Silence, *, end: datetime) -> str:
    """Say what was seen, what is usual and what to do; `end` in the account's zone."""
    start = (end.astimezone(UTC) - timedelta(hours=silence.hours)).astimezone(end.tzinfo)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %H:%M}"
    usual = str(silence.low) if silence.low == silence.high else f"{silence.low}-{silence.high}"
    seen = "none" if silence.seen == 0 else f"only {silence.seen}"
    told = SIGNALS[signal]
    return (
        f"Unusually few {told.title}: {usual} usually come between {start:%a %H:%M} and {until}, "
        f"this time {seen}. {told.advice}"
    )
