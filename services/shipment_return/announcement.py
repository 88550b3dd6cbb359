"""Read which of our orders a ShipHero webhook is about."""

import json
from dataclasses import dataclass

from pydantic import ValidationError

from shared.errors import Permanent
from shared.events import SHIPMENT_SUSPECTED, Event
from shared.notes.key import NoteKey, read_key
from shared.outcome import Skipped
from shared.vendors.shiphero.webhook_bodies import SHIPMENT_UPDATE, Announcement


@dataclass(frozen=True, kw_only=True)
class Told:
    """A shipment of one of our notes; `order_id` is ShipHero's, "" when the body has none."""

    key: NoteKey
    order_id: str


def read_announcement(event: Event, *, account_code: str) -> Told | Skipped:
    """Read a kept webhook; Skipped for what is not ours or not followed, without a vendor call.

    A suspicion of our own names the note as its subject. Raises Permanent with a sentence when
    nobody can read the body.
    """
    if event.name == SHIPMENT_SUSPECTED:
        return Told(key=NoteKey(account=account_code, note_id=int(event.subject)), order_id="")
    try:
        body = Announcement.model_validate(json.loads(event.payload.get("body", "")))
    except (ValueError, ValidationError, RecursionError):
        raise Permanent(
            "ShipHero's webhook cannot be read, so nobody can tell which order it was about. "
            "Look in ShipHero for a shipped order whose note is still open.",
            code="webhook_unreadable",
        ) from None
    if body.webhook_type != SHIPMENT_UPDATE:
        what = body.webhook_type or "a webhook without a type"
        return Skipped(code="not_followed", reason=f"Goodsout does not follow {what[:60]!r}.")
    key = read_key(body.partner_order_id)
    if key is None or key.account != account_code:
        return Skipped(
            code="not_ours", reason="The shipped order did not come from this account's notes."
        )
    return Told(key=key, order_id=body.order_uuid)


def note_of(event: Event, *, account_code: str) -> int | None:
    """Give the note that a kept webhook is about; None when it is about none of ours."""
    try:
        told = read_announcement(event, account_code=account_code)
    except Permanent:
        return None
    return told.key.note_id if isinstance(told, Told) else None
