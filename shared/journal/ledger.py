"""The ledger: independent counts that must agree, per account and day; a remainder is a loss.

This version compares our edge's own count with the journal's rows, and sums up what became of
every event and note. The vendors' own lists join with reconciliation.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db.account_tables import Account
from shared.db.journal_tables import EDGE_COUNT, EVENT
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPHERO_WEBHOOK_RECEIVED, SHIPMENT_ANNOUNCED
from shared.notes.progress import DONE

_E = EVENT.c
FROM_WEBHOOKS = (GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED, SHIPHERO_WEBHOOK_RECEIVED)


@dataclass(frozen=True, kw_only=True)
class LedgerDay:
    """One account's day (UTC): what the edge kept against the rows, and what became of them.

    `unexplained` is what the edge counted as kept and the journal does not hold; it must be 0.
    """

    account: str
    day: date
    webhooks_kept: int
    webhooks_repeated: int
    rows: int
    unexplained: int
    events: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class LedgerNotes:
    """One account's notes by state; each note is in exactly one order state."""

    account: str
    notes: int
    linked: int
    shipped: int
    by_order_stage: dict[str, int]


def ledger(session: Session) -> dict[str, Sequence[Any]]:
    """Compare everything there is, all accounts; JSON-ready lists under "days" and "notes"."""
    accounts = session.execute(select(col(Account.id), col(Account.code))).all()
    days = [asdict(day) for id_, code in accounts for day in _days(session, id_, code)]
    notes = [asdict(_notes(session, id_, code)) for id_, code in accounts]
    for day in days:
        day["day"] = day["day"].isoformat()
    return {"days": days, "notes": notes}


def _days(session: Session, account_id: UUID, code: str) -> list[LedgerDay]:
    counted = session.execute(
        select(EDGE_COUNT.c.day, func.sum(EDGE_COUNT.c.kept), func.sum(EDGE_COUNT.c.repeated))
        .where(EDGE_COUNT.c.account_id == account_id)
        .group_by(EDGE_COUNT.c.day)
        .order_by(EDGE_COUNT.c.day)
    )
    return [
        _day(session, account_id, code, day, kept=int(kept), repeated=int(repeated))
        for day, kept, repeated in counted.all()
    ]


def _day(
    session: Session, account_id: UUID, code: str, day: date, *, kept: int, repeated: int
) -> LedgerDay:
    start = datetime.combine(day, time(), tzinfo=UTC)
    that_day = (
        _E.account_id == account_id,
        _E.recorded_at >= start,
        _E.recorded_at < start + timedelta(days=1),
        _E.replay_of.is_(None),
    )
    rows = session.execute(
        select(func.count()).select_from(EVENT).where(*that_day, _E.name.in_(FROM_WEBHOOKS))
    ).scalar_one()
    ends = session.execute(
        select(_E.outcome, _E.hold_cause.is_not(None), func.count())
        .where(*that_day)
        .group_by(_E.outcome, _E.hold_cause.is_not(None))
    )
    events: Counter[str] = Counter()
    for outcome, held, count in ends:
        events[outcome or ("held" if held else "open")] += count
    return LedgerDay(
        account=code,
        day=day,
        webhooks_kept=kept,
        webhooks_repeated=repeated,
        rows=rows,
        unexplained=kept - rows,
        events=dict(events),
    )


def _notes(session: Session, account_id: UUID, code: str) -> LedgerNotes:
    stages = session.execute(
        select(col(SyncLogRow.order_stage), func.count())
        .where(col(SyncLogRow.account_id) == account_id)
        .group_by(col(SyncLogRow.order_stage))
    )
    by_stage: dict[str, int] = {stage: count for stage, count in stages}  # noqa: C416 - rows are no pairs to mypy
    linked = select(func.count()).where(
        col(OrderLink.account_id) == account_id, col(OrderLink.shiphero_order_id) != ""
    )
    shipped = select(func.count()).where(
        col(SyncLogRow.account_id) == account_id, col(SyncLogRow.shipment_stage) == DONE
    )
    return LedgerNotes(
        account=code,
        notes=sum(by_stage.values()),
        linked=session.execute(linked).scalar_one(),
        shipped=session.execute(shipped).scalar_one(),
        by_order_stage=by_stage,
    )
