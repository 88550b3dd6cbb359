"""The ledger as a person reads it: is anything unexplained, and when was that last compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db.portal_tables import Difference
from shared.journal.account_ledger import Day, account_days
from shared.number_words import counted
from shared.watermarks import NOTES, OPEN_NOTES, ORDERS, Compared, compared

DAYS: Final = 8  # today and the seven before
# The lists that prove it, by vendor; both are compared every few minutes.
LISTS: Final[Mapping[str, str]] = {
    NOTES: "Brightpearl's goods-out notes",
    OPEN_NOTES: "Brightpearl's open notes",
    ORDERS: "ShipHero's orders and shipments",
}
PROVING: Final = (NOTES, ORDERS)
STALE_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether it closes: a colour, a word, a sentence."""

    colour: str
    icon: str
    title: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ListSeen:
    """One list of a vendor's as last compared; None where it never was."""

    name: str
    seen: Compared | None


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The ledger of the last days."""

    verdict: Verdict
    lists: Sequence[ListSeen]
    days: Sequence[Day]
    unexplained: int
    differences: int


def read_proof(session: Session, account_id: UUID, *, now: datetime) -> Proof:
    """Read the ledger of one account."""
    days = account_days(session, account_id, last=now.date(), days=DAYS)
    by_name = {one.name: one for one in compared(session, account_id)}
    unexplained = sum(day.unexplained for day in days)
    differences = _open_differences(session, account_id)
    return Proof(
        verdict=verdict_of(unexplained, differences, by_name, now=now),
        lists=[ListSeen(name=words, seen=by_name.get(name)) for name, words in LISTS.items()],
        days=days,
        unexplained=unexplained,
        differences=differences,
    )


def verdict_of(
    unexplained: int, differences: int, by_name: Mapping[str, Compared], *, now: datetime
) -> Verdict:
    """Judge: only what was compared lately is proved."""
    if unexplained:
        return Verdict(
            colour="red",
            icon="alert-triangle",
            title=f"{unexplained:,} unexplained",
            sentence="Webhooks were kept whose rows are gone. Tell Goodsout's operator.",
        )
    if differences:
        return Verdict(
            colour="amber",
            icon="arrows-left-right",
            title=f"0 unexplained, {counted(differences, 'difference')} open",
            sentence="Nothing is lost. The vendors' lists and ours differ, each one is listed.",
        )
    seen = [by_name[name] for name in PROVING if name in by_name]
    if len(seen) < len(PROVING):
        return Verdict(
            colour="grey",
            icon="clock",
            title="Not proved yet",
            sentence="Both vendors' lists are compared every few minutes once sync is live.",
        )
    if min(one.compared_at for one in seen) < now - STALE_AFTER:
        return Verdict(
            colour="amber",
            icon="clock-pause",
            title="0 unexplained, but compared long ago",
            sentence="A list is compared every few minutes; one was not for over an hour.",
        )
    return Verdict(
        colour="green",
        icon="shield-check",
        title="0 unexplained",
        sentence="Every webhook, note, order and shipment of both vendors is accounted for.",
    )


def _open_differences(session: Session, account_id: UUID) -> int:
    counting = select(func.count()).where(
        col(Difference.account_id) == account_id, col(Difference.ended_at).is_(None)
    )
    count: int = session.execute(counting).scalar_one()
    return count
