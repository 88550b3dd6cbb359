"""Every event name, the one queue it goes to, and the shapes an event has outside the journal.

An event says "look at this", never "do this": handlers read the present state at the vendor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID


class Queue(StrEnum):
    """The queues, each named after the service that consumes it."""

    ORDER_INGEST = "order_ingest"
    SHIPHERO_PUSH = "shiphero_push"
    SHIPMENT_RETURN = "shipment_return"
    NOTIFIER = "notifier"


class Lane(IntEnum):
    """Live work goes before backfill; the smaller number first."""

    LIVE = 0
    BACKFILL = 1


GOODS_OUT_NOTES_ANNOUNCED = "goods_out_notes.announced"
RECONCILIATION_REQUESTED = "reconciliation.requested"
BRIGHTPEARL_CHECK_REQUESTED = "brightpearl_check.requested"
SHIPHERO_CHECK_REQUESTED = "shiphero_check.requested"
REFERENCE_REQUESTED = "reference.requested"
PRODUCTS_ANNOUNCED = "products.announced"
GOODS_OUT_NOTE_MISSED = "goods_out_note.missed"
SHIPHERO_RECONCILIATION_REQUESTED = "shiphero_reconciliation.requested"
CONNECTION_BROKEN = "connection.broken"
CONNECTION_MENDED = "connection.mended"
GOODS_OUT_NOTE_CHANGED = "goods_out_note.changed"
GOODS_OUT_NOTE_DESTROYED = "goods_out_note.destroyed"
ORDER_CANCEL_REQUESTED = "order_cancel.requested"
ORDER_RESEND_REQUESTED = "order_resend.requested"
SHIPMENT_ANNOUNCED = "shipment.announced"
SHIPMENT_SUSPECTED = "shipment.suspected"
SHIPHERO_WEBHOOK_RECEIVED = "shiphero_webhook.received"
SYNC_LOG_CHANGED = "sync_log.changed"
MAIL_REQUESTED = "mail.requested"
NOTICE_REQUESTED = "notice.requested"
BULK_ACT_REQUESTED = "bulk_act.requested"
RETENTION_REQUESTED = "retention.requested"
SILENCE_CHECK_REQUESTED = "silence_check.requested"
SILENCE_NOTICED = "silence.noticed"
SILENCE_ENDED = "silence.ended"
REPORT_REQUESTED = "report.requested"

# One name, one queue; what a second service must do is a follow-on event with a row of its own.
ROUTES: Mapping[str, Queue] = {
    GOODS_OUT_NOTES_ANNOUNCED: Queue.ORDER_INGEST,
    RECONCILIATION_REQUESTED: Queue.ORDER_INGEST,
    BRIGHTPEARL_CHECK_REQUESTED: Queue.ORDER_INGEST,
    REFERENCE_REQUESTED: Queue.ORDER_INGEST,
    PRODUCTS_ANNOUNCED: Queue.ORDER_INGEST,
    GOODS_OUT_NOTE_MISSED: Queue.ORDER_INGEST,
    SHIPHERO_CHECK_REQUESTED: Queue.SHIPMENT_RETURN,
    SHIPHERO_RECONCILIATION_REQUESTED: Queue.SHIPMENT_RETURN,
    CONNECTION_BROKEN: Queue.NOTIFIER,
    CONNECTION_MENDED: Queue.NOTIFIER,
    GOODS_OUT_NOTE_CHANGED: Queue.SHIPHERO_PUSH,
    GOODS_OUT_NOTE_DESTROYED: Queue.SHIPHERO_PUSH,
    ORDER_CANCEL_REQUESTED: Queue.SHIPHERO_PUSH,
    ORDER_RESEND_REQUESTED: Queue.SHIPHERO_PUSH,
    SHIPMENT_ANNOUNCED: Queue.SHIPMENT_RETURN,
    SHIPMENT_SUSPECTED: Queue.SHIPMENT_RETURN,
    SHIPHERO_WEBHOOK_RECEIVED: Queue.SHIPMENT_RETURN,
    SYNC_LOG_CHANGED: Queue.NOTIFIER,
    MAIL_REQUESTED: Queue.NOTIFIER,
    NOTICE_REQUESTED: Queue.NOTIFIER,
    BULK_ACT_REQUESTED: Queue.NOTIFIER,
    RETENTION_REQUESTED: Queue.NOTIFIER,
    SILENCE_CHECK_REQUESTED: Queue.NOTIFIER,
    SILENCE_NOTICED: Queue.NOTIFIER,
    SILENCE_ENDED: Queue.NOTIFIER,
    REPORT_REQUESTED: Queue.NOTIFIER,
}

# Each of these says something of its own: that a later one was delivered makes none needless.
EACH_FOR_ITSELF: Final = frozenset({MAIL_REQUESTED, NOTICE_REQUESTED})

# What is done about a note; the subject of each is the note's id where it is known.
ABOUT_A_NOTE: Final = (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    ORDER_CANCEL_REQUESTED,
    ORDER_RESEND_REQUESTED,
    SHIPMENT_ANNOUNCED,
    SHIPMENT_SUSPECTED,
    SHIPHERO_WEBHOOK_RECEIVED,
)


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """An event about to be recorded.

    `dedupe_key` is unique in the journal and begins with the account's code; recording the same
    key twice keeps the first row only. `payload` is JSON. It is due at once, or `not_before`.
    `replay_of` is the dead letter that it delivers again.
    """

    account_id: UUID
    name: str
    subject: str
    dedupe_key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    lane: Lane = Lane.LIVE
    traceparent: str = ""
    not_before: datetime | None = None
    replay_of: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """A claimed event, as a handler sees it; `generation` fences whatever settles it."""

    id: UUID
    account_id: UUID
    name: str
    subject: str
    payload: Mapping[str, Any]
    generation: int
    # The number of this attempt, and how many before it used up patience.
    attempt: int
    failures: int
    recorded_at: datetime
    lane: Lane = Lane.LIVE
    traceparent: str = ""
