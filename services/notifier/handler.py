"""A note's stage changed: write it on the note's timeline, in words a merchant reads."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

import structlog

from shared.db.note_tables import TimelineRow
from shared.events import Event
from shared.messaging.delivery import Unit
from shared.notes.progress import (
    CHECKING,
    DONE,
    FAILED,
    HELD,
    ORDER,
    QUEUED,
    RETRYING,
    SHIPMENT,
    SKIPPED,
    WAITING,
    WAITING_FOR_BUDGET,
)
from shared.outcome import Delivered, Outcome

log = structlog.get_logger()

# What each stage says of each side, before the reason that came with it.
HEADLINES = {
    (ORDER, QUEUED): "Waiting to be sent to ShipHero",
    (ORDER, HELD): "Held before sending",
    (ORDER, WAITING_FOR_BUDGET): "Waiting for the vendor's rate limit",
    (ORDER, RETRYING): "Sending did not work yet",
    (ORDER, CHECKING): "Checking whether ShipHero has the order",
    (ORDER, DONE): "Sent to ShipHero",
    (ORDER, FAILED): "Sending failed",
    (ORDER, SKIPPED): "Not sent",
    (SHIPMENT, HELD): "Shipment held",
    (SHIPMENT, WAITING_FOR_BUDGET): "Waiting for the vendor's rate limit",
    (SHIPMENT, RETRYING): "Writing the shipment back did not work yet",
    (SHIPMENT, CHECKING): "Checking whether Brightpearl has the shipment",
    (SHIPMENT, WAITING): "Partly shipped",
    (SHIPMENT, DONE): "Shipped in Brightpearl",
    (SHIPMENT, FAILED): "Writing the shipment back failed",
    (SHIPMENT, SKIPPED): "Shipment not written back",
}

# Keeps the row, once for each event; says whether it was new.
WriteRow = Callable[[TimelineRow], bool]


def tell_changes(events: Sequence[Event], *, write: WriteRow) -> Iterable[Unit]:
    """Give each change its timeline row."""
    return [Unit(events=(event,), run=partial(tell_change, event, write=write)) for event in events]


def tell_change(event: Event, *, write: WriteRow) -> Outcome:
    """Write one timeline row and one log line; a second time changes nothing."""
    side, stage = str(event.payload["side"]), str(event.payload["stage"])
    headline = HEADLINES.get((side, stage), f"{side.title()}: {stage}")
    reason = str(event.payload["sentence"])
    is_new = write(
        TimelineRow(
            event_id=event.id,
            account_id=event.account_id,
            note_id=int(event.subject),
            at=datetime.fromisoformat(str(event.payload["at"])),
            side=side,
            stage=stage,
            sentence=f"{headline}. {reason}".strip() if reason else f"{headline}.",
        )
    )
    if is_new:
        log.info(
            "sync_log.changed", note_id=event.subject, side=side, stage=stage, sentence=headline
        )
    return Delivered(reference=event.subject, summary=headline)
