"""The ledger and the health of an account, by the API."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from services.portal.api.shapes import Nothing
from services.portal.api.standing_shapes import (
    Backlog,
    BudgetTold,
    ComparisonTold,
    ConnectionTold,
    DayTold,
    Health,
    Ledger,
    LedgerQuery,
)
from services.portal.connections.connection_view import card_of, open_alerts
from services.portal.frame.access import viewer_account
from services.portal.frame.tenants import Tenants
from services.portal.frame.view import last_heard
from services.portal.log.sync_log import count_by_state
from shared.budgets.book import standing
from shared.clock import Now
from shared.connecting.stored import WRITTEN
from shared.db.account_tables import Account
from shared.db.journal_tables import EVENT
from shared.journal.account_ledger import Day, account_days
from shared.journal.dead import count_open_dead
from shared.journal.release import held_by_cause
from shared.watermarks import compared

_E = EVENT.c


class StandingCalls:
    """Reads for the account whose token was shown."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def get_ledger(self, *, query: LedgerQuery) -> Ledger:
        """Tell the proof that nothing was lost.

        Webhooks kept against rows by day, notes by where they stand, and each vendor's own list
        as it was last compared.
        """
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            days = account_days(session, account_id, last=self._now().date(), days=query.days)
            return Ledger(
                account=session.get_one(Account, account_id).code,
                unexplained=sum(day.unexplained for day in days),
                dead_letters=count_open_dead(session, account_id),
                days=[_day(day) for day in days],
                notes=count_by_state(session, account_id, exactly=True),
                comparisons=[
                    ComparisonTold.model_validate(asdict(one))
                    for one in compared(session, account_id)
                ],
            )

    def get_health(self, *, query: Nothing) -> Health:  # noqa: ARG002 - every call has one
        """Tell whether the work goes on: connections, last webhooks, budgets and backlog."""
        now, account_id = self._now(), viewer_account()
        with self._tenants.open_reading() as session:
            budgets = [standing(session, account_id, vendor, now=now) for vendor in WRITTEN]
            return Health(
                checked_at=now,
                connections=_connections(session, account_id),
                budgets=[BudgetTold.model_validate(asdict(budget)) for budget in budgets],
                backlog=_backlog(session, account_id, now=now),
                alerts=[alert.sentence for alert in open_alerts(session, account_id)],
            )


def _day(day: Day) -> DayTold:
    return DayTold(
        day=day.day,
        webhooks_kept=day.kept,
        webhooks_repeated=day.repeated,
        rows=day.rows,
        unexplained=day.unexplained,
        notes=day.notes,
    )


def _connections(session: Session, account_id: UUID) -> list[ConnectionTold]:
    heard = last_heard(session, account_id)
    told = []
    for vendor, name in WRITTEN.items():
        card = card_of(session, account_id, vendor)
        told.append(
            ConnectionTold(
                vendor=vendor,
                standing=card.standing,
                broken_since=card.row.broken_since if card.row else None,
                broken_reason=card.row.broken_reason if card.row else "",
                last_heard=heard[name],
            )
        )
    return told


def _backlog(session: Session, account_id: UUID, *, now: datetime) -> Backlog:
    waits, is_due = _E.published_at.is_(None), _E.due_at <= now
    counted = select(
        func.count().filter(waits, is_due),
        func.count().filter(~waits),
        func.count().filter(waits, ~is_due),
        func.min(_E.due_at, type_=_E.due_at.type).filter(waits, is_due),
    ).where(_E.account_id == account_id, _E.settled_at.is_(None), _E.hold_cause.is_(None))
    due, in_hand, planned, oldest = session.execute(counted).one()
    held = held_by_cause(session, account_id)
    return Backlog(due=due, in_hand=in_hand, planned=planned, held=held, oldest_due_at=oldest)
