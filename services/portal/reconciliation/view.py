"""What the Reconciliation page reads: the last comparisons and the open differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from services.portal.connections.connection_view import open_alerts
from services.portal.frame.paging import leaf
from services.portal.frame.places import Place
from services.portal.log.sync_log import known_among
from shared.comparisons import Summary, comparisons_between
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import Account
from shared.db.journal_tables import EVENT
from shared.db.portal_tables import Difference
from shared.db.vendor_tables import Alert
from shared.differences import KINDS, Kind, note_of, open_counts
from shared.events import RECONCILIATION_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED
from shared.watermarks import NOTES, NOTES_FROM, OPEN_NOTES, ORDERS, Compared, compared

SHOWN_EACH: Final = 10
SHOWN_OF_ONE: Final = 100
LATELY: Final = timedelta(days=1)
MOMENT: Final = timedelta(seconds=1)  # what ended just now is among them
RECENT: Final = timedelta(days=7)
REQUESTS: Final[Mapping[str, str]] = {
    BRIGHTPEARL: RECONCILIATION_REQUESTED,
    SHIPHERO: SHIPHERO_RECONCILIATION_REQUESTED,
}

_E = EVENT.c


@dataclass(frozen=True, kw_only=True)
class VendorList:
    """One vendor's list as it was last compared; `since` is from when on it is without a gap.

    `lately` sums up the comparisons of the last day.
    """

    title: str
    what: str
    counted: str
    compared: Compared | None
    since: datetime | None
    is_under_way: bool
    lately: Summary | None = None

    @property
    def found_words(self) -> str:
        """How many the list had."""
        count = self.compared.found if self.compared else 0
        return f"{count:,} {self.counted}"


@dataclass(frozen=True, kw_only=True)
class Section:
    """The open differences of one kind: how many, and the newest of them.

    `pages` are the notes that have a page of their own.
    """

    code: str
    count: int
    rows: Sequence[Difference]
    pages: frozenset[int]
    older: Place | None = None

    @property
    def kind(self) -> Kind:
        """Its words."""
        return KINDS[self.code]


@dataclass(frozen=True, kw_only=True)
class View:
    """All that the page shows."""

    account: Account
    lists: Sequence[VendorList]
    sections: Sequence[Section]
    ended: int
    alerts: Sequence[Alert]

    @property
    def count(self) -> int:
        """How many differences are open."""
        return sum(section.count for section in self.sections)

    @property
    def is_under_way(self) -> bool:
        """Whether a comparison is going on."""
        return any(one.is_under_way for one in self.lists)

    @property
    def last(self) -> datetime | None:
        """When a list was compared last."""
        times = [one.compared.compared_at for one in self.lists if one.compared]
        return max(times, default=None)


def view_of(session: Session, account_id: UUID, *, now: datetime) -> View:
    """Read it for one account."""
    counts = open_counts(session, account_id)
    return View(
        account=session.get_one(Account, account_id),
        lists=lists_of(session, account_id, now=now),
        sections=[
            section(session, account_id, code, count=counts[code], limit=SHOWN_EACH)
            for code in KINDS
            if counts[code]
        ],
        ended=_ended_since(session, account_id, now - RECENT),
        alerts=open_alerts(session, account_id),
    )


def section(
    session: Session,
    account_id: UUID,
    code: str,
    *,
    count: int,
    limit: int = SHOWN_OF_ONE,
    before: Place | None = None,
) -> Section:
    """Read the differences of one kind, the newest first."""
    of_kind = select(Difference).where(
        Difference.account_id == account_id,
        Difference.kind == code,
        col(Difference.ended_at).is_(None),
    )
    newest_first = of_kind.order_by(col(Difference.found_at).desc(), col(Difference.id).desc())

    def find(place: Place | None, limit: int, *, onward: bool) -> Sequence[Difference]:  # noqa: ARG001 - the list goes one way
        key = tuple_(col(Difference.found_at), col(Difference.id))
        older = () if place is None else (key.__lt__((place.at, place.id)),)
        return session.exec(newest_first.where(*older).limit(limit)).all()

    found = leaf(find, _place_of, size=limit, after=before)
    rows = found.rows
    pages = known_among(session, account_id, set(note_ids(rows).values()))
    return Section(code=code, count=count, rows=rows, pages=frozenset(pages), older=found.next)


def lists_of(session: Session, account_id: UUID, *, now: datetime) -> Sequence[VendorList]:
    """Read how far each list was compared, and what is going on."""
    known = {one.name: one for one in compared(session, account_id)}
    going = _under_way(session, account_id)
    lately = comparisons_between(session, account_id, start=now - LATELY, end=now + MOMENT)
    go_live = session.get_one(Account, account_id).go_live_at
    since = known[NOTES_FROM].reached if NOTES_FROM in known else None
    return (
        VendorList(
            title="Notes in Brightpearl",
            what="every goods-out note made since go-live",
            counted="to be sent",
            compared=known.get(NOTES),
            since=since,
            is_under_way=REQUESTS[BRIGHTPEARL] in going,
            lately=lately.get(NOTES),
        ),
        VendorList(
            title="Open notes in Brightpearl",
            what="notes not shipped yet, against the orders we sent",
            counted="open",
            compared=known.get(OPEN_NOTES),
            since=since,
            is_under_way=REQUESTS[BRIGHTPEARL] in going,
            lately=lately.get(OPEN_NOTES),
        ),
        VendorList(
            title="Orders and shipments in ShipHero",
            what="orders of ours that changed, with their shipments",
            counted="of ours",
            compared=known.get(ORDERS),
            since=go_live if ORDERS in known else None,
            is_under_way=REQUESTS[SHIPHERO] in going,
            lately=lately.get(ORDERS),
        ),
    )


def note_ids(rows: Sequence[Difference]) -> Mapping[UUID, int]:
    """Give the note that each difference is about."""
    return {row.id: note_of(row.subject) for row in rows}


def _under_way(session: Session, account_id: UUID) -> set[str]:
    names = list(REQUESTS.values())
    going = select(_E.name).where(
        _E.account_id == account_id,
        _E.queue.in_(["order_ingest", "shipment_return"]),
        _E.name.in_(names),
        _E.settled_at.is_(None),
        _E.hold_cause.is_(None),
    )
    return set(session.execute(going.distinct()).scalars())


def _ended_since(session: Session, account_id: UUID, since: datetime) -> int:
    ended = select(func.count()).where(
        Difference.account_id == account_id, col(Difference.ended_at) >= since
    )
    return int(session.exec(ended).one())


def _place_of(row: Difference) -> Place:
    return Place(at=row.found_at, id=row.id)
