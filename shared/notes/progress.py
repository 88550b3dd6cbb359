"""Keep a note's sync log row in step with its events, in the transaction that ends an attempt.

Every change of a stage is announced as an event, which the notifier turns into a timeline row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from shared.db.engine import insert_for
from shared.db.note_tables import SYNC_LOG, SyncLogRow
from shared.events import SYNC_LOG_CHANGED, Event, NewEvent
from shared.journal.record import record
from shared.journal.verdict import Dead, Hold, Retry, Verdict, WaitForBudget
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
    SKIPPED,
    WAITING,
    WAITING_FOR_BUDGET,
    next_stage,
)
from shared.outcome import Busy, Delivered, Held, Later, Outcome, Skipped

# Where a delivery leads whose code says more than that the vendor has it.
DELIVERED_STAGES: Final[Mapping[str, str]] = {
    "canceled_at_shiphero": CANCELED,
    "canceled_part_shipped": CANCELED,
    "order_canceled_for_deleted_note": CANCELED,
    "canceled_on_request": CANCELED,
    "sent_anew": QUEUED,
    "change_too_late": CHANGE_REFUSED,
    "change_by_hand": CHANGE_REFUSED,
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where what happened leads one side of a note, and why; `shared.notes.state` may know more."""

    stage: str
    code: str = ""
    reason: str = ""


def standing_after(result: Outcome | Verdict) -> Standing | None:
    """Derive the stage from how an attempt ended; None where nothing changes for the merchant."""
    match result:
        case Busy():
            return None
        case Delivered():
            stage = DELIVERED_STAGES.get(result.code, DONE)
            return Standing(stage=stage, code=result.code, reason=result.summary)
        case Held():
            return Standing(stage=HELD, code=result.cause.split(":")[0], reason=result.reason)
        case _:
            return Standing(stage=_stage(result), code=result.code, reason=result.reason)


def _stage(result: Skipped | Later | Verdict) -> str:
    match result:
        case Skipped():
            return WAITING if result.code == "waiting_for_rest" else SKIPPED
        case Later():
            return KEPT_BACK
        case Hold():
            return HELD
        case WaitForBudget():
            return WAITING_FOR_BUDGET
        case Retry():
            return CHECKING if result.checking else RETRYING
        case Dead():
            return CANCEL_REFUSED if result.code == "cancel_refused" else FAILED


def move(
    session: Session, event: Event, note_id: int, side: str, standing: Standing, *, now: datetime
) -> None:
    """Lead one side of the note's row to `standing`, as far as the machine allows it; announce it.

    Nobody else writes a stage: a later event that finds nothing to do, or fails, must not make a
    synced order look unsynced.
    """
    row = row_of(session, event.account_id, note_id, now=now)
    stage = _keep(row, side, standing)
    if stage is not None:
        announcement = NewEvent(
            account_id=event.account_id,
            name=SYNC_LOG_CHANGED,
            subject=str(note_id),
            dedupe_key=f"{event.id}:{event.attempt}:{side}:{stage}",
            payload={
                "side": side,
                "stage": stage,
                "code": standing.code,
                "sentence": standing.reason,
                "at": now.isoformat(),
            },
        )
        record(session, announcement, now=now)


def row_of(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> SyncLogRow:
    """Give the note's sync log row, locked, made now when it is not there yet."""
    key = (account_id, note_id)
    if (row := session.get(SyncLogRow, key, with_for_update=True)) is not None:
        return row
    make_rows(session, account_id, [note_id], now=now)
    return session.get_one(SyncLogRow, key, with_for_update=True)


def make_rows(
    session: Session, account_id: UUID, note_ids: Collection[int], *, now: datetime
) -> None:
    """Make the sync log rows of those notes that have none yet."""
    # In one order everywhere, so that two groups with the same notes cannot deadlock.
    rows = [
        SyncLogRow(account_id=account_id, note_id=note_id, inserted_at=now).model_dump()
        for note_id in sorted(note_ids)
    ]
    insert = insert_for(session)(SYNC_LOG).values(rows)
    session.execute(insert.on_conflict_do_nothing())


def _keep(row: SyncLogRow, side: str, standing: Standing) -> str | None:
    """Write the standing; give the stage when something changed, else None."""
    prefix = "order" if side == ORDER else "shipment"
    before = getattr(row, f"{prefix}_stage")
    is_deleted = row.deleted_at is not None
    stage = next_stage(side, before, standing.stage, is_deleted=is_deleted)
    same = stage == before and getattr(row, f"{prefix}_reason") == standing.reason
    if stage is None or same:
        return None
    if stage != before or getattr(row, f"{prefix}_reason_code") != standing.code:
        # A person marked as handled what it was then: this asks anew.
        row.handled_at, row.handled_by, row.handled_note = None, "", ""
    setattr(row, f"{prefix}_stage", stage)
    setattr(row, f"{prefix}_reason_code", standing.code)
    setattr(row, f"{prefix}_reason", standing.reason)
    return stage
