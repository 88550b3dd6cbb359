"""What a saving does, in a merchant's words: as it will be, and as it was done; pure.

The command line and the portal say the same.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.accounts import (
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    MAPPED,
    NOT_SENT,
    ORDER_SYNC_OFF,
    SHADOW_MODE,
    SHIPMENT_SYNC_OFF,
    SHIPPING_METHOD_UNMAPPED,
    UNDECIDED,
    WAREHOUSE_UNDECIDED,
    AccountSettings,
)
from shared.configuring.effect import Effect
from shared.configuring.fields import moment, named
from shared.configuring.looks import AT_MOST
from shared.notes.state import KEPT_BACK
from shared.number_words import counted

OF_SHIPMENTS: Final = frozenset({SHIPMENT_SYNC_OFF, EVENT_OWNER_UNSET})
WAITED_FOR: Final[Mapping[str, str]] = {
    ORDER_SYNC_OFF: "order sync",
    SHIPMENT_SYNC_OFF: "shipment sync",
    GO_LIVE_UNSET: "a go-live time",
    EVENT_OWNER_UNSET: "somebody to ship in whose name",
    WAREHOUSE_UNDECIDED: "a decision on warehouse {name}",
    SHIPPING_METHOD_UNMAPPED: "shipping method {name} to be mapped",
    KEPT_BACK: "their time to be sent",
    SHADOW_MODE: "shadow mode to end",
}
LOOKED_AT_AGAIN: Final[Mapping[str, str]] = {
    "warehouse_not_sent": "skipped because the warehouse was left out",
    "before_go_live": "skipped as made before go-live",
    "sku_unknown": "failed because ShipHero did not know a SKU",
    "waiting_for_rest": "waiting for other parcels",
    SHADOW_MODE: "shown by shadow mode, which writes nothing,",
}
NOTHING: Final = "Nothing waited for this."
UNLESS: Final = "as far as nothing else stands in the way"


def will_do(effect: Effect, settings: AccountSettings, *, zone: str) -> Iterator[str]:
    """Say what saving would set free; `settings` are those that would hold then."""
    for cause, number in effect.released.items():
        waiting = f"{_held(cause, number)} waiting for {_waited_for(cause, settings)}"
        yield f"{waiting} will be {_fate(cause, settings)}."
    for code, number in effect.looked_at_again.items():
        yield f"{_notes(number)} {LOOKED_AT_AGAIN[code]} will be looked at again."
    if effect.compared_from is not None:
        yield f"Brightpearl's notes since {moment(effect.compared_from, zone)} will be compared."
    if effect.is_none:
        yield NOTHING


def was_done(effect: Effect, settings: AccountSettings, *, zone: str) -> Iterator[str]:
    """Say what the saving set free; `settings` are those that hold now."""
    for cause, number in effect.released.items():
        is_are = "is" if number == 1 else "are"
        waited = f"{_held(cause, number)} that waited for {_waited_for(cause, settings)}"
        yield f"{waited} {is_are} being {_fate(cause, settings)}."
    for code, number in effect.looked_at_again.items():
        is_are = "is" if number == 1 else "are"
        yield f"{_notes(number)} {LOOKED_AT_AGAIN[code]} {is_are} looked at again."
    if effect.compared_from is not None:
        yield f"Brightpearl's notes since {moment(effect.compared_from, zone)} are compared."
    if effect.is_none:
        yield NOTHING


def will_wait(before: AccountSettings, after: AccountSettings) -> Iterator[str]:
    """Say what stops by a change: what comes from now on, and why it waits or is left out."""
    if before.order_sync_on and not after.order_sync_on:
        yield "New notes will wait until order sync is on again; what is under way ends."
    if before.shipment_sync_on and not after.shipment_sync_on:
        yield "New shipments will wait until shipment sync is on again; what is under way ends."
    if before.go_live_at is not None and after.go_live_at is None:
        yield "New notes will wait until a go-live time is set."
    for one, known in sorted(before.warehouses.items()):
        name, decision = named(known.name, one), after.warehouses[one].decision
        if known.decision == MAPPED and decision == UNDECIDED:
            yield f"New notes of warehouse {name} will wait until it is decided."
        if known.decision == MAPPED and decision == NOT_SENT:
            yield f"New notes of warehouse {name} will not be sent."
    for one, method in sorted(before.methods.items()):
        if method.title and not after.methods[one].title:
            yield f"New notes with shipping method {named(method.name, one)} will wait."


def _held(cause: str, number: int) -> str:
    thing = "shipment" if cause in OF_SHIPMENTS else "order"
    return counted(number, f"held {thing}")


def _fate(cause: str, settings: AccountSettings) -> str:
    """Say what becomes of what is set free, after "will be" and "are being"."""
    kind, _, detail = cause.partition(":")
    if kind == WAREHOUSE_UNDECIDED and detail.isdecimal():
        warehouse = settings.warehouses.get(int(detail))
        if warehouse is not None and warehouse.decision == NOT_SENT:
            return "skipped: the warehouse is left out"
    done = "written back to Brightpearl" if kind in OF_SHIPMENTS else "sent"
    return f"{done}, {UNLESS}"


def _notes(number: int) -> str:
    if number >= AT_MOST:
        return f"The newest {AT_MOST:,} notes"
    return counted(number, "note")


def _waited_for(cause: str, settings: AccountSettings) -> str:
    kind, _, detail = cause.partition(":")
    names = settings.warehouses if kind == WAREHOUSE_UNDECIDED else settings.methods
    known = names.get(int(detail)) if detail.isdecimal() else None
    return WAITED_FOR[kind].format(name=named(known.name, detail) if known else detail)
