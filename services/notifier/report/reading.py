"""Read what one report tells, as of one moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from services.notifier.report.beside import (
    alerts_of,
    changes_of,
    count_dead_beside,
    durations_back,
)
from services.notifier.report.counting import counts_of_days
from services.notifier.report.facts import Asked, Facts, NoteLine, Owner, Standing
from services.notifier.report.numbers import (
    NEEDS_YOU,
    Group,
    days_to_count,
    needs,
    tally,
)
from services.notifier.report.sheet import ROWS_AT_MOST
from shared.days import begin_of, day_of, end_of, zone_of
from shared.db.account_tables import Account
from shared.db.note_tables import SYNC_LOG
from shared.differences import open_counts
from shared.journal.account_ledger import account_days
from shared.journal.ledger import see_one_moment
from shared.notes.state import CANCEL_REFUSED, FAILED
from shared.took import took
from shared.watermarks import compared

_N = SYNC_LOG.c

FAILURES_LISTED: Final = 100
LATE_LISTED: Final = 5
LATE_AFTER: Final = timedelta(days=1)
LEDGER_DAYS: Final = 8  # as many as the dashboard proves
# More of one day would only cost time.
SPANS_AT_MOST: Final = 50_000

_LINE = tuple(_N[name] for name in (
    "note_id", "order_id", "sequence", "total", "currency", "inserted_at", "synced_at",
    "shipped_at", "order_stage", "order_reason", "shipment_stage", "shipment_reason",
    "shiphero_order_id", "tracking", "state",
))  # fmt: skip
_NAMED = (
    _N.customer_reference.label("reference"),
    _N.order_reason_code.label("order_code"),
    _N.shipment_reason_code.label("shipment_code"),
    _N.reason_code.label("code"),
)

Condition = ColumnElement[bool]


def read_facts(session: Session, asked: Asked) -> Facts:
    """Read everything for one report; the session must not have read anything yet."""
    see_one_moment(session)
    owner = owner_of(session, asked.account_id)
    begins = begin_of(asked.day, owner.zone)
    ends = min(end_of(asked.day, owner.zone), asked.made_at)
    mine = _N.account_id == owner.id
    came_in = (mine, _N.inserted_at >= begins, _N.inserted_at < ends)
    of_day = _groups(session, came_in)
    stuck = (mine, _N.state == NEEDS_YOU)
    late = (mine, _N.state == "synced", _N.synced_at < asked.made_at - LATE_AFTER)
    failed = (*stuck, _N.order_stage.in_((FAILED, CANCEL_REFUSED)) | (_N.shipment_stage == FAILED))
    changes, more = changes_of(session, owner.id, begins, ends)
    return Facts(
        asked=asked,
        owner=owner,
        begins=begins,
        ends=ends,
        counts=counts_of_days(
            session,
            owner,
            days_to_count(asked.day, since=owner.since),
            until=ends,
        ),
        tally=tally(of_day),
        standing=Standing(
            under_way=_count(session, (mine, _N.state == "on_the_way")),
            at_shiphero=_count(session, (mine, _N.state == "synced")),
            late=_count(session, late),
        ),
        needs=needs(_groups(session, stuck), of_day),
        failures=lines_of(session, failed, _N.inserted_at.desc(), FAILURES_LISTED),
        late=lines_of(session, late, _N.synced_at, LATE_LISTED),
        sending=took(_sending(session, mine, begins, ends)),
        writing_back=took(durations_back(session, owner.id, begins, ends, SPANS_AT_MOST)),
        unexplained=_unexplained(session, owner.id, asked.made_at),
        dead=count_dead_beside(session, owner.id),
        lists=compared(session, owner.id),
        differences=open_counts(session, owner.id),
        changes=changes,
        more_changes=more,
        alerts=alerts_of(session, owner.id, begins, ends),
    )


def owner_of(session: Session, account_id: UUID) -> Owner:
    """Read who is told of."""
    account = session.get_one(Account, account_id)
    zone = zone_of(account.time_zone)
    since = day_of(max(account.go_live_at or account.created_at, account.created_at), zone)
    return Owner(
        id=account.id,
        code=account.code,
        name=account.name,
        zone=zone,
        since=since + timedelta(days=1),
        wants_quiet_days=account.report_quiet_days,
    )


def lines_of(
    session: Session, conditions: Sequence[Condition], order: ColumnElement[object], limit: int
) -> Sequence[NoteLine]:
    """Read notes one by one, at most `limit`."""
    rows = session.execute(
        select(*_LINE, *_NAMED).where(*conditions).order_by(order, _N.note_id).limit(limit)
    )
    return [NoteLine(**row) for row in rows.mappings()]


def notes_of_sheet(session: Session, facts: Facts) -> Sequence[NoteLine]:
    """Read what the table lists: what needs a person, then what else came in; one too many."""
    mine, limit = _N.account_id == facts.owner.id, ROWS_AT_MOST + 1
    stuck = lines_of(session, (mine, _N.state == NEEDS_YOU), _N.inserted_at.desc(), limit)
    came_in = (mine, _N.inserted_at >= facts.begins, _N.inserted_at < facts.ends)
    others = (*came_in, _N.state != NEEDS_YOU)
    return [*stuck, *lines_of(session, others, _N.inserted_at, max(0, limit - len(stuck)))]


def _groups(session: Session, conditions: Sequence[Condition]) -> Sequence[Group]:
    alike = (_N.state, _N.order_stage, _N.shipment_stage, _N.reason_code)
    rows = session.execute(select(*alike, func.count()).where(*conditions).group_by(*alike))
    return [
        Group(state=state, order_stage=order, shipment_stage=shipment, code=code, count=count)
        for state, order, shipment, code, count in rows
    ]


def _count(session: Session, conditions: Sequence[Condition]) -> int:
    counting = select(func.count()).select_from(SYNC_LOG).where(*conditions)
    return int(session.execute(counting).scalar_one())


def _sending(
    session: Session, mine: Condition, begins: datetime, ends: datetime
) -> Sequence[float]:
    rows = session.execute(
        select(_N.inserted_at, _N.synced_at)
        .where(mine, _N.synced_at >= begins, _N.synced_at < ends)
        .limit(SPANS_AT_MOST)
    )
    return [(synced - inserted).total_seconds() for inserted, synced in rows]


def _unexplained(session: Session, account_id: UUID, now: datetime) -> int:
    days = account_days(session, account_id, last=now.date(), days=LEDGER_DAYS)
    return sum(day.unexplained for day in days)
