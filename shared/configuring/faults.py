"""What is wrong with a change, said before anything is written: one sentence a field; pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

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
    AccountSettings,
)
from shared.configuring.change import EventOwner, MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.fields import LABELS
from shared.connecting.refusal import Refused
from shared.order_number import UnfitTemplate, check_template

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "release_policy": (RELEASE_HOLD, RELEASE_KEEP_BACK),
    "deleted_policy": (DELETED_CANCEL, DELETED_ASK),
    "shipped_when": (SHIPPED_COMPLETE, SHIPPED_FIRST),
    "channel_as": (CHANNEL_AS_SHOP, CHANNEL_AS_TAG),
}
DECISIONS: Final = (MAPPED, NOT_SENT, UNDECIDED)
# An earlier time is a slip of the pen, such as the year 206.
EARLIEST: Final = datetime(2007, 1, 1, tzinfo=UTC)
FURTHEST_AHEAD: Final = timedelta(days=366)
# Neither vendor documents how long these may be (contract §10, §6); people read them on a label.
LONGEST: Final = 128
ALL: Final = 100  # percent
LONGEST_HOLD: Final = 24 * 60  # minutes
# As every code of a custom field that Brightpearl shows begins (contract §8).
TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
FIELD_CODE: Final = re.compile(r"PCF_[A-Za-z0-9_]{1,60}", re.ASCII)


class Unfit(Refused):
    """A change that cannot be saved; `faults` has a sentence for each field that is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a change is held against; `shiphero_warehouses` are names by id."""

    settings: AccountSettings
    shiphero_warehouses: Mapping[str, str]
    now: datetime


def refuse_faults(change: SettingsChange, known: Known) -> None:
    """Raise Unfit unless all of `change` can be saved."""
    if faults := faults_of(change, known):
        raise Unfit(faults)


def faults_of(change: SettingsChange, known: Known) -> dict[str, str]:
    """Give a sentence for each field that is wrong, such as "go_live_at" or "warehouses.3"."""
    return {field: sentence for field, sentence in _faults(change, known) if sentence}


def _faults(change: SettingsChange, known: Known) -> Iterator[tuple[str, str]]:
    """Go through all that is given; the sentence is "" where nothing is wrong."""
    for field in sorted(change.model_fields_set & CHECKS.keys()):
        yield field, CHECKS[field](field, getattr(change, field))
    if "go_live_at" in change.model_fields_set:
        yield "go_live_at", _of_go_live(change.go_live_at, known.now)
    for warehouse_id, choice in change.warehouses.items():
        yield f"warehouses.{warehouse_id}", _of_warehouse(warehouse_id, choice, known)
    for method_id, method in change.methods.items():
        yield f"methods.{method_id}", _of_method(method_id, method, known)


def _of_choice(field: str, given: str) -> str:
    if given in CHOICES[field]:
        return ""
    return f"{LABELS[field]} cannot be {given!r}; choose {' or '.join(CHOICES[field])}."


def _of_field_code(field: str, given: str) -> str:
    if not given or FIELD_CODE.fullmatch(given):
        return ""
    return (
        f"{LABELS[field]}: {given!r} is no code of a Brightpearl custom field. Such a code begins "
        "with PCF_, as PCF_GIFTNOTE does; copy it from Brightpearl, or leave it empty for none."
    )


def _of_share(field: str, given: int | None) -> str:
    if given is None or 1 <= given <= ALL:
        return ""
    return f"{LABELS[field]} is a percentage: give 1 to {ALL}, or nothing for the usual one."


def _of_minutes(field: str, given: int) -> str:
    if 0 <= given <= LONGEST_HOLD:
        return ""
    return f"{LABELS[field]}: give 0 for none, up to {LONGEST_HOLD}, which is a day."


def _of_time_of_day(field: str, given: str) -> str:
    if TIME_OF_DAY.fullmatch(given):
        return ""
    return f"{LABELS[field]}: {given!r} is no time of day; write it as 07:00, up to 23:59."


def _of_template(_field: str, given: str) -> str:
    try:
        check_template(given)
    except UnfitTemplate as unfit:
        return str(unfit)
    return ""


def _of_owner(_field: str, given: EventOwner | None) -> str:
    if given is None or given.contact_id > 0:
        return ""
    return f"{given.contact_id} is no contact of Brightpearl; choose one of the staff."


def _of_go_live(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    if at.tzinfo is None:
        return f"Go-live {at:%d %b %Y %H:%M} has no time zone; say which one is meant."
    if at < EARLIEST:
        return f"Go-live lies in the year {at.year}; choose a later date."
    if at > now + FURTHEST_AHEAD:
        return (
            f"Go-live {at:%d %b %Y} lies more than a year ahead, and until then no note would be "
            "sent; choose an earlier date, or switch order sync off."
        )
    return ""


def _of_warehouse(warehouse_id: int, choice: WarehouseChoice, known: Known) -> str:
    ours = known.settings.warehouses
    if warehouse_id not in ours:
        names = {str(one): warehouse.name for one, warehouse in ours.items()}
        return _unknown("Brightpearl warehouse", str(warehouse_id), names)
    if choice.decision not in DECISIONS:
        return f"A warehouse cannot be {choice.decision!r}; choose {' or '.join(DECISIONS)}."
    if choice.decision == MAPPED and choice.shiphero_id not in known.shiphero_warehouses:
        return _unknown("ShipHero warehouse", choice.shiphero_id, known.shiphero_warehouses)
    if choice.decision != MAPPED and choice.shiphero_id:
        return (
            f"Warehouse {ours[warehouse_id].name} cannot be {choice.decision} and have the "
            f"ShipHero warehouse {choice.shiphero_id}; choose one of both."
        )
    return ""


def _of_method(method_id: int, choice: MethodChoice, known: Known) -> str:
    ours = known.settings.methods
    if method_id not in ours:
        names = {str(one): method.name for one, method in ours.items()}
        return _unknown("Brightpearl shipping method", str(method_id), names)
    words = (choice.title, choice.carrier, choice.method)
    if not choice.title.strip() and any(words):
        return (
            f"Shipping method {ours[method_id].name} needs a title for ShipHero; leave title, "
            "carrier and method empty to unmap it."
        )
    if any(len(one) > LONGEST or not one.isprintable() for one in words):
        return (
            f"Title, carrier and method of {ours[method_id].name} are one line each, of at most "
            f"{LONGEST} characters."
        )
    return ""


def _unknown(kind: str, given: str, names: Mapping[str, str]) -> str:
    given = given or "(none)"
    if not names:
        return f"{kind} {given} is not known, as none was fetched yet; have the list fetched first."
    listed = ", ".join(f"{one} ({name})" for one, name in names.items())
    return f"{kind} {given} is not known; there are {listed}. A new one has to be fetched first."


CHECKS: Final[Mapping[str, Callable[[str, Any], str]]] = {
    **dict.fromkeys(CHOICES, _of_choice),
    "packing_note_field": _of_field_code,
    "gift_note_field": _of_field_code,
    "hold_minutes": _of_minutes,
    "brightpearl_share": _of_share,
    "shiphero_share": _of_share,
    "order_number_template": _of_template,
    "event_owner": _of_owner,
    "cut_off": lambda field, given: _of_time_of_day(field, given) if given else "",
    "report_at": _of_time_of_day,
}
