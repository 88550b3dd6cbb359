"""Read what a Brightpearl webhook says: which goods-out notes something happened to."""

import json
from dataclasses import dataclass
from typing import Any

from shared.errors import Permanent
from shared.notes.key import LARGEST_NOTE_ID
from shared.vendors.brightpearl.id_sets import IdSet, UnreadableIdSet, parse_id_set

NOTE_TYPE = "goods-out-note"
DESTROYED = "destroyed"


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """The ids a webhook names; `account_code` and the rest are hints, never truth."""

    account_code: str
    resource_type: str
    destroyed: bool
    ids: IdSet


def read_announcement(payload: dict[str, Any]) -> Announcement:
    """Read a kept webhook's body; raises Permanent with a sentence when nobody can."""
    try:
        told = json.loads(payload.get("body", ""))
    except (ValueError, RecursionError):
        raise Permanent(
            "Brightpearl's webhook is no JSON, so nobody can tell which note it was about. "
            "Look for a note in Brightpearl that the sync log lacks.",
            code="webhook_unreadable",
        ) from None
    if not isinstance(told, dict):
        raise Permanent(
            "Brightpearl's webhook is JSON but no object, so it names no note. "
            "Look for a note in Brightpearl that the sync log lacks.",
            code="webhook_unreadable",
        )
    try:
        ids = parse_id_set(str(told.get("id", "")))
        if ids.ids and ids.ids[-1] > LARGEST_NOTE_ID:
            raise UnreadableIdSet(f"{ids.ids[-1]} is larger than any note's id")  # noqa: TRY301 - one sentence for both
    except UnreadableIdSet as error:
        raise Permanent(
            f"Brightpearl's webhook names no note we can read: {error}. "
            "Look for a note in Brightpearl that the sync log lacks.",
            code="webhook_unreadable",
        ) from None
    return Announcement(
        account_code=str(told.get("accountCode", "")),
        resource_type=str(told.get("resourceType", "")),
        destroyed=told.get("lifecycleEvent") == DESTROYED,
        ids=ids,
    )
