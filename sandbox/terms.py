"""What else may be wished of a sales order: its address, its money, its dates, its odd cases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.brightpearl import times

POSTAGE = "3.75"
# The parts of a delivery address; each may be "".
PLACE = (
    "name", "company", "line1", "line2", "city", "county", "postcode", "telephone", "email",
)  # fmt: skip
_TRUE = {"1", "true", "on", "yes"}


@dataclass(frozen=True)
class Terms:
    """How a sales order is wished for; what is left out is as in any order."""

    quantity: int | None = None  # of each line
    fraction: str | None = None  # of the first line, such as 1.5; one note takes all
    price: str | None = None  # net, of one piece of each line
    discount: str = "0"  # in percent, of each line
    postage: str = POSTAGE
    currency: str = "GBP"
    place: Mapping[str, str] = field(default_factory=dict)  # `country` is a code, "" for none
    release_on: float | None = None
    deliver_on: float | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    priority: bool = False
    locations: int = 1  # a note's line comes from so many places
    without_sku: bool = False  # with a line of the product that has no SKU
    row_gone: bool = False  # a person takes the first row off the order once its notes are made
    no_lines: bool = False  # the notes take nothing
    new_sku: str = ""  # with a line of a product that is made for it, in Brightpearl alone

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Terms":
        """Read the control API's body, JSON or a form's texts. Raises ValueError."""
        place = {name: str(body[name]) for name in PLACE if name in body}
        if "countryIsoCode" in body:
            place["country"] = str(body["countryIsoCode"]).strip().upper()
        return cls(
            quantity=_whole(body, "quantity"),
            fraction=_amount(body, "fraction"),
            price=_amount(body, "price"),
            discount=_amount(body, "discount") or "0",
            postage=_amount(body, "postage") or POSTAGE,
            currency=str(body.get("currency") or "GBP").upper(),
            place=place,
            release_on=_moment(body, "releaseDate"),
            deliver_on=_moment(body, "deliveryDate"),
            custom_fields=_fields(body.get("customFields")),
            priority=_is_set(body, "priority"),
            locations=_whole(body, "locations") or 1,
            without_sku=_is_set(body, "withoutSku"),
            row_gone=_is_set(body, "rowGone"),
            no_lines=_is_set(body, "noLines"),
            new_sku=str(body.get("newSku") or "").strip(),
        )


PLAIN = Terms()


def _whole(body: Mapping[str, Any], name: str) -> int | None:
    return int(body[name]) if body.get(name) not in (None, "") else None


def _amount(body: Mapping[str, Any], name: str) -> str | None:
    if body.get(name) in (None, ""):
        return None
    try:
        return f"{Decimal(str(body[name])):f}"
    except InvalidOperation:
        raise ValueError(f"{name} is a number, not {body[name]!r}") from None


def _moment(body: Mapping[str, Any], name: str) -> float | None:
    """Read a time with its zone, or a day as its midnight in UTC."""
    text = str(body.get(name) or "").strip()
    if not text:
        return None
    return times.read(text if "T" in text else f"{text}T00:00:00Z")


def _is_set(body: Mapping[str, Any], name: str) -> bool:
    return str(body.get(name, "")).lower() in _TRUE


def _fields(given: Any) -> dict[str, Any]:
    if isinstance(given, str):
        given = json.loads(given) if given.strip() else {}
    if not isinstance(given, Mapping | None):
        raise ValueError("customFields is an object of codes and values")  # noqa: TRY004 - one error for all callers
    return dict(given or {})
