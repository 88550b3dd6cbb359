"""All that the dashboard shows of one account: what is read at every look, and what is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.portal.connections.connection_view import Card, card_of
from services.portal.dashboard.attention import Concern, read_concerns
from services.portal.dashboard.budgets import Budget, read_budgets
from services.portal.dashboard.cut_off import CutOff, read_cut_off
from services.portal.dashboard.figures import Figures, Hour, read_figures, read_hours
from services.portal.dashboard.outlook import Outlook, read_outlook
from services.portal.dashboard.proof import Proof, read_proof
from services.portal.dashboard.queues import Depth, read_depths
from services.portal.dashboard.setup import Setup, read_setup
from services.portal.dashboard.spending import Use, read_spending
from services.portal.frame.parts import read_part
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import Account
from shared.db.portal_tables import AuditEntry

ACTS_SHOWN: Final = 5


@dataclass(frozen=True, kw_only=True)
class Dear:
    """What is worked out over many rows, as of one moment; None is what could not be read."""

    as_of: datetime
    figures: Figures | None
    cut_off: CutOff | None
    hours: Sequence[Hour] | None
    proof: Proof | None
    spending: Mapping[str, Sequence[Use]] | None


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Everything on the page; None is a part that could not be read.

    `is_old` says that what is dear is older than it should be.
    """

    account: Account
    cards: Sequence[Card]
    setup: Setup | None
    concerns: Sequence[Concern] | None
    depths: Sequence[Depth] | None
    budgets: Sequence[Budget] | None
    outlook: Outlook | None
    acts: Sequence[AuditEntry] | None
    dear: Dear
    is_old: bool


Keep = Callable[[UUID, Callable[[], Dear]], tuple[Dear, bool]]


def read_dashboard(session: Session, account_id: UUID, keep: Keep, *, now: datetime) -> Dashboard:
    """Read one account's page; `keep` gives what is dear, and whether it is old."""
    account = session.get_one(Account, account_id)
    cards = [card_of(session, account_id, vendor) for vendor in (BRIGHTPEARL, SHIPHERO)]
    dear, is_old = keep(account_id, lambda: read_dear(session, account, now=now))
    part, spending = partial(read_part, session), dear.spending or {}
    depths = part("queues", lambda: read_depths(session, account_id, now=now))
    budgets = part("budgets", lambda: read_budgets(session, account_id, spending, now=now))
    return Dashboard(
        account=account,
        cards=cards,
        setup=part("setup", lambda: read_setup(session, account, cards, now=now)),
        concerns=part("concerns", lambda: read_concerns(session, account_id, cards)),
        depths=depths,
        budgets=budgets,
        outlook=_outlook(session, account_id, budgets, depths, now=now),
        acts=part("acts", lambda: _last_acts(session, account_id)),
        dear=dear,
        is_old=is_old,
    )


def read_dear(session: Session, account: Account, *, now: datetime) -> Dear:
    """Work out what is dear."""
    part, zone = partial(read_part, session), account.time_zone
    return Dear(
        as_of=now,
        figures=part("figures", lambda: read_figures(session, account.id, now=now)),
        cut_off=part(
            "cut_off", lambda: read_cut_off(session, account.id, account.cut_off, zone, now=now)
        ),
        hours=part("hours", lambda: read_hours(session, account.id, zone, now=now)),
        proof=part("proof", lambda: read_proof(session, account.id, now=now)),
        spending=part("spending", lambda: read_spending(session, account.id, now=now)),
    )


def _last_acts(session: Session, account_id: UUID) -> Sequence[AuditEntry]:
    entries = select(AuditEntry).where(col(AuditEntry.account_id) == account_id)
    newest = entries.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    return session.exec(newest.limit(ACTS_SHOWN)).all()


def _outlook(
    session: Session,
    account_id: UUID,
    budgets: Sequence[Budget] | None,
    depths: Sequence[Depth] | None,
    *,
    now: datetime,
) -> Outlook | None:
    if budgets is None or depths is None:
        return None
    return read_part(
        session, "outlook", lambda: read_outlook(session, account_id, budgets, depths, now=now)
    )
