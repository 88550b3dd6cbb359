"""What of an order may still be changed at ShipHero, as it is remembered to tell a change by.

Kept beside the link to the order, so nothing personal stands in it: an address and what people
wrote are digests. An absent field is one that is not set.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import BaseModel

from shared.vendors.shiphero.new_order import NewOrder

SHIPPING_LINES, PRIORITY = "shipping_lines", "priority_flag"
SHIPPING_ADDRESS, BILLING_ADDRESS = "shipping_address", "billing_address"
REQUIRED_SHIP_DATE, HOLD_UNTIL = "required_ship_date", "hold_until_date"
PACKING_NOTE, GIFT_NOTE, TAGS = "packing_note", "gift_note", "tags"
EMAIL, SHOP = "email", "shop_name"
# The fields of UpdateOrderInput that a note or its sales order can move (contract §7).
HEADER_FIELDS = (
    SHIPPING_LINES,
    PRIORITY,
    SHIPPING_ADDRESS,
    BILLING_ADDRESS,
    REQUIRED_SHIP_DATE,
    HOLD_UNTIL,
    PACKING_NOTE,
    GIFT_NOTE,
    TAGS,
)
# What order_create takes and order_update does not (contract §7).
FIXED_FIELDS = (EMAIL, SHOP)


def header_of(new: NewOrder) -> dict[str, str]:
    """Say what ShipHero is told by `new`, field by field: stable, and without personal data."""
    told = {
        SHIPPING_LINES: new.shipping_lines.model_dump_json(exclude_none=True),
        PRIORITY: "true" if new.priority_flag else "",
        SHIPPING_ADDRESS: _digest(new.shipping_address),
        BILLING_ADDRESS: _digest(new.billing_address),
        REQUIRED_SHIP_DATE: _time(new.required_ship_date),
        HOLD_UNTIL: _time(new.hold_until_date),
        PACKING_NOTE: _digest(new.packing_note),
        GIFT_NOTE: _digest(new.gift_note),
        TAGS: "\n".join(sorted(new.tags or ())),
        EMAIL: _digest(new.email),
        SHOP: new.shop_name or "",
    }
    return {name: words for name, words in told.items() if words}


def changed_fields(
    sent: Mapping[str, str], present: Mapping[str, str], *, now: datetime
) -> frozenset[str]:
    """Name the fields to tell: what would be sent now differs from what was sent last.

    A hold that has merely run out is no change.
    """
    moved = _moved(sent, present, HEADER_FIELDS) - by_hand(sent, present)
    has_run_out = _ran_out(sent.get(HOLD_UNTIL, ""), present.get(HOLD_UNTIL, ""), now)
    return moved - {HOLD_UNTIL} if has_run_out else moved


def by_hand(sent: Mapping[str, str], present: Mapping[str, str]) -> frozenset[str]:
    """Name the fields that differ, too, but that only a person can change at ShipHero.

    Whether null clears a date is not known: one that was taken away stays.
    """
    cleared = sent.get(REQUIRED_SHIP_DATE) and not present.get(REQUIRED_SHIP_DATE)
    dates = frozenset({REQUIRED_SHIP_DATE} if cleared else ())
    return _moved(sent, present, FIXED_FIELDS) | dates


def _moved(
    sent: Mapping[str, str], present: Mapping[str, str], names: Iterable[str]
) -> frozenset[str]:
    return frozenset(name for name in names if sent.get(name, "") != present.get(name, ""))


def _ran_out(sent: str, present: str, now: datetime) -> bool:
    return bool(sent) and not present and datetime.fromisoformat(sent) <= now


def _digest(told: BaseModel | str | None) -> str:
    if not told:
        return ""
    words = told if isinstance(told, str) else told.model_dump_json(exclude_none=True)
    return hashlib.sha256(words.encode()).hexdigest()


def _time(told: datetime | None) -> str:
    return told.astimezone(UTC).isoformat(timespec="seconds") if told else ""
