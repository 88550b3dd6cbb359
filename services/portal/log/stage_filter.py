"""The sync log narrowed to a stage of either side; what few rows have is found by its own index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal_column, select, union_all

from shared.db.note_tables import ORDER_OPEN_SQL, SHIPMENT_OPEN_SQL, SYNC_LOG
from shared.notes.state import (
    CHANGE_REFUSED,
    CHECKING,
    FAILED,
    HELD,
    KEPT_BACK,
    QUEUED,
    RETRYING,
    WAITING,
    WAITING_FOR_BUDGET,
)

LATE_AFTER: Final = timedelta(hours=24)

_S = SYNC_LOG.c
# The same table by another name: inside the list's own query it would be taken for the list's row.
_OPEN = SYNC_LOG.alias("opened")
_O = _OPEN.c

Condition = ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class StageFilter:
    """What is let through: notes with one of these stages on either side."""

    label: str
    order: Sequence[str] = ()
    shipment: Sequence[str] = ()


NOT_WRITTEN_BACK, LATE = "not_written_back", "late"
STAGE_FILTERS: Final[Mapping[str, StageFilter]] = {
    "queued": StageFilter(label="Queued", order=(QUEUED,)),
    "setup": StageFilter(label="Waiting: setup", order=(HELD,), shipment=(HELD,)),
    "kept_back": StageFilter(label="Kept back", order=(KEPT_BACK,)),
    "rate_limit": StageFilter(
        label="Waiting: rate limit", order=(WAITING_FOR_BUDGET,), shipment=(WAITING_FOR_BUDGET,)
    ),
    "retrying": StageFilter(label="Retrying", order=(RETRYING,), shipment=(RETRYING,)),
    "checking": StageFilter(label="Checking", order=(CHECKING,), shipment=(CHECKING,)),
    "part_shipped": StageFilter(label="Part shipped", shipment=(WAITING,)),
    NOT_WRITTEN_BACK: StageFilter(
        label="Shipment not written back",
        shipment=(HELD, WAITING_FOR_BUDGET, RETRYING, CHECKING, FAILED),
    ),
    "change_refused": StageFilter(label="Change refused", order=(CHANGE_REFUSED,)),
    LATE: StageFilter(label="At ShipHero, not shipped for over 24 h"),
}


def in_stage(account_id: UUID, stage: str, *, now: datetime) -> Iterator[Condition]:
    """Give the conditions; none for "", which lets everything through."""
    if not stage:
        return
    if stage == LATE:
        before = now - LATE_AFTER
        # Nothing is synced before it came in: so the index begins where the late ones do.
        yield _S.state == "synced"
        yield _S.inserted_at < before
        yield _S.synced_at < before
    else:
        yield _S.note_id.in_(union_all(*_opened(account_id, STAGE_FILTERS[stage])))


def _opened(account_id: UUID, wanted: StageFilter) -> Iterator[Select[tuple[int]]]:
    # A partial index is taken where a query holds its very words.
    if wanted.order:
        yield _notes(account_id, ORDER_OPEN_SQL, _O.order_stage.in_(wanted.order))
    if wanted.shipment:
        yield _notes(account_id, SHIPMENT_OPEN_SQL, _O.shipment_stage.in_(wanted.shipment))


def _notes(account_id: UUID, is_open: str, condition: Condition) -> Select[tuple[int]]:
    words: Condition = literal_column(f"opened.{is_open}")
    return select(_O.note_id).where(_O.account_id == account_id, words, condition)
