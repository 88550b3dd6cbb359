"""All that the dashboard shows of one account: what is read at every look, and what is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from services.portal.connections.connection_view import Card, card_of
from services.portal.dashboard.attention import Concern, read_concerns
from services.portal.dashboard.budgets import Budget, read_budgets
from services.portal.dashboard.figures import Figures, Hour, read_figures, read_hours
from services.portal.dashboard.outlook import Outlook, read_outlook
from services.portal.dashboard.proof import Proof, read_proof
from services.portal.dashboard.queues import Depth, read_depths
from services.portal.dashboard.setup import Setup, read_setup
from services.portal.dashboard.spending import Use, read_spending
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import Account


@dataclass(frozen=True, kw_only=True)
class Dear:
    """What is worked out over many rows, as of one moment."""

    figures: Figures
    hours: Sequence[Hour]
    proof: Proof
    spending: Mapping[str, Sequence[Use]]


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Everything on the page."""

    account: Account
    cards: Sequence[Card]
    setup: Setup
    concerns: Sequence[Concern]
    depths: Sequence[Depth]
    budgets: Sequence[Budget]
    outlook: Outlook
    dear: Dear


Keep = Callable[[UUID, Callable[[], Dear]], Dear]


def read_dashboard(session: Session, account_id: UUID, keep: Keep, *, now: datetime) -> Dashboard:
    """Read one account's page; `keep` gives what is dear as it was a moment ago, or anew."""
    account = session.get_one(Account, account_id)
    cards = [card_of(session, account_id, vendor) for vendor in (BRIGHTPEARL, SHIPHERO)]
    dear = keep(account_id, lambda: read_dear(session, account, now=now))
    depths = read_depths(session, account_id, now=now)
    budgets = read_budgets(session, account_id, dear.spending, now=now)
    return Dashboard(
        account=account,
        cards=cards,
        setup=read_setup(session, account, cards, now=now),
        concerns=read_concerns(session, account_id, cards),
        depths=depths,
        budgets=budgets,
        outlook=read_outlook(session, account_id, budgets, depths, now=now),
        dear=dear,
    )


def read_dear(session: Session, account: Account, *, now: datetime) -> Dear:
    """Work out what is dear."""
    return Dear(
        figures=read_figures(session, account.id, now=now),
        hours=read_hours(session, account.id, account.time_zone, now=now),
        proof=read_proof(session, account.id, now=now),
        spending=read_spending(session, account.id, now=now),
    )
