"""Read which of our orders a ShipHero webhook, or a comparison's suspicion, is about."""

import json
from dataclasses import dataclass

from pydantic import ValidationError

from shared.errors import Permanent
from shared.events import SHIPMENT_SUSPECTED, Event
from shared.notes.key import NoteKey, read_key
from shared.outcome import Skipped
from shared.vendors.shiphero.webhook_bodies import ORDER_CANCELED, SHIPMENT_UPDATE, Announcement


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something happened to the order of one of our notes.

    `order_id` is ShipHero's, "" when it is not named: the note's present order is meant then.
    `is_cancel` says that it is told to be cancelled, which is only a hint.
    """

    key: NoteKey
    order_id: str
    is_cancel: bool = False


def read_announcement(event: Event, *, account_code: str) -> Told | Skipped:
    """Read a kept webhook; Skipped for what is not ours or not followed, without a vendor call.

    A suspicion of our own names the note as its subject. Raises Permanent with a sentence when
    nobody can read the body.
    """
    if event.name == SHIPMENT_SUSPECTED:
        return _suspected(event, account_code)
    try:
        body = Announcement.model_validate(json.loads(event.payload.get("body", "")))
    except (ValueError, ValidationError, RecursionError):
        raise Permanent(
            "ShipHero's webhook cannot be read, so nobody can tell which order it was about. "
            "Look in ShipHero for a shipped order whose note is still open.",
            code="webhook_unreadable",
        ) from None
    if body.webhook_type not in {SHIPMENT_UPDATE, ORDER_CANCELED}:
        return not_followed(body.webhook_type or "a webhook without a type")
    key = read_key(body.partner_order_id)
    if key is None or key.account != account_code:
        return Skipped(
            code="not_ours", reason="The order at ShipHero did not come from this account's notes."
        )
    is_cancel = body.webhook_type == ORDER_CANCELED
    return Told(key=key, order_id=body.order_uuid, is_cancel=is_cancel)


def not_followed(what: str) -> Skipped:
    """Skip a webhook of a kind that asks nothing of us."""
    return Skipped(code="not_followed", reason=f"Goodsout does not follow {what[:60]!r}.")


def told_by(event: Event, *, account_code: str) -> Told | None:
    """Give what an event tells about one of our notes; None when it is about none."""
    try:
        told = read_announcement(event, account_code=account_code)
    except Permanent:
        return None
    return told if isinstance(told, Told) else None


def suspicion_of(told: Told) -> dict[str, object]:
    """Write the payload of a suspicion, as `read_announcement` reads it."""
    return {"key": str(told.key), "order_id": told.order_id, "canceled": told.is_cancel}


def _suspected(event: Event, account_code: str) -> Told:
    key = read_key(event.payload.get("key", ""))
    return Told(
        key=key or NoteKey(account=account_code, note_id=int(event.subject)),
        order_id=event.payload.get("order_id", ""),
        is_cancel=bool(event.payload.get("canceled")),
    )
