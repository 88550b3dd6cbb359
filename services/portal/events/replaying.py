"""Deliver dead letters again: first the plan, then exactly that. Handlers look before they write.

A dead letter is not delivered again where a later event about the same came to a good end, where
one is open that looks at the vendor anyway, or where a younger one about the same is delivered.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlmodel import Session

from services.portal.events.dead_letters import AT_MOST, AT_ONCE, Chosen, chosen_rows
from services.portal.events.obstacles import obstacles
from services.portal.events.words import DELIVERED
from shared.audit import record_act
from shared.db.engine import OpenSession
from shared.db.journal_tables import EVENT
from shared.events import Lane
from shared.journal.release import close_needless, discard, replay_all

_E = EVENT.c

# What an event is about: its name and subject.
About = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a replay of the chosen dead letters does, by their ids.

    `replayed` are delivered again, and of these `waits` says how many will wait for what;
    `needless` are closed, as a later event succeeded; `under_way` and `repeated` are left to
    another event about the same. `more` were chosen than are taken at once.
    """

    replayed: Sequence[UUID]
    needless: Sequence[UUID]
    under_way: Sequence[UUID]
    repeated: Sequence[UUID]
    waits: Mapping[str, int] = field(default_factory=dict)
    more: bool = False

    @property
    def count(self) -> int:
        """How many are taken."""
        parts = (self.replayed, self.needless, self.under_way, self.repeated)
        return sum(len(part) for part in parts)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done: new events, and dead letters that were closed as needless."""

    replayed: int
    needless: int


def plan(session: Session, account_id: UUID, chosen: Chosen, *, now: datetime) -> Plan:
    """Say beforehand what `carry_out` does; nothing is written."""
    rows = chosen_rows(session, account_id, chosen, now=now)
    taken = rows[:AT_MOST]
    last_success, is_open = _about(session, account_id, taken)
    newest = _newest(taken)
    parts: dict[str, list[Row[Any]]] = {"replayed": [], "needless": [], "open": [], "repeated": []}
    for row in taken:
        about = (row.name, row.subject)
        success = last_success.get(about)
        if row.subject and success is not None and success > row.recorded_at:
            parts["needless"].append(row)
        elif row.subject and about in is_open:
            parts["open"].append(row)
        elif row.subject and newest[about] != row.id:
            parts["repeated"].append(row)
        else:
            parts["replayed"].append(row)
    return Plan(
        replayed=[row.id for row in parts["replayed"]],
        needless=[row.id for row in parts["needless"]],
        under_way=[row.id for row in parts["open"]],
        repeated=[row.id for row in parts["repeated"]],
        waits=_waits(session, account_id, parts["replayed"]),
        more=len(rows) > AT_MOST,
    )


def carry_out(
    open_session: OpenSession, account_id: UUID, chosen: Chosen, *, who: str, now: datetime
) -> Done:
    """Do what the plan says now, some hundred at a time, each time with its audit entry.

    One alone goes before backfill, as a person waits for it; many go behind live work.
    """
    with open_session() as session:
        ahead = plan(session, account_id, chosen, now=now)
    lane = Lane.BACKFILL if chosen.is_many else Lane.LIVE
    replayed = needless = 0
    for some in _chunks(ahead.needless):
        with open_session() as session:
            closed = close_needless(session, account_id, some, now=now)
            said = f"{len(closed)} closed: a later one succeeded"
            _record(session, account_id, "replayed", closed, said, who=who, now=now)
            session.commit()
        needless += len(closed)
    for some in _chunks(ahead.replayed):
        with open_session() as session:
            made = replay_all(session, account_id, some, now=now, lane=lane)
            said = f"{len(made)} delivered again"
            _record(session, account_id, "replayed", some if made else (), said, who=who, now=now)
            session.commit()
        replayed += len(made)
    return Done(replayed=replayed, needless=needless)


def discard_chosen(
    open_session: OpenSession,
    account_id: UUID,
    chosen: Chosen,
    *,
    who: str,
    note: str,
    now: datetime,
) -> int:
    """Close the chosen dead letters without a replay; gives how many."""
    with open_session() as session:
        rows = chosen_rows(session, account_id, chosen, now=now)
    count = 0
    for some in _chunks([row.id for row in rows[:AT_MOST]]):
        with open_session() as session:
            closed = discard(session, account_id, some, by=who, note=note, now=now)
            _record(session, account_id, "discarded", closed, note, who=who, now=now)
            session.commit()
        count += len(closed)
    return count


def _record(
    session: Session,
    account_id: UUID,
    act: str,
    ids: Sequence[UUID],
    said: str,
    *,
    who: str,
    now: datetime,
) -> None:
    if ids:
        subject = str(ids[0]) if len(ids) == 1 else f"{len(ids)} dead letters"
        record_act(session, account_id, who=who, act=act, subject=subject, after=said, now=now)


def _about(
    session: Session, account_id: UUID, rows: Sequence[Row[Any]]
) -> tuple[Mapping[About, datetime], set[About]]:
    """Find, by what the rows are about, the last success and whether an event is open."""
    names = {row.name for row in rows}
    last: dict[About, datetime] = {}
    is_open: set[About] = set()
    for subjects in _chunks(sorted({row.subject for row in rows if row.subject})):
        same = (_E.account_id == account_id, _E.subject.in_(subjects), _E.name.in_(names))
        good = select(_E.name, _E.subject, func.max(_E.recorded_at).label("at"))
        good = good.where(*same, _E.outcome == DELIVERED).group_by(_E.name, _E.subject)
        last |= {(row.name, row.subject): row.at for row in session.execute(good)}
        going = select(_E.name, _E.subject).where(*same, _E.settled_at.is_(None)).distinct()
        is_open |= {(row.name, row.subject) for row in session.execute(going)}
    return last, is_open


def _newest(rows: Sequence[Row[Any]]) -> Mapping[About, UUID]:
    ordered = sorted(rows, key=lambda row: (row.recorded_at, row.id))
    return {(row.name, row.subject): row.id for row in ordered}


def _waits(session: Session, account_id: UUID, rows: Sequence[Row[Any]]) -> Mapping[str, int]:
    in_the_way = obstacles(session, account_id)
    counted = Counter(row.queue for row in rows)
    waits = {in_the_way[queue]: number for queue, number in counted.items() if queue in in_the_way}
    return dict(sorted(waits.items()))


def _chunks(some: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(some), AT_ONCE):
        yield some[start : start + AT_ONCE]
