"""Count what days brought: each day by index, all of them in one statement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlmodel import Session

from services.notifier.report.facts import Owner
from services.notifier.report.numbers import Count
from shared.days import begin_of, end_of
from shared.db.note_tables import SYNC_LOG

_N = SYNC_LOG.c
# By what a note counts: when it came in, became an order, and was shipped in Brightpearl.
COUNTED: Final[Mapping[str, ColumnElement[datetime]]] = {
    "received": _N.inserted_at,
    "sent": _N.synced_at,
    "shipped": _N.shipped_at,
}


def counts_of_days(
    session: Session, owner: Owner, days: Sequence[date], *, until: datetime
) -> Mapping[date, Count]:
    """Count for each of `days`, of the account's own zone; nothing from `until` on."""
    asking = [_asking(owner, day, what, until) for day in days for what in COUNTED]
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, what, count in session.execute(union_all(*asking)):
        found[date.fromisoformat(day)][what] = count
    return {day: Count(**found[day]) for day in days}


def _asking(owner: Owner, day: date, what: str, until: datetime) -> Select[str, str, int]:
    at = COUNTED[what]
    begins, ends = begin_of(day, owner.zone), min(end_of(day, owner.zone), until)
    return (
        select(literal(day.isoformat()), literal(what), func.count())
        .select_from(SYNC_LOG)
        .where(_N.account_id == owner.id, at >= begins, at < ends)
    )
