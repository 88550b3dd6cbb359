"""What both vendors still allow, of all accounts and of each that is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from prometheus_client.core import Metric
from sqlmodel import Session, col, select

from services.notifier.figures.families import Moment, Reading, counter, gauge
from shared.budgets.book import COUNTINGS, Budget
from shared.budgets.share import share_of
from shared.budgets.shiphero_credits import USUAL, ShipHeroCredits
from shared.db.account_tables import Account, VendorConnection
from shared.db.vendor_tables import VendorBudget
from shared.events import Lane

_LABELS: Final = ("account", "vendor")
_UNIT: Final = "requests of a window at Brightpearl, credits at ShipHero."


def budget_metrics(session: Session, at: Moment) -> Sequence[Metric]:
    """Read and lay out every budget."""
    rows = session.exec(select(VendorBudget)).all()
    closed = Counter({(vendor,): 0 for vendor in COUNTINGS})
    for row in rows:
        closed[row.vendor,] += _closed_seconds(row, at) > 0
    what = "Accounts whose budget at a vendor is used up for now."
    of_each = [row for row in rows if row.account_id in at.shown and row.vendor in COUNTINGS]
    return [
        gauge("goodsout_budgets_closed", what, ["vendor"], closed),
        *_of_each(session, of_each, at),
    ]


def _of_each(session: Session, rows: Sequence[VendorBudget], at: Moment) -> Iterable[Metric]:
    budgets = _budgets(session, rows, at)
    yield gauge(
        "goodsout_account_budget_left",
        f"What of our part is free now: {_UNIT}",
        _LABELS,
        {key: _left(budget, at) for key, budget in budgets.items()},
    )
    yield gauge(
        "goodsout_account_budget_part",
        f"How much of what the vendor allows is ours: {_UNIT}",
        _LABELS,
        {key: budget.part for key, budget in budgets.items()},
    )
    yield from _books(rows, at)


def _books(rows: Sequence[VendorBudget], at: Moment) -> Iterable[Metric]:
    keys = [(at.shown[row.account_id], row.vendor) for row in rows]
    yield gauge(
        "goodsout_account_budget_closed_seconds",
        "In how many seconds a budget that is used up opens again; 0 while it is open.",
        _LABELS,
        dict(zip(keys, (_closed_seconds(row, at) for row in rows), strict=True)),
    )
    yield counter(
        "goodsout_account_vendor_calls",
        "Requests that we made for an account.",
        _LABELS,
        dict(zip(keys, (row.calls for row in rows), strict=True)),
    )
    yield counter(
        "goodsout_account_vendor_refusals",
        "Answers that said we asked too much.",
        _LABELS,
        dict(zip(keys, (row.refused for row in rows), strict=True)),
    )


def _budgets(
    session: Session, rows: Sequence[VendorBudget], at: Moment
) -> Mapping[tuple[str, str], Budget]:
    # Held on to meanwhile, so that each account's share is found in the session, not asked for.
    _known = (
        session.exec(select(Account).where(col(Account.id).in_(at.shown))).all(),
        session.exec(
            select(VendorConnection).where(col(VendorConnection.account_id).in_(at.shown))
        ).all(),
    )
    budgets = {}
    for row in rows:
        share = share_of(session, row.account_id, row.vendor)
        budget = COUNTINGS[row.vendor].model_validate(row.state)
        key = (at.shown[row.account_id], row.vendor)
        budgets[key] = budget.swept(now=at.now.timestamp(), share=share)
    return budgets


def _left(budget: Budget, at: Moment) -> float:
    room = budget.room(lane=Lane.LIVE, now=at.now.timestamp())
    # At ShipHero room is told in orders.
    return min(budget.part, room * USUAL) if isinstance(budget, ShipHeroCredits) else room


def _closed_seconds(row: VendorBudget, at: Moment) -> float:
    if row.closed_until is None:
        return 0.0
    return max(0.0, (row.closed_until - at.now).total_seconds())


BUDGETS: Final = Reading(name="budgets", every=10.0, read=budget_metrics)
