"""What both vendors still allow an account, and who uses it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session

from services.portal.dashboard.forecast import Allowed
from services.portal.dashboard.spending import Use
from shared.budgets.book import COUNTINGS, WRITTEN
from shared.budgets.brightpearl_window import BrightpearlWindow
from shared.budgets.share import share_of
from shared.budgets.shiphero_credits import USUAL, ShipHeroCredits
from shared.db.vendor_tables import VendorBudget
from shared.events import Lane


@dataclass(frozen=True, kw_only=True)
class Taken:
    """How a vendor counts: of `whole` units, `used` are ours and `others` somebody else's.

    `left` is what of our part is free now; `others` is None where the vendor does not tell.
    """

    unit: str
    renewed: str
    whole: int
    left: int
    used: int
    others: int | None
    per_second: float


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How an account stands with a vendor; `part` of the whole, `share` percent, is ours."""

    vendor: str
    share: int
    part: int
    taken: Taken
    opens_at: datetime | None
    calls: int
    refused: int
    uses: Sequence[Use]

    @property
    def name(self) -> str:
        """The vendor's name."""
        return WRITTEN[self.vendor]

    def allowed(self, now: datetime) -> Allowed:
        """Say what of it may be taken from now on."""
        opens_in = (self.opens_at - now).total_seconds() if self.opens_at else 0.0
        return Allowed(
            vendor=self.vendor,
            at_once=self.taken.left,
            per_second=self.taken.per_second,
            opens_in=opens_in,
        )


def read_budgets(
    session: Session, account_id: UUID, spending: Mapping[str, Sequence[Use]], *, now: datetime
) -> Sequence[Budget]:
    """Read how an account stands with both vendors."""
    return [
        _budget(session, account_id, vendor, spending.get(vendor, ()), now=now)
        for vendor in COUNTINGS
    ]


def _budget(
    session: Session, account_id: UUID, vendor: str, uses: Sequence[Use], *, now: datetime
) -> Budget:
    row = session.get(VendorBudget, (account_id, vendor))
    state = COUNTINGS[vendor].model_validate(row.state if row else {})
    state = state.swept(now=now.timestamp(), share=share_of(session, account_id, vendor))
    shut = datetime.fromtimestamp(state.shut_until, UTC)
    closed = [at for at in (row.closed_until if row else None, shut) if at and at > now]
    return Budget(
        vendor=vendor,
        share=state.share,
        part=state.part,
        taken=taken(state, now=now.timestamp()),
        opens_at=max(closed, default=None),
        calls=row.calls if row else 0,
        refused=row.refused if row else 0,
        uses=uses,
    )


def taken(state: BrightpearlWindow | ShipHeroCredits, *, now: float) -> Taken:
    """Put a budget into figures that a person reads."""
    if isinstance(state, ShipHeroCredits):
        return Taken(
            unit="credits",
            renewed=f"{state.refill:g} come back each second",
            whole=state.most,
            left=min(state.part, state.room(lane=Lane.LIVE, now=now) * USUAL),
            used=round(state.most - state.level(now)),
            others=None,
            per_second=state.refill,
        )
    open_now = not state.over and state.ends_by is not None
    told = open_now and state.left is not None
    return Taken(
        unit="requests",
        renewed=f"in each window of {state.period:.0f} s",
        whole=state.limit,
        left=state.room(lane=Lane.LIVE, now=now),
        used=state.counted + len(state.under_way) + len(state.unsure),
        others=max(0, state.limit - (state.left or 0) - state.counted) if told else None,
        per_second=state.part / state.period,
    )
