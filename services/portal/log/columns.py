"""Which columns of the sync log a person sees beside the first eight, and how close rows stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from shared.db.engine import insert_for
from shared.db.journal_tables import EVENT
from shared.db.list_tables import ListChoice
from shared.events import ABOUT_A_NOTE

STAGE, AGE, WAREHOUSE, CHANNEL = "stage", "age", "warehouse", "channel"
ATTEMPTS = "attempts"
SHIPHERO_ORDER, TRACKING, REASON = "shiphero_order", "tracking", "reason"
# What can be added, in the order in which the columns stand.
ADDED: Final[Mapping[str, str]] = {
    STAGE: "Stage",
    AGE: "Age",
    WAREHOUSE: "Warehouse",
    CHANNEL: "Channel",
    ATTEMPTS: "Attempts",
    SHIPHERO_ORDER: "ShipHero order",
    TRACKING: "Tracking",
    REASON: "Reason",
}

_E = EVENT.c


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """How one person wants the list drawn and sorted."""

    columns: Sequence[str] = ()
    is_dense: bool = False
    sort: str = ""
    direction: str = ""

    @property
    def added(self) -> Mapping[str, str]:
        """Give the columns that are added, with their names."""
        return {code: name for code, name in ADDED.items() if code in self.columns}

    @property
    def order(self) -> dict[str, str]:
        """Give the order that the list opens with, as it stands in the address."""
        given = {"sort": self.sort, "dir": self.direction}
        return {name: value for name, value in given.items() if value}


def drawn_for(session: Session, account_id: UUID, user_id: int) -> Drawn:
    """Read a person's choice; without one the list is drawn as it comes."""
    row = session.get(ListChoice, (account_id, user_id))
    if row is None:
        return Drawn()
    return Drawn(
        columns=[one for one in row.columns if one in ADDED],
        is_dense=row.is_dense,
        sort=row.sort,
        direction=row.direction,
    )


def keep_drawn(session: Session, account_id: UUID, user_id: int, drawn: Drawn) -> None:
    """Keep a person's choice; the caller commits."""
    values = {
        "columns": list(drawn.columns),
        "is_dense": drawn.is_dense,
        "sort": drawn.sort,
        "direction": drawn.direction,
    }
    row = insert_for(session)(ListChoice).values(account_id=account_id, user_id=user_id, **values)
    session.execute(
        row.on_conflict_do_update(index_elements=["account_id", "user_id"], set_=values)
    )


def attempts_of(session: Session, account_id: UUID, note_ids: Iterable[int]) -> Mapping[int, int]:
    """Count the attempts at all events about each of the notes."""
    subjects = [str(note_id) for note_id in note_ids]
    if not subjects:
        return {}  # to PostgreSQL an empty list would seem to be a dear one
    tries = select(_E.subject, func.sum(_E.tries)).where(
        _E.account_id == account_id, _E.subject.in_(subjects), _E.name.in_(ABOUT_A_NOTE)
    )
    return {int(row[0]): int(row[1] or 0) for row in session.execute(tries.group_by(_E.subject))}
