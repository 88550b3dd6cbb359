"""One budget for each account and vendor, shared by all processes through its row."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from shared.budgets.brightpearl_window import BrightpearlWindow
from shared.budgets.counting import Told, told_by
from shared.budgets.lane import present_lane
from shared.budgets.share import share_of
from shared.budgets.shiphero_credits import ShipHeroCredits
from shared.budgets.together import Together
from shared.clock import Now
from shared.db.engine import OpenSession, insert_for, our_trouble
from shared.db.vendor_tables import VendorBudget
from shared.errors import OurTrouble, Throttled
from shared.events import Lane
from shared.metrics import vendor_calls
from shared.vendors.calls import Allowance, Call

log = structlog.get_logger()

COUNTINGS: dict[str, type[BrightpearlWindow | ShipHeroCredits]] = {
    "brightpearl": BrightpearlWindow,
    "shiphero": ShipHeroCredits,
}
WRITTEN = {"brightpearl": "Brightpearl", "shiphero": "ShipHero"}
T = TypeVar("T")
Budget = BrightpearlWindow | ShipHeroCredits
Step = Callable[[VendorBudget, Budget, float], Any]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a page tells of a budget; `part` of what the vendor allows is ours."""

    vendor: str
    part: int
    share: int
    room: int
    opens_at: datetime | None
    calls: int
    refused: int


class BudgetBook:
    """Gives each account's allowance at each vendor; may be shared by threads.

    `share` gives an account's part of a vendor's allowance, in percent; by default it is read
    with the budget.
    """

    def __init__(
        self,
        open_session: OpenSession,
        *,
        now: Now,
        share: Callable[[UUID, str], int] | None = None,
    ) -> None:
        self._open_session = open_session
        self.now = now
        self._share = share
        self._together = Together(self._take_all)
        vendor_calls.begin_at_zero(COUNTINGS)

    def allowance(self, account_id: UUID, vendor: str) -> Allowance:
        """Give one account's allowance at one vendor."""
        return _OfAccount(book=self, account_id=account_id, vendor=vendor)

    def change(
        self, account_id: UUID, vendor: str, step: Callable[[VendorBudget, Budget, float], T]
    ) -> T:
        """Take one step on a locked budget, in a transaction with others that wait for it.

        Raises OurTrouble when our database does not answer.
        """
        return cast("T", self._together.take((account_id, vendor), step))

    def _take_all(self, whose: tuple[UUID, str], steps: Sequence[Step]) -> list[Any]:
        account_id, vendor = whose
        with our_trouble(), self._open_session() as session:
            if session.get_bind().dialect.name == "postgresql":
                # What a crash forgets of the last moment lapses by itself: no need to wait for
                # the disk before and after each call.
                session.execute(text("SET LOCAL synchronous_commit TO off"))
            row = _locked(session, account_id, vendor, now=self.now())
            # The lock may have been waited for.
            now = self.now()
            share = (self._share or partial(share_of, session))(account_id, vendor)
            came = []
            for step in steps:
                budget = COUNTINGS[vendor].model_validate(row.state)
                budget = budget.swept(now=now.timestamp(), share=share)
                came.append(step(row, budget, now.timestamp()))
            row.changed_at = now
            session.add(row)
            session.commit()
        return came


def reserve_in(
    row: VendorBudget, budget: Budget, *, key: str, cost: int, lane: Lane, now: float
) -> float:
    """Set `cost` aside in a row and give 0.0, or give the time from which to ask again."""
    behind = _behind_live(row, budget) if lane is Lane.BACKFILL else 0.0
    wait = max(budget.wait(cost, lane=lane, now=now), behind - now)
    if wait > 0:
        until = now + max(wait, budget.closed_for(lane=lane, now=now))
        _close(row, lane, until=until, behind=budget.behind)
        until = _closed_until(row, lane)
        row.state = budget.put_off(cost, lane=lane, until=until).model_dump(mode="json")
        return until
    row.state = budget.reserved(key, cost, now=now).model_dump(mode="json")
    return 0.0


def spend_in(row: VendorBudget, budget: Budget, *, key: str, told: Told) -> None:
    """Book in a row what a request took and what its answer told."""
    row.state = budget.answered(key, told).model_dump(mode="json")
    row.calls += 1
    if told.refused:
        row.refused += 1


def standing(session: Session, account_id: UUID, vendor: str, *, now: datetime) -> Standing:
    """Read how an account stands with a vendor."""
    row = session.get(VendorBudget, (account_id, vendor))
    share = share_of(session, account_id, vendor)
    budget = COUNTINGS[vendor].model_validate(row.state if row else {})
    budget = budget.swept(now=now.timestamp(), share=share)
    closed = row.closed_until if row else None
    return Standing(
        vendor=vendor,
        part=budget.part,
        share=share,
        room=budget.room(lane=Lane.LIVE, now=now.timestamp()),
        opens_at=closed if closed and closed > now else None,
        calls=row.calls if row else 0,
        refused=row.refused if row else 0,
    )


@dataclass(frozen=True, kw_only=True)
class _OfAccount:
    book: BudgetBook
    account_id: UUID
    vendor: str

    def reserve(self, cost: int) -> "_Reserved":
        """Set `cost` aside, or raise Throttled with the time from which to ask again."""
        key, lane = uuid.uuid4().hex[:12], present_lane()

        def take(row: VendorBudget, budget: Budget, now: float) -> float:
            return reserve_in(row, budget, key=key, cost=cost, lane=lane, now=now)

        until = self.book.change(self.account_id, self.vendor, take)
        if until:
            seconds = until - self.book.now().timestamp()
            vendor_calls.count_wait(self.vendor, lane, seconds=seconds)
            raise Throttled(
                f"{WRITTEN[self.vendor]}'s budget for this account is used up for now; it goes on "
                f"by itself at {datetime.fromtimestamp(until, UTC):%H:%M:%S} UTC.",
                until=datetime.fromtimestamp(until, UTC),
            )
        return _Reserved(allowance=self, key=key)


@dataclass(frozen=True, kw_only=True)
class _Reserved:
    allowance: _OfAccount
    key: str

    def spent(self, call: Call) -> None:
        """Book the call; what cannot be written down lapses by itself."""
        its = self.allowance
        # Of now, not of when our database is free: which window counted it hangs on this.
        told = told_by(call, ended=its.book.now().timestamp())

        def book(row: VendorBudget, budget: Budget, _now: float) -> None:
            spend_in(row, budget, key=self.key, told=told)

        try:
            its.book.change(its.account_id, its.vendor, book)
        except (OurTrouble, SQLAlchemyError) as trouble:
            log.warning("budget.unbooked", vendor=its.vendor, account=str(its.account_id),
                        reason=type(trouble).__name__)  # fmt: skip


def _locked(session: Session, account_id: UUID, vendor: str, *, now: datetime) -> VendorBudget:
    one = select(VendorBudget).where(
        col(VendorBudget.account_id) == account_id, col(VendorBudget.vendor) == vendor
    )
    row: VendorBudget | None = session.execute(one.with_for_update()).scalar_one_or_none()
    if row is None:
        new = {"account_id": account_id, "vendor": vendor, "state": {}, "calls": 0, "refused": 0,
               "changed_at": now}  # fmt: skip
        insert = insert_for(session)(VendorBudget.__table__).values(new)  # type: ignore[attr-defined]
        session.execute(insert.on_conflict_do_nothing())
        row = session.execute(one.with_for_update()).scalar_one()
    assert row is not None
    return row


def _close(row: VendorBudget, lane: Lane, *, until: float, behind: float) -> None:
    at = datetime.fromtimestamp(until, UTC)
    if lane is Lane.LIVE:
        row.closed_until = at
        at += timedelta(seconds=behind)
    row.backfill_closed_until = max(at, row.backfill_closed_until or at)


def _behind_live(row: VendorBudget, budget: Budget) -> float:
    """Say until when backfill leaves the way to live work that was put off."""
    return 0.0 if row.closed_until is None else row.closed_until.timestamp() + budget.behind


def _closed_until(row: VendorBudget, lane: Lane) -> float:
    until = row.closed_until if lane is Lane.LIVE else row.backfill_closed_until
    assert until is not None
    return until.timestamp()
