"""What an account's calls to the vendors were made for, by the attempts of the last hour."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    REFERENCE_REQUESTED,
    SHIPMENT_ANNOUNCED,
    SHIPMENT_SUSPECTED,
    Queue,
)

_E, _A = EVENT.c, ATTEMPT.c

LATELY: Final = timedelta(hours=1)
SAMPLE: Final = 500  # events
WORDS: Final[Mapping[str, str]] = {
    GOODS_OUT_NOTE_CHANGED: "orders",
    GOODS_OUT_NOTE_DESTROYED: "orders",
    SHIPMENT_ANNOUNCED: "shipments",
    SHIPMENT_SUSPECTED: "shipments",
    REFERENCE_REQUESTED: "fetching lists",
}
OTHERS: Final = "comparing and checking"
CALLING: Final = (Queue.SHIPHERO_PUSH, Queue.SHIPMENT_RETURN, Queue.ORDER_INGEST)


@dataclass(frozen=True, kw_only=True)
class Use:
    """A kind of work and its part of what was spent at a vendor, in percent."""

    words: str
    percent: int


def read_spending(
    session: Session, account_id: UUID, *, now: datetime
) -> Mapping[str, Sequence[Use]]:
    """Say by vendor what its budget went into, the most first."""
    newest = (
        select(_E.id, _E.name)
        .where(
            _E.account_id == account_id,
            _E.recorded_at >= now - LATELY,
            _E.queue.in_([queue.value for queue in CALLING]),
            _E.tries > 0,
        )
        .order_by(_E.recorded_at.desc())
        .limit(SAMPLE)
        .subquery()
    ).c
    rows = session.execute(
        select(newest.name, _A.vendor_calls)
        .select_from(newest.id.table)
        .join(ATTEMPT, _A.event_id == newest.id)
    )
    return spending_of([(name, calls) for name, calls in rows])


def spending_of(
    attempts: Iterable[tuple[str, Sequence[Mapping[str, Any]]]],
) -> Mapping[str, Sequence[Use]]:
    """Add up calls by vendor and kind; a call that several notes share counts once."""
    spent: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    seen = set()
    for name, calls in attempts:
        for call in calls:
            key = (call.get("vendor"), call.get("started"), call.get("request_id"))
            if key not in seen:
                seen.add(key)
                words = WORDS.get(name, OTHERS)
                spent[str(call.get("vendor"))][words] += _cost(call)
    return {vendor: _parts(by_words) for vendor, by_words in spent.items()}


def _cost(call: Mapping[str, Any]) -> float:
    cost = (call.get("budget") or {}).get("cost")
    return float(cost) if isinstance(cost, int | float) else 1.0


def _parts(spent: Mapping[str, float]) -> Sequence[Use]:
    total = sum(spent.values())
    parts = [Use(words=words, percent=round(100 * one / total)) for words, one in spent.items()]
    return sorted(parts, key=lambda use: (-use.percent, use.words))
