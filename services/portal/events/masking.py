"""An event's payload as text: a vendor's raw body with what may be personal left out; pure.

What is shown is listed, not what is hidden: a field that a vendor adds tomorrow is hidden.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

HIDDEN: Final = "••• hidden"
# Longer ones are cut: a webhook may be a megabyte.
LONGEST: Final = 20_000

# Fields of both vendors' webhooks that tell of the goods and never of a person.
_SHOWN: Final = frozenset({
    "accountcode", "brightpearlversion", "carrier", "completed", "createddate", "fullevent",
    "fulfillmentstatus", "inventory", "lifecycleevent", "onhand", "ordernumber", "package",
    "packagenumber", "previousonhand", "price", "quantity", "raisedon", "readytoship",
    "resourcetype", "shippingcarrier", "shippingmethod", "sku", "status", "testing", "timestamp",
    "totalpackages", "trackingnumber", "webhooktype", "weight",
})  # fmt: skip
_AN_ID: Final = re.compile(r"(?:^|[_-])(?:id|ids|uuid)$|[a-z](?:Id|Ids|Uuid)$")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A payload as text; `is_masked` says that something was left out, `is_cut` that it is long."""

    text: str
    is_raw: bool
    is_masked: bool = False
    is_cut: bool = False


def shown(payload: Mapping[str, Any], *, in_full: bool) -> Shown:
    """Write a payload; a raw body `in_full`, or with what may be personal hidden."""
    body = payload.get("body")
    if not isinstance(body, str):
        return _cut(json.dumps(payload, indent=2, ensure_ascii=False), is_raw=False)
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        hidden = "The body cannot be read, so nobody can tell what in it is personal."
        return _cut(body if in_full else hidden, is_raw=True, is_masked=not in_full)
    seen = read if in_full else _masked(read)
    written = json.dumps(seen, indent=2, ensure_ascii=False)
    return _cut(written, is_raw=True, is_masked=seen != read)


def _masked(value: Any, field: str = "") -> Any:
    """Hide every text and number whose field is not listed; what nests is gone through."""
    if isinstance(value, dict):
        return {key: _masked(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, field) for inner in value]
    if value is None or isinstance(value, bool) or _may_be_shown(field):
        return value
    return HIDDEN if value not in ("", 0) else value


def _may_be_shown(field: str) -> bool:
    plain = re.sub(r"[^a-z]", "", field.lower())
    return plain in _SHOWN or bool(_AN_ID.search(field))


def _cut(text: str, *, is_raw: bool, is_masked: bool = False) -> Shown:
    return Shown(
        text=text[:LONGEST], is_raw=is_raw, is_masked=is_masked, is_cut=len(text) > LONGEST
    )
