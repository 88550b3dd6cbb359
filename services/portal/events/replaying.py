"""Deliver dead letters again: first the plan, then exactly that. Handlers look before they write.

A dead letter is not delivered again where a later event about the same came to a good end, where
one is open that looks at the vendor anyway, or where a younger one about the same is delivered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session

from services.portal.events.dead_letters import AT_MOST, Chosen, chosen_rows
from services.portal.events.obstacles import obstacles
from shared.audit import record_act
from shared.bulk import DISCARD, REPLAY, Wish, begin
from shared.db.list_tables import BulkAct
from shared.events import Lane
from shared.journal.again import About, sorted_out


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


def plan(session: Session, account_id: UUID, chosen: Chosen, *, now: datetime) -> Plan:
    """Say beforehand what `carry_out` does; nothing is written."""
    rows = chosen_rows(session, account_id, chosen, now=now)
    parts = sorted_out(session, account_id, rows[:AT_MOST])
    newest = _newest(rows[:AT_MOST])
    repeated = {row.id for row in parts.again if row.subject and newest[_about(row)] != row.id}
    replayed = [row for row in parts.again if row.id not in repeated]
    return Plan(
        replayed=[row.id for row in replayed],
        needless=[row.id for row in parts.needless],
        under_way=[row.id for row in parts.under_way],
        repeated=[row.id for row in parts.again if row.id in repeated],
        waits=_waits(session, account_id, replayed),
        more=len(rows) > AT_MOST,
    )


def carry_out(
    session: Session, account_id: UUID, chosen: Chosen, *, who: str, words: str, now: datetime
) -> BulkAct | None:
    """Do what the plan says now; None where it would do nothing. The caller commits.

    One alone goes before backfill, as a person waits for it; many go behind live work.
    """
    ahead = plan(session, account_id, chosen, now=now)
    ids = [*ahead.needless, *ahead.replayed]
    if not ids:
        return None
    _record(session, account_id, "replayed", ids, words, who=who, now=now)
    wish = Wish(
        kind=REPLAY,
        asked_by=who,
        subjects=[str(one) for one in ids],
        chosen_by=words,
        lane=Lane.BACKFILL if chosen.is_many else Lane.LIVE,
    )
    return begin(session, account_id, wish, now=now)


def discard_chosen(
    session: Session,
    account_id: UUID,
    chosen: Chosen,
    *,
    who: str,
    note: str,
    words: str,
    now: datetime,
) -> BulkAct | None:
    """Close the chosen dead letters without a replay; None where none is open.

    The caller commits.
    """
    ids = [row.id for row in chosen_rows(session, account_id, chosen, now=now)[:AT_MOST]]
    if not ids:
        return None
    _record(session, account_id, "discarded", ids, note, who=who, now=now)
    subjects = [str(one) for one in ids]
    wish = Wish(kind=DISCARD, asked_by=who, subjects=subjects, chosen_by=words, note=note)
    return begin(session, account_id, wish, now=now)


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
    subject = str(ids[0]) if len(ids) == 1 else f"{len(ids)} dead letters"
    record_act(session, account_id, who=who, act=act, subject=subject, after=said, now=now)


def _newest(rows: Sequence[Row[Any]]) -> Mapping[About, UUID]:
    ordered = sorted(rows, key=lambda row: (row.recorded_at, row.id))
    return {_about(row): row.id for row in ordered}


def _about(row: Row[Any]) -> About:
    return (row.name, row.subject)


def _waits(session: Session, account_id: UUID, rows: Sequence[Row[Any]]) -> Mapping[str, int]:
    in_the_way = obstacles(session, account_id)
    counted = Counter(row.queue for row in rows)
    waits = {in_the_way[queue]: number for queue, number in counted.items() if queue in in_the_way}
    return dict(sorted(waits.items()))
