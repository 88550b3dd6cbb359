"""Every account on one list, those in trouble first, with what an operator looks for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlmodel import Session, col

from services.portal.connections.connection_view import ABSENT, Card, card_of
from services.portal.dashboard.queues import QUEUES
from services.portal.log.wanted import NEEDS_YOU
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import Account, VendorConnection
from shared.db.journal_tables import EVENT, TOLD_BY_WEBHOOK
from shared.db.note_tables import SYNC_LOG
from shared.db.vendor_tables import Alert, VendorBudget
from shared.journal.account_ledger import account_days
from shared.journal.archived import FROM_WEBHOOKS
from shared.journal.dead import open_dead
from shared.vendors.brightpearl.oauth import APP_REFUSED

_E, _N = EVENT.c, SYNC_LOG.c
_OPEN = (_E.settled_at.is_(None), _E.hold_cause.is_(None), _E.queue.in_(QUEUES))

PAGE_SIZE: Final = 50
# Further back nobody looks for a sign of life: it would mean reading an account's whole journal.
HEARD_WITHIN: Final = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One account of the list."""

    account: Account
    cards: Sequence[Card]
    backlog: int
    held: int
    dead: int
    needs_you: int
    alerts: int
    heard: datetime | None
    closed: Sequence[str]
    refused: int
    unexplained: int

    @property
    def is_connected(self) -> bool:
        """Whether both vendors were ever connected."""
        return all(card.standing != ABSENT for card in self.cards)


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """One page of the list: `total` accounts match.

    `refused` is how many of all accounts wait because Brightpearl does not accept our own app.
    """

    lines: Sequence[Line]
    total: int
    page: int
    pages: int
    text: str
    refused: int


@dataclass(frozen=True, kw_only=True)
class _Trouble:
    broken: Mapping[UUID, int]
    held: Mapping[UUID, int]
    dead: Mapping[UUID, int]
    alerts: Mapping[UUID, int]

    def weight(self, account_id: UUID) -> tuple[int, int, int]:
        """Sort what is broken before what failed before what waits."""
        return (
            -self.broken.get(account_id, 0),
            -min(1, self.dead.get(account_id, 0) + self.alerts.get(account_id, 0)),
            -min(1, self.held.get(account_id, 0)),
        )


def read_accounts(session: Session, typed: str, page: int, *, now: datetime) -> Accounts:
    """Read one page of the accounts whose code or name holds what was `typed`."""
    accounts = session.execute(select(Account).where(*_matching(typed))).scalars().all()
    trouble = _trouble(session)
    ordered = sorted(accounts, key=lambda one: (*trouble.weight(one.id), one.code))
    pages = max(1, -(-len(ordered) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Accounts(
        lines=_lines(session, shown, trouble, now=now),
        total=len(ordered),
        page=page,
        pages=pages,
        text=typed,
        refused=_refused(session),
    )


def _matching(typed: str) -> Sequence[Any]:
    if not typed:
        return ()
    return [
        or_(
            func.lower(col(Account.code)).contains(typed.lower(), autoescape=True),
            func.lower(col(Account.name)).contains(typed.lower(), autoescape=True),
        )
    ]


def _refused(session: Session) -> int:
    waiting = (*_OPEN, _E.published_at.is_(None), _E.reason_code == APP_REFUSED)
    return session.scalar(select(func.count(_E.account_id.distinct())).where(*waiting)) or 0


def _trouble(session: Session) -> _Trouble:
    broken = (col(VendorConnection.broken_since).is_not(None), VendorConnection.credentials != "")
    held = (_E.hold_cause.is_not(None), _E.settled_at.is_(None))
    return _Trouble(
        broken=_by_account(session, VendorConnection.account_id, *broken),
        held=_by_account(session, _E.account_id, *held),
        dead=_by_account(session, _E.account_id, *open_dead()),
        alerts=_by_account(session, Alert.account_id, col(Alert.ended_at).is_(None)),
    )


def _lines(
    session: Session, accounts: Sequence[Account], trouble: _Trouble, *, now: datetime
) -> Sequence[Line]:
    ids = [account.id for account in accounts]
    backlog = _by_account(session, _E.account_id, _E.account_id.in_(ids), *_OPEN)
    needs_you = _by_account(session, _N.account_id, _N.account_id.in_(ids), _N.state == NEEDS_YOU)
    budgets = _budgets(session, ids)
    return [
        Line(
            account=account,
            cards=[card_of(session, account.id, vendor) for vendor in (BRIGHTPEARL, SHIPHERO)],
            backlog=backlog.get(account.id, 0),
            held=trouble.held.get(account.id, 0),
            dead=trouble.dead.get(account.id, 0),
            needs_you=needs_you.get(account.id, 0),
            alerts=trouble.alerts.get(account.id, 0),
            heard=_heard(session, account.id, now=now),
            closed=[
                row.vendor
                for row in budgets.get(account.id, ())
                if row.closed_until is not None and row.closed_until > now
            ],
            refused=sum(row.refused for row in budgets.get(account.id, ())),
            unexplained=sum(
                day.unexplained
                for day in account_days(session, account.id, last=now.date(), days=1)
            ),
        )
        for account in accounts
    ]


def _by_account(session: Session, account_id: Any, *which: Any) -> Mapping[UUID, int]:
    rows = session.execute(select(account_id, func.count()).where(*which).group_by(account_id))
    return {one: count for one, count in rows}  # noqa: C416 - rows are no pairs to mypy


def _budgets(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Sequence[VendorBudget]]:
    found: dict[UUID, list[VendorBudget]] = {}
    rows = session.execute(select(VendorBudget).where(col(VendorBudget.account_id).in_(ids)))
    for row in rows.scalars():
        found.setdefault(row.account_id, []).append(row)
    return found


def _heard(session: Session, account_id: UUID, *, now: datetime) -> datetime | None:
    last = (
        select(_E.recorded_at)
        .where(
            _E.account_id == account_id,
            _E.recorded_at >= now - HEARD_WITHIN,
            _E.name.in_(FROM_WEBHOOKS),
            text(TOLD_BY_WEBHOOK),
        )
        .order_by(_E.recorded_at.desc())
        .limit(1)
    )
    heard: datetime | None = session.execute(last).scalar()
    return heard
