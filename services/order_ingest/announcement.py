"""Read what a Brightpearl webhook says: which goods-out notes something happened to."""

import json
from dataclasses import dataclass
from typing import Any

from shared.errors import Permanent
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
    except ValueError:
        raise Permanent(
            "Brightpearl's webhook is no JSON, so nobody can tell which note it was about. "
            "Reconciliation finds the note by itself.",
            code="webhook_unreadable",
        ) from None
    if not isinstance(told, dict):
        raise Permanent(
            "Brightpearl's webhook is JSON but no object, so it names no note. "
            "Reconciliation finds the note by itself.",
            code="webhook_unreadable",
        )
    try:
        ids = parse_id_set(str(told.get("id", "")))
    except UnreadableIdSet as error:
        raise Permanent(
            f"Brightpearl's webhook names no note we can read: {error}. "
            "Reconciliation finds the note by itself.",
            code="webhook_unreadable",
        ) from None
    return Announcement(
        account_code=str(told.get("accountCode", "")),
        resource_type=str(told.get("resourceType", "")),
        destroyed=told.get("lifecycleEvent") == DESTROYED,
        ids=ids,
    )
