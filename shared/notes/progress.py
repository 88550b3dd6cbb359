"""Keep a note's sync log row in step with its events, in the transaction that ends an attempt.

Every change of a stage is announced as an event, which the notifier turns into a timeline row.
"""

from collections.abc import Collection
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
from shared.outcome import Busy, Delivered, Held, Later, Outcome, Skipped

ORDER: Final = "order"
SHIPMENT: Final = "shipment"

# The stages of one side; `docs/architecture.md` says which word of the sync log each one shows.
QUEUED: Final = "queued"
HELD: Final = "held"
WAITING_FOR_BUDGET: Final = "waiting_for_budget"
RETRYING: Final = "retrying"
CHECKING: Final = "checking"
DONE: Final = "done"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"
WAITING: Final = "waiting"  # the shipment side only: some lines have not shipped yet
STAGES: Final = (
    QUEUED, HELD, WAITING_FOR_BUDGET, RETRYING, CHECKING, DONE, FAILED, SKIPPED, WAITING,
)  # fmt: skip


# The one reason that makes a synced order need a person again.
DELETED_AFTER_SENDING: Final = "note_deleted_after_sending"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one side of a note stands, and why."""

    stage: str
    code: str = ""
    reason: str = ""

    @property
    def undoes_done(self) -> bool:
        """Whether even a side that was done now needs a person."""
        return self.stage == FAILED and self.code == DELETED_AFTER_SENDING


def standing_after(result: Outcome | Verdict) -> Standing | None:
    """Derive the stage from how an attempt ended; None where nothing changes for the merchant."""
    match result:
        case Delivered():
            return Standing(stage=DONE, reason=result.summary)
        case Skipped():
            stage = WAITING if result.code == "waiting_for_rest" else SKIPPED
            return Standing(stage=stage, code=result.code, reason=result.reason)
        case Held():
            return Standing(stage=HELD, code=result.cause.split(":")[0], reason=result.reason)
        case Hold():
            return Standing(stage=HELD, code=result.code, reason=result.reason)
        case WaitForBudget():
            return Standing(stage=WAITING_FOR_BUDGET, code=result.code, reason=result.reason)
        case Retry():
            stage = CHECKING if result.checking else RETRYING
            return Standing(stage=stage, code=result.code, reason=result.reason)
        case Dead():
            return Standing(stage=FAILED, code=result.code, reason=result.reason)
        case Later():
            return Standing(stage=QUEUED, code=result.code, reason=result.reason)
        case Busy():
            return None


def move(
    session: Session, event: Event, note_id: int, side: str, standing: Standing, *, now: datetime
) -> None:
    """Set one side of the note's row to `standing` and announce the change, if it is one.

    A side that is done stays done: a later event that finds nothing to do, or fails, must not
    make a synced order look unsynced; only a note deleted after sending asks for a person.
    """
    row = row_of(session, event.account_id, note_id, now=now)
    if _keep(row, side, standing) == standing.stage:
        announcement = NewEvent(
            account_id=event.account_id,
            name=SYNC_LOG_CHANGED,
            subject=str(note_id),
            dedupe_key=f"{event.id}:{event.attempt}:{side}:{standing.stage}",
            payload={
                "side": side,
                "stage": standing.stage,
                "sentence": standing.reason,
                "at": now.isoformat(),
            },
        )
        record(session, announcement, now=now)


def row_of(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> SyncLogRow:
    """Give the note's sync log row, locked, made now when it is not there yet."""
    make_rows(session, account_id, [note_id], now=now)
    return session.get_one(SyncLogRow, (account_id, note_id), with_for_update=True)


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
    """Write the standing; give the new stage when it changed, else None."""
    prefix = "order" if side == ORDER else "shipment"
    before = getattr(row, f"{prefix}_stage")
    same = before == standing.stage and getattr(row, f"{prefix}_reason") == standing.reason
    if same or (before == DONE and standing.stage != DONE and not standing.undoes_done):
        return None
    setattr(row, f"{prefix}_stage", standing.stage)
    setattr(row, f"{prefix}_reason_code", standing.code)
    setattr(row, f"{prefix}_reason", standing.reason)
    return standing.stage
