"""The way from signing up to going live, as a checklist until all is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from services.portal.connections.connection_view import ABSENT, CHOOSING, Card
from services.portal.dashboard.fetching import seconds_left
from shared.accounts import MAPPED, UNDECIDED
from shared.catalogue.progress import FAILED, PartProgress, fetch_progress
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.portal_tables import ShadowNote
from shared.number_words import lasting


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `told` says how it stands, the page is where it is done."""

    name: str
    done: bool
    told: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """How many of the vendor's warehouses or methods are decided, of how many."""

    decided: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Setup:
    """All steps, and how far the fetch is."""

    steps: Sequence[Step]
    parts: Sequence[PartProgress]
    fetching: bool
    stopped: bool
    left: str

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return all(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The step that is to be done now."""
        return next((step for step in self.steps if not step.done), None)


def read_setup(
    session: Session, account: Account, cards: Sequence[Card], *, now: datetime
) -> Setup:
    """Read how far an account has come."""
    parts = fetch_progress(session, account.id)
    left = seconds_left(parts)
    fetching = any(part.under_way for part in parts)
    return Setup(
        steps=steps_of(
            account,
            connected=sum(card.standing not in {ABSENT, CHOOSING} for card in cards),
            loaded=bool(parts) and not fetching and not any(part.state == FAILED for part in parts),
            warehouses=_warehouses(session, account.id),
            methods=_methods(session, account.id),
            tried=_tried(session, account.id),
            now=now,
        ),
        parts=parts,
        fetching=fetching,
        stopped=any(part.state == FAILED for part in parts),
        left="" if left is None else lasting(left),
    )


def steps_of(
    account: Account,
    *,
    connected: int,
    loaded: bool,
    warehouses: Mapped,
    methods: Mapped,
    tried: bool,
    now: datetime,
) -> Sequence[Step]:
    """Say of each step whether it is done; what is fetched anew later is loaded all the same."""
    decided = account.order_sync_on and account.go_live_at is not None
    live = decided and not account.shadow_on
    mapped = warehouses.total > 0 and warehouses.decided == warehouses.total
    return (
        Step(name="Connect", done=connected == 2,  # noqa: PLR2004 - both vendors
             told=f"{connected} of 2 connected", endpoint="connections.show"),
        Step(name="Load", done=loaded or live, told="warehouses, methods, channels, products",
             endpoint="connections.show"),
        Step(name="Map warehouses", done=mapped, told=_of(warehouses, "decided"),
             endpoint="configuration.show", values={"_anchor": "warehouses"}),
        Step(name="Check methods", done=methods.decided > 0, told=_of(methods, "mapped"),
             endpoint="configuration.show", values={"_anchor": "methods"}),
        Step(name="Dry run", done=tried or account.shadow_on or live, endpoint="dry_run.show",
             told="see what a note would become"),
        Step(name="Go live", done=live, told=_going_live(account, now=now),
             endpoint="configuration.show", values={"_anchor": "go-live"}),
    )  # fmt: skip


def _of(mapped: Mapped, word: str) -> str:
    if not mapped.total:
        return "none fetched yet"
    return f"{mapped.decided:,} of {mapped.total:,} {word}"


def _going_live(account: Account, *, now: datetime) -> str:
    if account.go_live_at is None:
        return "no time is set"
    if not account.order_sync_on:
        return "order sync is off"
    if account.shadow_on:
        return "shadow mode is on: nothing is sent"
    return "planned" if account.go_live_at > now else "live"


def _warehouses(session: Session, account_id: UUID) -> Mapped:
    decision = col(WarehouseMapping.decision)
    decided, mapped, total = session.execute(
        select(
            func.count(case((decision != UNDECIDED, 1))),
            func.count(case((decision == MAPPED, 1))),
            func.count(),
        ).where(col(WarehouseMapping.account_id) == account_id)
    ).one()
    # To leave all of them out is no decision to go on with.
    return Mapped(decided=decided if mapped else 0, total=total)


def _methods(session: Session, account_id: UUID) -> Mapped:
    decided, total = session.execute(
        select(func.count(case((col(ShippingMethodMapping.title) != "", 1))), func.count()).where(
            col(ShippingMethodMapping.account_id) == account_id
        )
    ).one()
    return Mapped(decided=decided, total=total)


def _tried(session: Session, account_id: UUID) -> bool:
    found = session.execute(
        select(col(ShadowNote.note_id)).where(col(ShadowNote.account_id) == account_id).limit(1)
    )
    return found.first() is not None
