"""Dead letters delivered again, except where that is needless: worked out before, and once more.

A dead letter is not delivered again where a later event about the same came to a good end, or where
one is open that looks at the vendor anyway.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlmodel import Session

from shared.db.journal_tables import EVENT
from shared.events import Lane
from shared.journal.dead import open_dead
from shared.journal.release import close_needless, replay_all
from shared.journal.settle import DELIVERED

AT_ONCE: Final = 500  # subjects in one statement
# What becomes of a dead letter, as it is counted.
DELIVERED_AGAIN, NEEDLESS, UNDER_WAY = "delivered_again", "needless", "under_way"

_E = EVENT.c

# What an event is about: its name and subject.
About = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """Dead letters by what becomes of them, each in the order that they were given in."""

    again: Sequence[Row[Any]]
    needless: Sequence[Row[Any]]
    under_way: Sequence[Row[Any]]


def sorted_out(session: Session, account_id: UUID, letters: Sequence[Row[Any]]) -> Sorted:
    """Say of each open dead letter (id, name, subject, recorded_at) what becomes of it."""
    last_success, is_open = _about(session, account_id, letters)
    parts: dict[str, list[Row[Any]]] = {DELIVERED_AGAIN: [], NEEDLESS: [], UNDER_WAY: []}
    for letter in letters:
        about = (letter.name, letter.subject)
        success = last_success.get(about)
        if letter.subject and success is not None and success > letter.recorded_at:
            parts[NEEDLESS].append(letter)
        elif letter.subject and about in is_open:
            parts[UNDER_WAY].append(letter)
        else:
            parts[DELIVERED_AGAIN].append(letter)
    return Sorted(
        again=parts[DELIVERED_AGAIN], needless=parts[NEEDLESS], under_way=parts[UNDER_WAY]
    )


def deliver_again(
    session: Session, account_id: UUID, ids: Collection[UUID], *, now: datetime, lane: Lane
) -> Mapping[str, int]:
    """Deliver those of a few hundred that need it, close the needless; counts what became of them.

    The caller commits.
    """
    facts = select(_E.id, _E.name, _E.subject, _E.recorded_at)
    letters = session.execute(facts.where(*open_dead(account_id), _E.id.in_(ids))).all()
    parts = sorted_out(session, account_id, letters)
    closed = close_needless(session, account_id, [one.id for one in parts.needless], now=now)
    made = replay_all(session, account_id, [one.id for one in parts.again], now=now, lane=lane)
    counts = {DELIVERED_AGAIN: len(made), NEEDLESS: len(closed), UNDER_WAY: len(parts.under_way)}
    return {code: number for code, number in counts.items() if number}


def _about(
    session: Session, account_id: UUID, letters: Sequence[Row[Any]]
) -> tuple[Mapping[About, datetime], set[About]]:
    """Find, by what they are about, the last success and whether an event is open."""
    names = {one.name for one in letters}
    last: dict[About, datetime] = {}
    is_open: set[About] = set()
    for subjects in _chunks(sorted({one.subject for one in letters if one.subject})):
        same = (_E.account_id == account_id, _E.subject.in_(subjects), _E.name.in_(names))
        good = select(_E.name, _E.subject, func.max(_E.recorded_at).label("at"))
        good = good.where(*same, _E.outcome == DELIVERED).group_by(_E.name, _E.subject)
        last |= {(row.name, row.subject): row.at for row in session.execute(good)}
        going = select(_E.name, _E.subject).where(*same, _E.settled_at.is_(None)).distinct()
        is_open |= {(row.name, row.subject) for row in session.execute(going)}
    return last, is_open


def _chunks(some: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(some), AT_ONCE):
        yield some[start : start + AT_ONCE]
