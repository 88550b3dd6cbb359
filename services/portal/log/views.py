"""Views of the sync log: the filters that everybody has, and those that a person keeps by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from services.portal.log.customers import names_customer
from services.portal.log.matching import matching
from services.portal.log.stage_filter import LATE, NOT_WRITTEN_BACK
from services.portal.log.wanted import LEFT_OUT, NEEDS_YOU, ON_THE_WAY, Wanted
from shared.db.list_tables import SavedView
from shared.db.note_tables import SYNC_LOG
from shared.journal.record import new_id

COUNTED_TO: Final = 10_000
VIEWS_AT_MOST: Final = 30  # of one person
LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 4_000

# A name and the filter behind it, as in the address.
BUILT_IN: Final[Sequence[tuple[str, Mapping[str, str]]]] = (
    ("All", {}),
    ("Needs you", {"state": NEEDS_YOU}),
    ("Waiting", {"state": ON_THE_WAY}),
    ("Retrying", {"stage": "retrying"}),
    ("At ShipHero, not shipped for over 24 h", {"stage": LATE}),
    ("Shipment not written back", {"stage": NOT_WRITTEN_BACK}),
    ("Skipped", {"state": LEFT_OUT}),
)


@dataclass(frozen=True, kw_only=True)
class View:
    """A filter with a name: its address's values, and how many notes it finds just now.

    `id` is that of a kept one, None for those that everybody has.
    """

    name: str
    links: Mapping[str, str]
    count: int
    id: UUID | None = None

    @property
    def number(self) -> str:
        """Write the count; past a limit it is not counted."""
        return f"{COUNTED_TO:,}+" if self.count > COUNTED_TO else f"{self.count:,}"


class RefusedError(Exception):
    """A view cannot be kept; the sentence says why."""


def views_of(session: Session, account_id: UUID, user_id: int, *, now: datetime) -> Sequence[View]:
    """Give everybody's views, then those that the person keeps, by name."""
    built_in = [
        View(name=name, links=links, count=_count(session, account_id, links, now=now))
        for name, links in BUILT_IN
    ]
    kept = []
    for row in session.execute(_of_person(account_id, user_id)).scalars():
        links = dict(parse_qsl(row.query))
        count = _count(session, account_id, links, now=now)
        kept.append(View(id=row.id, name=row.name, links=links, count=count))
    return [*built_in, *kept]


def keep_view(
    session: Session, account_id: UUID, user_id: int, name: str, wanted: Wanted, *, now: datetime
) -> SavedView:
    """Keep a filter under a name, in the place of the one that had it; the caller commits.

    Raises RefusedError.
    """
    query = urlencode(wanted.links)
    if not name:
        raise RefusedError("Give the view a name.")
    if not wanted.filters:
        raise RefusedError("Set a filter first; a view without one is “All”.")
    if names_customer(session, account_id, wanted):
        raise RefusedError(
            "A view is kept, and customers' addresses and names are not: pass the address of this "
            "page on instead."
        )
    if len(query) > LONGEST_QUERY:
        raise RefusedError("The list in this filter is too long to be kept.")
    kept = session.execute(_of_person(account_id, user_id)).scalars().all()
    view = next((one for one in kept if one.name == name), None)
    if view is None:
        if len(kept) >= VIEWS_AT_MOST:
            raise RefusedError(f"You keep {VIEWS_AT_MOST} views, which is the most; remove one.")
        view = SavedView(id=new_id(), account_id=account_id, user_id=user_id, name=name,
                         query=query, made_at=now)  # fmt: skip
    view.query = query
    session.add(view)
    return view


def remove_view(session: Session, account_id: UUID, user_id: int, view_id: UUID) -> str | None:
    """Remove a person's own view and give its name; None where they have none of that id."""
    found = _of_person(account_id, user_id).where(col(SavedView.id) == view_id)
    view = session.execute(found).scalar_one_or_none()
    if view is None:
        return None
    name: str = view.name
    session.delete(view)
    return name


def _of_person(account_id: UUID, user_id: int) -> Select[SavedView]:
    mine = select(SavedView).where(
        col(SavedView.account_id) == account_id, col(SavedView.user_id) == user_id
    )
    return mine.order_by(col(SavedView.name))


def _count(session: Session, account_id: UUID, links: Mapping[str, str], *, now: datetime) -> int:
    conditions = matching(account_id, Wanted.read(links), now=now)
    some = select(SYNC_LOG.c.note_id).where(*conditions).limit(COUNTED_TO + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one() or 0
