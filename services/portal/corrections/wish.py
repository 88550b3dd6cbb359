"""What a person wants sent instead of Brightpearl's words: read, and refused where it cannot be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pycountry

from shared.accounts import AccountSettings
from shared.pushing import corrections as codes
from shared.pushing.addresses import COMPANY, LINE, NAME, ZIP
from shared.pushing.corrections import (
    COUNTRY,
    EMAIL,
    FIELDS,
    LABELS,
    LINE_1,
    METHOD,
    PACKING_NOTE,
    PHONE,
    Correction,
)
from shared.pushing.transform import REMARK

LONGEST_REASON: Final = 500
# What ShipHero is known to keep whole (contract §6); of a name each of its two parts.
LONGEST: Final[Mapping[str, int]] = {
    codes.NAME: 2 * NAME, codes.COMPANY: COMPANY, LINE_1: LINE, codes.LINE_2: LINE,
    codes.TOWN: LINE, codes.STATE: LINE, codes.POSTCODE: ZIP, PHONE: 40, EMAIL: 254,
    METHOD: 18, PACKING_NOTE: REMARK,
}  # fmt: skip
NEVER_EMPTY: Final = frozenset({LINE_1, COUNTRY, METHOD})
NO_REASON: Final = "Say why, so that your colleagues and the warehouse understand it later."
NOTHING_ELSE: Final = (
    "All of this is what Brightpearl says already: change something, or leave it as it is."
)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[0-9+()./#x -]*[0-9][0-9+()./#x -]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The fields that are to be sent otherwise, each with what Brightpearl says now, and why."""

    corrections: Mapping[str, Correction]
    reason: str


def tidy(text: str, field: str) -> str:
    """Give what a person typed without what no label shows; a packing note keeps its lines."""
    if field == PACKING_NOTE:
        lines = ("".join(filter(str.isprintable, line)).rstrip() for line in text.splitlines())
        return "\n".join(lines).strip()
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def wish_of(values: Mapping[str, str], reason: str, own: Mapping[str, str]) -> Wish:
    """Take as corrections what differs from Brightpearl's own values; fields not given stay."""
    tidied = {name: tidy(values[name], name) for name in FIELDS if name in values and name in own}
    return Wish(
        corrections={
            name: Correction(value=value, was=own[name])
            for name, value in tidied.items()
            if value != own[name]
        },
        reason=reason.strip()[:LONGEST_REASON],
    )


def faults_of(wish: Wish, settings: AccountSettings) -> dict[str, str]:
    """Say by field why a wish cannot be kept; "reason" and "fields" stand for the whole."""
    faults = {
        name: fault
        for name, one in wish.corrections.items()
        if (fault := next(_faults(name, one.value, settings), ""))
    }
    if not wish.reason:
        faults["reason"] = NO_REASON
    if not wish.corrections:
        faults["fields"] = NOTHING_ELSE
    return faults


def countries() -> list[tuple[str, str]]:
    """List countries by name, each with its two letters."""
    named = ((one.alpha_2, one.name) for one in pycountry.countries)
    return sorted(named, key=lambda pair: pair[1])


def _faults(name: str, value: str, settings: AccountSettings) -> Iterator[str]:
    label = LABELS[name]
    if not value and name in NEVER_EMPTY:
        yield f"{label} cannot be empty: no label could be made of it."
    longest = LONGEST.get(name)
    if longest is not None and len(value) > longest:
        yield f"{label} has {len(value)} characters; ShipHero is known to keep {longest}."
    if not value:
        return
    if name == COUNTRY and pycountry.countries.get(alpha_2=value) is None:
        yield "Country is given by its two letters, such as GB."
    if name == METHOD and not _is_mapped(value, settings):
        yield "Shipping method is the id of one of Brightpearl's that is mapped."
    if name == EMAIL and not _EMAIL.fullmatch(value):
        yield "E-mail looks like name@example.com."
    if name == PHONE and not _PHONE.fullmatch(value):
        yield "Telephone has digits, and beside them only + ( ) . / # x - and spaces."


def _is_mapped(value: str, settings: AccountSettings) -> bool:
    method = settings.methods.get(int(value)) if value.isdecimal() else None
    return method is not None and bool(method.title)
