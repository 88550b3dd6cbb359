"""Notes that were judged by settings which have changed, and so are looked at once more.

A hold is released by its cause; what was skipped, failed or left waiting for its other parcels
waits for nothing, so it is found in the sync log by why it stands there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from shared.accounts import NOT_SENT, SHIPPED_COMPLETE, SHIPPED_FIRST, AccountSettings
from shared.db.note_tables import SYNC_LOG
from shared.events import GOODS_OUT_NOTE_CHANGED, SHIPMENT_SUSPECTED, Lane, NewEvent
from shared.journal.record import record_all
from shared.notes.state import FAILED, SKIPPED, WAITING

_S = SYNC_LOG.c

# A warehouse that was left out for years has more notes than anybody waits for: the newest go.
AT_MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Look:
    """Which notes are looked at again: `why` they stand where they are, in a reason code."""

    why: str
    event_name: str
    which: tuple[ColumnElement[bool], ...]


def looks_after(before: AccountSettings, after: AccountSettings) -> Iterator[Look]:
    """Say what the change makes worth another look."""
    opened = [
        one
        for one, warehouse in before.warehouses.items()
        if warehouse.decision == NOT_SENT and after.warehouses[one].decision != NOT_SENT
    ]
    if opened:
        yield Look(
            why="warehouse_not_sent",
            event_name=GOODS_OUT_NOTE_CHANGED,
            which=(
                _S.order_stage == SKIPPED,
                _S.order_reason_code == "warehouse_not_sent",
                _S.warehouse_id.in_(opened),
            ),
        )
    if earlier_go_live(before, after) is not None:
        # When they were made, Brightpearl has to be asked: those made before are skipped again.
        yield Look(
            why="before_go_live",
            event_name=GOODS_OUT_NOTE_CHANGED,
            which=(_S.order_stage == SKIPPED, _S.order_reason_code == "before_go_live"),
        )
    if after.create_products and not before.create_products:
        yield Look(
            why="sku_unknown",
            event_name=GOODS_OUT_NOTE_CHANGED,
            which=(_S.order_stage == FAILED, _S.order_reason_code == "sku_unknown"),
        )
    if (before.shipped_when, after.shipped_when) == (SHIPPED_COMPLETE, SHIPPED_FIRST):
        yield Look(
            why="waiting_for_rest",
            event_name=SHIPMENT_SUSPECTED,
            which=(_S.shipment_stage == WAITING,),
        )


def earlier_go_live(before: AccountSettings, after: AccountSettings) -> datetime | None:
    """Give go-live where it takes in notes that it did not before."""
    if after.go_live_at is None:
        return None
    if before.go_live_at is None or after.go_live_at < before.go_live_at:
        return after.go_live_at
    return None


def count(session: Session, look: Look, settings: AccountSettings) -> int:
    """Count the notes that `look` would take, at most AT_MOST."""
    notes = select(_S.note_id).where(*_of(look, settings)).limit(AT_MOST).subquery()
    return session.scalar(select(func.count()).select_from(notes)) or 0


def record_looks(session: Session, look: Look, after: AccountSettings, *, now: datetime) -> int:
    """Have the notes looked at behind live work, the newest ones where there are too many."""
    found = session.execute(
        select(_S.note_id).where(*_of(look, after)).order_by(_S.note_id.desc()).limit(AT_MOST)
    )
    return len(record_all(session, _events(look, found.scalars().all(), after), now=now))


def _of(look: Look, settings: AccountSettings) -> tuple[ColumnElement[bool], ...]:
    # A note that was deleted in Brightpearl is not to be sent, whatever is decided now.
    return (_S.account_id == settings.id, _S.deleted_at.is_(None), *look.which)


def _events(look: Look, note_ids: Sequence[int], after: AccountSettings) -> list[NewEvent]:
    return [
        NewEvent(
            account_id=after.id,
            name=look.event_name,
            subject=str(note_id),
            dedupe_key=f"{after.code}:settings-{after.version}:{look.why}:{note_id}",
            lane=Lane.BACKFILL,
        )
        for note_id in note_ids
    ]
