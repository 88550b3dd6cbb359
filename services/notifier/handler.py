"""A note's stage changed: write it on the note's timeline, in words a merchant reads."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from sqlmodel import Session

from shared.accounts import (
    CONNECTION_BROKEN,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHADOW_MODE,
    SHIPMENT_SYNC_OFF,
)
from shared.db.note_tables import TimelineRow
from shared.events import Event
from shared.messaging.units import Unit
from shared.notes.state import (
    CANCEL_REFUSED,
    CANCELED,
    CHANGE_REFUSED,
    CHECKING,
    DONE,
    FAILED,
    HELD,
    KEPT_BACK,
    ORDER,
    QUEUED,
    RETRYING,
    SHIPMENT,
    SKIPPED,
    WAITING,
    WAITING_FOR_BUDGET,
)
from shared.notifications import ORDERS_FAILING
from shared.outcome import Delivered, Outcome
from shared.reasons.listed import UNLISTED
from shared.untold import note_untold

log = structlog.get_logger()

# Stages in which a note waits for a person, unless its cause is told of otherwise or was chosen.
WAITS_FOR_A_PERSON: Final = frozenset({FAILED, CANCEL_REFUSED, HELD})
NOT_TOLD: Final = frozenset(
    {CONNECTION_BROKEN, SHADOW_MODE, ORDER_SYNC_OFF, SHIPMENT_SYNC_OFF, GO_LIVE_UNSET}
)

# What each stage says of each side, before the reason that came with it.
HEADLINES = {
    (ORDER, QUEUED): "Waiting to be sent to ShipHero",
    (ORDER, HELD): "Held before sending",
    (ORDER, KEPT_BACK): "Kept back until its time has come",
    (ORDER, WAITING_FOR_BUDGET): "Waiting for the vendor's rate limit",
    (ORDER, RETRYING): "Sending did not work yet",
    (ORDER, CHECKING): "Checking whether ShipHero has the order",
    (ORDER, DONE): "Sent to ShipHero",
    (ORDER, CHANGE_REFUSED): "ShipHero has the order without the last change",
    (ORDER, CANCELED): "The order was cancelled",
    (ORDER, CANCEL_REFUSED): "The order could not be cancelled",
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


def tell_changes(events: Sequence[Event]) -> Iterable[Unit]:
    """Give each change its timeline row."""
    return [Unit(events=(event,), run=partial(tell_change, event), quick=True) for event in events]


def tell_change(event: Event) -> Outcome:
    """Write one timeline row, in the transaction that settles the event, and one log line."""
    side, stage = str(event.payload["side"]), str(event.payload["stage"])
    headline = HEADLINES.get((side, stage), f"{side.title()}: {stage}")
    reason = str(event.payload["sentence"])
    row = TimelineRow(
        event_id=event.id,
        account_id=event.account_id,
        note_id=int(event.subject),
        at=datetime.fromisoformat(str(event.payload["at"])),
        side=side,
        stage=stage,
        sentence=f"{headline}. {reason}".strip() if reason else f"{headline}.",
    )
    log.info("sync_log.changed", note_id=event.subject, side=side, stage=stage, sentence=headline)
    cause = _cause(stage, event)
    return Delivered(reference=event.subject, summary=headline, keep=partial(_write, row, cause))


def _cause(stage: str, event: Event) -> str:
    """Give the reason code that people are to be told of, "" for none."""
    code = str(event.payload.get("code", "")) or UNLISTED
    return code if stage in WAITS_FOR_A_PERSON and code not in NOT_TOLD else ""


def _write(row: TimelineRow, failing_by: str, session: Session, now: datetime) -> None:
    session.merge(row)
    if failing_by:
        note_untold(
            session,
            row.account_id,
            kind=ORDERS_FAILING,
            cause=failing_by,
            subjects=[str(row.note_id)],
            now=now,
        )
