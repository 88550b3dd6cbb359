"""What a terminal says of a saving, or of one that is only foreseen."""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.accounts import (
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHADOW_MODE,
    SHIPMENT_SYNC_OFF,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
    AccountSettings,
)
from shared.configuring.effect import Effect
from shared.configuring.saving import Saved
from shared.notes.state import KEPT_BACK

WAITED_FOR: Final[Mapping[str, str]] = {
    ORDER_SYNC_OFF: "order sync",
    SHIPMENT_SYNC_OFF: "shipment sync",
    GO_LIVE_UNSET: "a go-live time",
    EVENT_OWNER_UNSET: "an event owner",
    WAREHOUSE_UNDECIDED: "a decision on warehouse {name}",
    SHIPPING_METHOD_UNMAPPED: "shipping method {name} to be mapped",
    KEPT_BACK: "their release date",
    SHADOW_MODE: "shadow mode to end",
}
LOOKED_AT_AGAIN: Final[Mapping[str, str]] = {
    "warehouse_not_sent": "skipped because their warehouse was left out",
    "before_go_live": "skipped because they were made before go-live",
    "sku_unknown": "failed because ShipHero did not know a SKU",
    "waiting_for_rest": "waiting for the rest of their parcels",
    SHADOW_MODE: "shown by shadow mode, which writes nothing",
}


def saved_lines(code: str, saved: Saved, settings: AccountSettings) -> Iterator[str]:
    """Tell what was saved and what went on by it."""
    if not saved.is_new:
        yield f"{code}: all of it was so already, nothing was changed."
        return
    yield f"{code}: saved as version {saved.version}."
    yield from effect_lines(saved.effect, settings)


def foreseen_lines(code: str, effect: Effect, settings: AccountSettings) -> Iterator[str]:
    """Tell what a saving would do."""
    yield f"{code}: nothing was saved. To save this would have this effect:"
    yield from effect_lines(effect, settings)


def effect_lines(effect: Effect, settings: AccountSettings) -> Iterator[str]:
    """Tell what goes on, one line a cause."""
    for cause, number in effect.released.items():
        yield f"  goes on: {number} that waited for {_waited_for(cause, settings)}"
    for code, number in effect.looked_at_again.items():
        yield f"  looked at again: {number} that are {LOOKED_AT_AGAIN[code]}"
    if effect.compared_from is not None:
        start = f"{effect.compared_from:%Y-%m-%d %H:%M} UTC"
        yield f"  Brightpearl's notes are compared from {start} on"
    if effect.is_none:
        yield "  nothing waited for this"


def _waited_for(cause: str, settings: AccountSettings) -> str:
    kind, _, detail = cause.partition(":")
    names = settings.warehouses if kind == WAREHOUSE_UNDECIDED else settings.methods
    known = names.get(int(detail)) if detail.isdecimal() else None
    return WAITED_FOR[kind].format(name=f"{known.name} ({detail})" if known else detail)
