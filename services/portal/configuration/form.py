"""The settings as texts of a form, and what a person typed read back into a change; pure.

Only what is typed otherwise than it stands is a change: what the form cannot show exactly, such as
the seconds of go-live, stays as it is unless somebody touches it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.accounts import MAPPED, NOT_SENT, UNDECIDED, AccountSettings, Warehouse
from shared.configuring.change import MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.faults import Unfit
from shared.configuring.fields import LABELS
from shared.db.account_tables import Account

Texts = Mapping[str, str]

ON, OFF = "on", "off"
SWITCHES: Final = (
    "order_sync_on", "shipment_sync_on", "create_products", "batch_writes", "report_quiet_days",
)  # fmt: skip
SHARES: Final = ("brightpearl_share", "shiphero_share")
MINUTES: Final = "hold_minutes"
GO_LIVE: Final = "go_live_at"
WORDS: Final = (
    "order_number_template", "release_policy", "deleted_policy", "shipped_when", "channel_as",
    "packing_note_field", "gift_note_field", "cut_off", "report_at",
)  # fmt: skip
METHOD_PARTS: Final = ("title", "carrier", "method")
TO: Final = "to:"  # before the id of the ShipHero warehouse that is chosen
LONGEST: Final = 300  # characters; every text has a lower limit of its own

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
_WAREHOUSE: Final = re.compile(r"warehouse-(\d+)", re.ASCII)
_METHOD: Final = re.compile(rf"method-(\d+)-({'|'.join(METHOD_PARTS)})", re.ASCII)


class _WrongText(ValueError):  # noqa: N818 - it says what is wrong with the text
    """What was typed is none of what the field takes; the sentence is for the merchant."""


def texts_of(account: Account, settings: AccountSettings) -> dict[str, str]:
    """Write every setting as its field shows it."""
    texts = {one: ON if getattr(account, one) else OFF for one in SWITCHES}
    texts |= {one: getattr(account, one) for one in WORDS}
    texts |= {one: _share_text(getattr(account, one)) for one in SHARES}
    texts[MINUTES] = str(account.hold_minutes)
    texts[GO_LIVE] = _time_text(settings.go_live_at, account.time_zone)
    for one, warehouse in settings.warehouses.items():
        texts[f"warehouse-{one}"] = _choice_text(warehouse)
    for one, method in settings.methods.items():
        for part in METHOD_PARTS:
            texts[f"method-{one}-{part}"] = getattr(method, part)
    return texts


def typed(form: Mapping[str, list[str]], texts: Texts) -> dict[str, str]:
    """Take from a form what it says of fields that there are; of a switch, the last word."""
    return {name: form[name][-1].strip()[:LONGEST] for name in texts if form.get(name)}


def altered(texts: Texts, given: Texts) -> dict[str, str]:
    """Give those fields that are typed otherwise than they stand."""
    return {name: text for name, text in given.items() if text != texts[name].strip()}


def to_change(texts: Texts, new: Texts, *, zone: str) -> SettingsChange:
    """Read the fields that are otherwise; raises Unfit with a sentence for each that is wrong."""
    fields: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in LABELS:
        if name in new:
            try:
                fields[name] = _read(name, new[name], zone)
            except _WrongText as wrong:
                faults[name] = str(wrong)
    if faults:
        raise Unfit(faults)
    fields["warehouses"] = dict(_warehouses(new))
    fields["methods"] = dict(_methods(texts, new))
    return SettingsChange(**{name: value for name, value in fields.items() if value != {}})


def _read(name: str, text: str, zone: str) -> object:
    if name in SWITCHES:
        return _switch(name, text)
    if name in SHARES:
        return _share(name, text)
    if name == MINUTES:
        return _minutes(name, text)
    return _time(text, zone) if name == GO_LIVE else text


def _switch(name: str, text: str) -> bool:
    if text not in (ON, OFF):
        raise _WrongText(f"{LABELS[name]} is a switch: choose on or off.")
    return text == ON


def _share(name: str, text: str) -> int | None:
    digits = text.removesuffix("%").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 4):  # noqa: PLR2004 - a longer one is no slip
        raise _WrongText(f"{LABELS[name]} is a whole percentage: give 1 to 100, or nothing.")
    return int(digits)


def _minutes(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):  # noqa: PLR2004 - a longer one is no slip
        raise _WrongText(f"{LABELS[name]} is a whole number of minutes: give 0 for none.")
    return int(text)


def _time(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None:
        raise _WrongText(
            f"{text!r} is no date and time; write it as 2026-11-24T09:00, in the time of {zone}."
        )
    there = at.replace(tzinfo=ZoneInfo(zone))
    try:
        back = there.astimezone(UTC).astimezone(ZoneInfo(zone))
    except OverflowError:
        raise _WrongText("Go-live lies outside of all calendars; choose a date.") from None
    if back.replace(tzinfo=None) != at:
        raise _WrongText(
            f"At {at:%H:%M} on {at:%d %b %Y} the clocks of {zone} go forward, so that there is no "
            "such time; choose one before or after."
        )
    return there


def _warehouses(new: Texts) -> Iterator[tuple[int, WarehouseChoice]]:
    for name, text in new.items():
        if found := _WAREHOUSE.fullmatch(name):
            chosen = text.startswith(TO)
            yield (
                int(found[1]),
                WarehouseChoice.to(text.removeprefix(TO))
                if chosen
                else WarehouseChoice(decision=text),
            )


def _methods(texts: Texts, new: Texts) -> Iterator[tuple[int, MethodChoice]]:
    touched = {int(found[1]) for name in new if (found := _METHOD.fullmatch(name))}
    both = {**texts, **new}
    for one in sorted(touched):
        yield (
            one,
            MethodChoice(**{part: both[f"method-{one}-{part}"] for part in METHOD_PARTS}),
        )


def _share_text(share: int | None) -> str:
    return "" if share is None else str(share)


def _time_text(at: datetime | None, zone: str) -> str:
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def _choice_text(warehouse: Warehouse) -> str:
    if warehouse.decision == MAPPED:
        return f"{TO}{warehouse.shiphero_id}"
    return warehouse.decision if warehouse.decision == NOT_SENT else UNDECIDED
