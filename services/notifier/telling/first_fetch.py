"""When people are told of the first fetch, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from shared.accounts import UNDECIDED
from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE, FAILED, PartProgress
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.mails import Notice


class Fetch(StrEnum):
    """How an account's first fetch stands."""

    UNDER_WAY = "under_way"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a merchant has still to decide before orders are sent."""

    warehouses: int
    methods: int
    go_live_unset: bool

    @property
    def sentence(self) -> str:
        """Say what is missing, "" when nothing is."""
        parts = [
            _counted(self.warehouses, "warehouse is not mapped", "warehouses are not mapped"),
            _counted(
                self.methods, "shipping method is not mapped", "shipping methods are not mapped"
            ),
            "no go-live time is set" if self.go_live_unset else "",
        ]
        return ", ".join(part for part in parts if part)


def standing_of(parts: Sequence[PartProgress]) -> Fetch:
    """Say how it stands: done with every part, stopped with the first that failed."""
    if any(part.state == FAILED for part in parts):
        return Fetch.STOPPED
    done = {part.part for part in parts if part.state == DONE}
    return Fetch.DONE if done == set(Part) else Fetch.UNDER_WAY


def read_setup(session: Session, account_id: UUID) -> Setup:
    """Count what is undecided."""
    warehouses = select(func.count()).where(
        col(WarehouseMapping.account_id) == account_id, WarehouseMapping.decision == UNDECIDED
    )
    methods = select(func.count()).where(
        col(ShippingMethodMapping.account_id) == account_id, ShippingMethodMapping.title == ""
    )
    return Setup(
        warehouses=session.exec(warehouses).one(),
        methods=session.exec(methods).one(),
        go_live_unset=session.get_one(Account, account_id).go_live_at is None,
    )


def done_notice(parts: Sequence[PartProgress], setup: Setup, *, portal_url: str) -> Notice:
    """Invite the merchant back to configure."""
    facts = [(part.part.label, f"{part.done:,} fetched") for part in parts]
    missing = setup.sentence
    if missing:
        facts.append(("Still missing", f"{missing[0].upper()}{missing[1:]}."))
    return Notice(
        subject="Your lists are here: time to configure Goodsout",
        heading="Your lists are here",
        paragraphs=(
            "Products, warehouses, shipping methods and channels are fetched.",
            "Map your warehouses and shipping methods and choose when to go live; nothing is "
            "sent to ShipHero before that."
            if missing
            else "Everything is decided already.",
        ),
        facts=tuple(facts),
        label="Configure",
        link=f"{portal_url}/configuration",
    )


def stopped_notice(parts: Sequence[PartProgress], *, portal_url: str) -> Notice:
    """Say which list stopped, and why."""
    stopped = [part for part in parts if part.state == FAILED]
    facts = [(part.part.label, part.sentence or "It stopped without a reason.") for part in stopped]
    return Notice(
        subject="Fetching your lists has stopped",
        heading="Fetching your lists has stopped",
        paragraphs=("Goodsout cannot be configured before they are complete.",),
        facts=(
            *facts,
            ("What to do", "Put right what it says, then press “Fetch again” on Connections."),
            ("Meanwhile", "All other lists are fetched to their end, and kept."),
        ),
        label="See the connections",
        link=f"{portal_url}/connections",
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""
