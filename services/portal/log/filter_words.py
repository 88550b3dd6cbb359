"""A filter of the sync log in words, and what can be chosen in its fields; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from services.portal.log.stage_filter import STAGE_FILTERS
from services.portal.log.wanted import DIRECTIONS, OLDER, TURNS, WITHIN, Wanted
from shared.reasons.listed import REASONS

STATE_LABELS: Final = {
    "needs_you": ("Needs you", "alert-triangle", "red", "failed, or waiting for a setting"),
    "on_the_way": ("On the way", "clock", "blue", "moving by themselves"),
    "synced": ("Synced", "circle-check", "green", "at ShipHero, shipment awaited"),
    "shipped": ("Shipped", "truck-delivery", "green", "and written back to Brightpearl"),
    "cancelled": ("Cancelled", "x", "grey", "orders cancelled at ShipHero"),
    "skipped": ("Skipped", "circle-minus", "grey", "not meant for ShipHero"),
    "handled": ("Handled", "user-check", "grey", "marked as handled by a person"),
    "shadow": ("Shadow", "eye", "purple", "shown by shadow mode, not sent"),
}
# What the address calls a filter, and what the page does.
FILTER_LABELS: Final = {
    "status": "Order status",
    "stage": "Stage",
    "reason": "Reason",
    "turn": "Whose turn",
    "direction": "Direction",
    "warehouse": "Warehouse",
    "method": "Shipping method",
    "channel": "Channel",
    "from": "From",
    "to": "Until",
    "within": "Inserted in the last",
    "older": "Inserted more than … ago",
    "q": "Search",
    "list": "List",
}


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen in the filter's fields, besides what is the same for everybody."""

    reasons: Sequence[str] = ()
    warehouses: Mapping[int, str] = field(default_factory=dict)
    methods: Sequence[str] = ()
    channels: Sequence[str] = ()

    @property
    def named_reasons(self) -> Sequence[tuple[str, str]]:
        """Give the reasons' codes and sentences, by sentence."""
        return sorted(((code, sentence_of(code)) for code in self.reasons), key=itemgetter(1))

    @property
    def named_methods(self) -> Sequence[tuple[str, str]]:
        """Give the shipping methods as a field offers them."""
        return [(name, name) for name in self.methods if name]

    @property
    def named_channels(self) -> Sequence[tuple[str, str]]:
        """Give the sales channels as a field offers them."""
        return [(name, name) for name in self.channels if name]


def filter_words(wanted: Wanted, choices: Choices) -> Iterator[tuple[str, str]]:
    """Say what each filter that is set means, by its name in the address."""
    filled = wanted.filters
    words = {
        "stage": STAGE_FILTERS[wanted.stage].label if wanted.stage else "",
        "reason": sentence_of(wanted.reason),
        "turn": TURNS.get(wanted.turn, ""),
        "direction": DIRECTIONS.get(wanted.direction, ""),
        "warehouse": choices.warehouses.get(wanted.warehouse or 0, filled.get("warehouse", "")),
        "within": WITHIN.get(wanted.within, ""),
        "older": OLDER.get(wanted.older, ""),
        "list": f"{len(wanted.listed)} ids",
    }
    for name in FILTER_LABELS:
        if name in filled:
            zone = f" ({wanted.zone})" if name in ("from", "to") else ""
            yield name, words.get(name, filled[name]) + zone


def in_words(wanted: Wanted, choices: Choices) -> str:
    """Say the whole filter in one line."""
    state = [f"State: {STATE_LABELS[wanted.state][0]}"] if wanted.state else []
    others = [f"{FILTER_LABELS[name]}: {value}" for name, value in filter_words(wanted, choices)]
    return "; ".join([*state, *others])


def sentence_of(code: str) -> str:
    """Explain a reason in a sentence; one that is not listed by its code."""
    return REASONS[code].sentence if code in REASONS else code.replace("_", " ").capitalize()
