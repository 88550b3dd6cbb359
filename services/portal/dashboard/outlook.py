"""When an account's backlog will be done, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from services.portal.dashboard.budgets import Budget
from services.portal.dashboard.forecast import Forecast, Pace, forecast
from services.portal.dashboard.queues import Depth
from shared.budgets.book import WRITTEN
from shared.db.note_tables import SYNC_LOG
from shared.events import Queue
from shared.number_words import counted, lasting

_N = SYNC_LOG.c

# A pace is measured over so long, where something was due all the while.
PACE_OVER: Final = timedelta(minutes=10)
# The queues whose events are notes: what such a one is called, and when it was done.
NOUNS: Final = {Queue.SHIPHERO_PUSH.value: "note", Queue.SHIPMENT_RETURN.value: "shipment"}
DONE_AT: Final = {
    Queue.SHIPHERO_PUSH.value: _N.synced_at,
    Queue.SHIPMENT_RETURN.value: _N.shipped_at,
}


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What waits and when it is done; `at` is None where nobody can say, or nothing waits."""

    waiting: str
    sentence: str
    at: datetime | None = None


def read_outlook(
    session: Session,
    account_id: UUID,
    budgets: Sequence[Budget],
    depths: Sequence[Depth],
    *,
    now: datetime,
) -> Outlook:
    """Foretell when all notes that wait are done."""
    notes = {depth.queue: depth.backlog for depth in depths if depth.queue in NOUNS}
    paces = {
        depth.queue: _pace(session, account_id, depth.queue, now=now)
        for depth in depths
        if depth.queue in NOUNS and _was_due(depth, since=now - PACE_OVER)
    }
    told = forecast(notes, [budget.allowed(now) for budget in budgets], paces)
    return outlook_of(notes, told, now=now)


def outlook_of(notes: Mapping[str, int], told: Forecast, *, now: datetime) -> Outlook:
    """Put a forecast into words."""
    waiting = " and ".join(
        counted(notes[queue], noun) for queue, noun in NOUNS.items() if notes.get(queue)
    )
    if not waiting or told.seconds is None:
        return Outlook(waiting=waiting, sentence=told.why)
    ground = f"by what {WRITTEN[told.why]} allows" if told.why in WRITTEN else told.why
    return Outlook(
        waiting=waiting,
        sentence=f"Done in about {lasting(max(1.0, told.seconds))}, {ground}.",
        at=now + timedelta(seconds=told.seconds),
    )


def _was_due(depth: Depth, *, since: datetime) -> bool:
    return depth.oldest_due is not None and depth.oldest_due <= since


def _pace(session: Session, account_id: UUID, queue: str, *, now: datetime) -> Pace:
    at = DONE_AT[queue]
    done = select(func.count()).where(_N.account_id == account_id, at >= now - PACE_OVER, at <= now)
    return Pace(done=session.execute(done).scalar_one(), within=PACE_OVER.total_seconds())
