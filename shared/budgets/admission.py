"""How much work the relay lets out for an account: no more than its vendors' budgets can take.

Work that meets a closed budget only comes back; of what costs ShipHero's credits one by one, no
more goes out than there are credits for.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from shared.budgets.shiphero_credits import ShipHeroCredits
from shared.db.vendor_tables import VendorBudget
from shared.events import Lane, Queue

# The queues whose events call both vendors; those of the others mostly call none.
CALLING = frozenset({Queue.SHIPHERO_PUSH.value, Queue.SHIPMENT_RETURN.value})
# So many may be out however small the budget: a turn must not be a trickle.
AT_LEAST = 16

Pair = tuple[str, UUID]


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """At most `window` unsettled events may be out; with `live_only` none of the backfill."""

    window: int
    live_only: bool = False


def admitted(
    session: Session, pairs: Collection[Pair], *, window: int, now: datetime
) -> Mapping[Pair, Admitted]:
    """Say for each queue and account how much may be out; `window` where nothing bounds it."""
    accounts = {account_id for queue, account_id in pairs if queue in CALLING}
    rows = session.exec(
        select(VendorBudget).where(col(VendorBudget.account_id).in_(accounts))
    ).all()
    bounds = {account_id: Admitted(window=window) for account_id in accounts}
    for row in rows:
        known = bounds[row.account_id]
        bounds[row.account_id] = _narrower(known, row, now=now)
    free = Admitted(window=window)
    return {pair: bounds[pair[1]] if pair[0] in CALLING else free for pair in pairs}


def _narrower(known: Admitted, row: VendorBudget, *, now: datetime) -> Admitted:
    if row.closed_until is not None and row.closed_until > now:
        return Admitted(window=0)
    closed = row.backfill_closed_until is not None and row.backfill_closed_until > now
    window = min(known.window, _window(row, now=now)) if row.vendor == "shiphero" else known.window
    return Admitted(window=window, live_only=known.live_only or closed)


def _window(row: VendorBudget, *, now: datetime) -> int:
    credits_left = ShipHeroCredits.model_validate(row.state)
    return max(AT_LEAST, credits_left.room(lane=Lane.LIVE, now=now.timestamp()))
