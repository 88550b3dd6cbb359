"""What was last sent about a note, read from the requests that were kept of its attempts; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.db.journal_tables import AttemptRow
from shared.journal.exchanges import Kept
from shared.vendors.personal import shown

Fields = Mapping[str, Any]
NOTHING: Final[Fields] = {}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The last order as ShipHero was told it, and the last details that Brightpearl was told.

    `order` has ShipHero's field names and `details` Brightpearl's; each is empty where nothing was
    sent or nothing was kept of it. Personal data stands in the clear: it is for the page to hide.
    """

    order: Fields = field(default_factory=dict)
    order_at: datetime | None = None
    details: Fields = field(default_factory=dict)
    details_at: datetime | None = None
    # The time of shipping as it was written, "" where no shipped event was sent.
    shipped_on: str = ""

    def of_order(self, *path: str) -> str:
        """Give one value of the order as text; "" where it was not sent."""
        return _text(self.order, path)

    def of_details(self, *path: str) -> str:
        """Give one value of the details as text; "" where it was not sent."""
        return _text(self.details, path)

    @property
    def lines(self) -> Mapping[str, Fields]:
        """Give the order's lines by our id of each."""
        lines = (one for one in _list(self.order, "line_items") if isinstance(one, Mapping))
        return {str(one.get("partner_line_item_id", "")): one for one in lines}


def sent_of(
    attempts: Sequence[AttemptRow], kept: Mapping[tuple[UUID, int], Sequence[Kept | None]]
) -> Sent:
    """Lay the requests over each other, the oldest first: a change says only what it changes."""
    told = Sent()
    for attempt in sorted(attempts, key=lambda one: one.started_at):
        exchanges = kept.get((attempt.event_id, attempt.number), ())
        for call, one in zip(attempt.vendor_calls, exchanges, strict=False):
            if one:
                asked = shown(one.get("asked"))
                told = _after(told, str(call.get("operation", "")), asked, attempt.started_at)
    return told


def _after(told: Sent, operation: str, asked: Any, at: datetime) -> Sent:
    """Take in one request; one of which no body was kept changes nothing."""
    if not isinstance(asked, Mapping):
        return told
    match operation:
        case "order_create":
            return replace(told, order=_map(asked, "data"), order_at=at)
        case "order_update":
            return replace(told, order={**told.order, **_map(asked, "data")}, order_at=at)
        case "write_details":
            return replace(told, details=asked, details_at=at)
        case "add_shipped_event":
            return replace(told, shipped_on=_occurred(asked))
        case "ship_notes":
            return _after_batch(told, asked, at)
    return told


def _after_batch(told: Sent, asked: Fields, at: datetime) -> Sent:
    for label, body in _messages(asked):
        if label.startswith("put-"):
            told = replace(told, details=body, details_at=at)
        else:
            told = replace(told, shipped_on=_occurred(body))
    return told


def _messages(asked: Fields) -> Iterator[tuple[str, Fields]]:
    for one in _list(asked, "messages"):
        if isinstance(one, Mapping):
            yield str(one.get("label", "")), _map(one, "body")


def _occurred(body: Fields) -> str:
    first = next(iter(_list(body, "events")), NOTHING)
    return str(first.get("occured", "")) if isinstance(first, Mapping) else ""


def _map(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else NOTHING


def _list(fields: Fields, name: str) -> Sequence[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else ()


def _text(fields: Fields, path: Sequence[str]) -> str:
    value: Any = fields
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
