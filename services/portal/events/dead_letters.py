"""The account's dead letters by reason, and those that a person chose; every question names it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlmodel import Session

from services.portal.events.journal import matching
from services.portal.events.wanted import Wanted
from services.portal.events.words import DEAD
from shared.db.journal_tables import EVENT
from shared.journal.dead import open_dead
from shared.reasons.listed import reason_of
from shared.reasons.reason import Reason

AT_MOST: Final = 10_000
GROUPS_SHOWN: Final = 50

_E = EVENT.c
_FACTS = (_E.id, _E.name, _E.queue, _E.subject, _E.recorded_at, _E.settled_at, _E.reason_code)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Dead letters of one reason and kind of event."""

    code: str
    name: str
    count: int
    first: datetime
    last: datetime

    @property
    def reason(self) -> Reason:
        """What the code means."""
        return reason_of(self.code)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Dead letters that a person chose: these by id, or all that a filter finds."""

    wanted: Wanted
    ids: tuple[UUID, ...] = ()

    @property
    def is_many(self) -> bool:
        """Whether it may be more than one."""
        return len(self.ids) != 1


def groups(session: Session, account_id: UUID) -> Sequence[Group]:
    """Give the dead letters that wait, grouped by cause, the most first."""
    grouped = (
        select(
            _E.reason_code,
            _E.name,
            func.count().label("count"),
            func.min(_E.settled_at).label("first"),
            func.max(_E.settled_at).label("last"),
        )
        .where(*open_dead(account_id))
        .group_by(_E.reason_code, _E.name)
        .order_by(func.count().desc(), _E.reason_code, _E.name)
        .limit(GROUPS_SHOWN)
    )
    return [
        Group(code=row[0], name=row[1], count=row[2], first=row[3], last=row[4])
        for row in session.execute(grouped)
    ]


def chosen_rows(
    session: Session, account_id: UUID, chosen: Chosen, *, now: datetime
) -> Sequence[Row[Any]]:
    """Give what was chosen and is open, the longest dead first; one more than AT_MOST at most."""
    if chosen.ids:
        conditions = (*open_dead(account_id), _E.id.in_(chosen.ids))
    else:
        wanted = replace(chosen.wanted, state=DEAD)
        conditions = tuple(matching(account_id, wanted, now=now))
    query = select(*_FACTS).where(*conditions).order_by(_E.settled_at, _E.id)
    return session.execute(query.limit(AT_MOST + 1)).all()
