"""The ledger: what our edge counted against the journal's rows, per account and day.

The edge counts a webhook in the same transaction that keeps its row. So a remainder shows rows
that went missing since; a webhook that was never kept shows in neither number. What was archived
is counted in. The vendors' own lists join with reconciliation. The ledger also sums up what became
of every event and note, and lists the dead letters that wait for a person.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from shared.db.account_tables import Account
from shared.db.journal_tables import EDGE_COUNT, EVENT, TOLD_BY_WEBHOOK
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.journal.archived import FROM_WEBHOOKS, archived_ends, archived_webhooks
from shared.journal.dead import count_open_dead, open_dead
from shared.notes.state import DONE

_E = EVENT.c
NEWEST_DEAD = 20


@dataclass(frozen=True, kw_only=True)
class LedgerDay:
    """One account's day (UTC): what the edge kept against the rows, and what became of them.

    `unexplained` is what was kept with its count and the journal no longer holds; it must be 0.
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


@dataclass(frozen=True, kw_only=True)
class DeadLetters:
    """One account's dead letters, neither replayed nor discarded: the newest, and how many more."""

    account: str
    newest: list[dict[str, str]]
    more: int


def ledger(session: Session) -> dict[str, Sequence[Any]]:
    """Compare everything there is, all accounts; JSON-ready lists: "days", "notes" and "dead"."""
    see_one_moment(session)
    accounts = session.execute(select(col(Account.id), col(Account.code))).all()
    days = [asdict(day) for id_, code in accounts for day in _days(session, id_, code)]
    notes = [asdict(_notes(session, id_, code)) for id_, code in accounts]
    for day in days:
        day["day"] = day["day"].isoformat()
    dead = [asdict(_dead_letters(session, id_, code)) for id_, code in accounts]
    return {"days": days, "notes": notes, "dead": dead}


def see_one_moment(session: Session) -> None:
    """Read everything as of one moment: a webhook kept between two reads is no difference.

    SQLite's transactions do so anyway; PostgreSQL's take a new look for each statement.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def count_dead(session: Session) -> int:
    """Count the dead letters of all accounts that nobody replayed or discarded."""
    return count_open_dead(session)


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
        select(func.count())
        .select_from(EVENT)
        .where(*that_day, _E.name.in_(FROM_WEBHOOKS), text(TOLD_BY_WEBHOOK))
    ).scalar_one()
    rows += archived_webhooks(session, account_id, first=day, last=day).get(day, 0)
    ends = session.execute(
        select(_E.outcome, _E.hold_cause.is_not(None), func.count())
        .where(*that_day)
        .group_by(_E.outcome, _E.hold_cause.is_not(None))
    )
    events = archived_ends(session, account_id, day)
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


def _dead_letters(session: Session, account_id: UUID, code: str) -> DeadLetters:
    mine = open_dead(account_id)
    count = session.execute(select(func.count()).select_from(EVENT).where(*mine)).scalar_one()
    rows = session.execute(
        select(_E.id, _E.name, _E.recorded_at, _E.reason_code, _E.reason)
        .where(*mine)
        .order_by(_E.recorded_at.desc(), _E.id)
        .limit(NEWEST_DEAD)
    ).all()
    newest = [
        {
            "id": str(id_),
            "name": name,
            "recorded_at": recorded_at.isoformat(),
            "reason_code": reason_code,
            "reason": reason,
        }
        for id_, name, recorded_at, reason_code, reason in rows
    ]
    return DeadLetters(account=code, newest=newest, more=count - len(newest))
