"""Settings as a person writes them on a command line, and as they are shown there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.configuring.faults import CHOICES
from shared.connecting.refusal import Refused

ON, OFF = "on", "off"
SWITCH: Final = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
# What unsets a setting that may be unset.
NOTHING: Final = frozenset({"", "none"})

SWITCHES: Final = (
    "order_sync_on", "shipment_sync_on", "create_products", "batch_writes", "shadow_on",
    "report_quiet_days",
)  # fmt: skip
SHARES: Final = ("brightpearl_share", "shiphero_share")
MINUTES: Final = "hold_minutes"
WORDS: Final = (
    "order_number_template", *CHOICES, "packing_note_field", "gift_note_field", "cut_off",
    "report_at",
)  # fmt: skip
EVENT_OWNER: Final = "event_owner"
NAMES: Final = (
    "order_sync_on", "shipment_sync_on", "go_live_at", EVENT_OWNER, *WORDS, MINUTES,
    "create_products", "batch_writes", "shadow_on", "report_quiet_days", *SHARES,
)  # fmt: skip


def read_pairs(pairs: Sequence[str], *, zone: str) -> dict[str, Any]:
    """Read `key=value` words; a time without a zone is one of `zone`. Raises Refused.

    The event owner comes as a number: who that is, Brightpearl has to be asked.
    """
    read: dict[str, Any] = {}
    for pair in pairs:
        name, is_pair, value = pair.partition("=")
        if not is_pair or name not in NAMES:
            raise Refused(f"{pair!r} sets nothing; write name=value, with {', '.join(NAMES)}.")
        if name in read:
            raise Refused(f"{name} is given twice; give it once.")
        read[name] = _reader(name, zone)(name, value.strip())
    return read


def shown(name: str, value: object, *, zone: str) -> str:
    """Write a setting's value as `read_pairs` reads it."""
    match value:
        case True | False:
            return ON if value else OFF
        case None:
            return "none"
        case datetime():
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M} ({zone})"
        case _:
            return f"{value}{'%' if name in SHARES else ''}" or "none"


def _reader(name: str, zone: str) -> Callable[[str, str], Any]:
    if name in SWITCHES:
        return _switch
    if name in (*SHARES, MINUTES, EVENT_OWNER):
        return _number
    if name == "go_live_at":
        return lambda name, value: _time(name, value, zone)
    may_be_unset = name.endswith("_field") or name == "cut_off"
    return lambda _name, value: "" if value == "none" and may_be_unset else value


def _switch(name: str, value: str) -> bool:
    if value.lower() not in SWITCH:
        raise Refused(f"{name} is a switch: write {name}=on or {name}=off.")
    return SWITCH[value.lower()]


def _number(name: str, value: str) -> int | None:
    if value.lower() in NOTHING:
        return None
    digits = value.removesuffix("%")
    if not digits.isdecimal():
        raise Refused(f"{name} is a number, or none; {value!r} is neither.")
    return int(digits)


def _time(name: str, value: str, zone: str) -> datetime | None:
    if value.lower() in NOTHING:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(
            f"{name} cannot be read: {value!r}; write it as 2026-11-24T09:00, which is meant in "
            f"the account's time zone ({zone}), or with its own, as 2026-11-24T09:00+01:00."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
