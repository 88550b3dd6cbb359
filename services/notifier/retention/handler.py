"""The day's turn of what is old: in small batches, for some seconds, and then behind other work."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from sqlmodel import Session

from services.notifier.retention.archiving import archive_events
from services.notifier.retention.ending import endings
from services.notifier.retention.erasing import (
    erase_corrections,
    erase_exchanges,
    erase_payloads,
    erase_shadow_orders,
)
from services.notifier.retention.periods import Before
from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.events import RETENTION_REQUESTED, Event, Lane, NewEvent
from shared.messaging.units import Unit
from shared.outcome import Delivered, Outcome

log = structlog.get_logger()

# Rows of one transaction: a writer that meets it waits for milliseconds.
BATCH: Final = 200
# How long one event works before it lets others go first.
WORKS_FOR: Final = timedelta(seconds=5)
# What a later event of the same turn is about; the first is about its account.
MORE: Final = "more"

# Does one batch in a transaction, and says how many rows that were.
Step = Callable[[Session], int]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What one account's turn is made with; `before` says what is old."""

    code: str
    open_session: OpenSession
    before: Before
    now: Now
    batch: int = BATCH


def look_after_the_past(
    events: Sequence[Event], *, desk_of: Callable[[Event], Desk]
) -> Iterable[Unit]:
    """Take one turn for all that ask for the same account."""
    desk = desk_of(events[0])
    return [Unit(events=tuple(events), run=partial(take_a_turn, events[0], desk=desk))]


def take_a_turn(event: Event, *, desk: Desk) -> Outcome:
    """Erase, archive and end what is old; each batch is kept by itself. Safe to run twice.

    What belongs to no account alone is done by whichever account's turn comes first.
    """
    done: Counter[str] = Counter()
    begun, is_over = desk.now(), True
    for name, step in _steps(event, desk):
        while is_over:
            count = _do(step, desk)
            done[name] += count
            if count < desk.batch:
                break
            is_over = desk.now() - begun < WORKS_FOR
    log.info("retention.done", status="done" if is_over else "goes on", count=done.total())
    return Delivered(
        reference=event.subject,
        summary=_told(done, is_over=is_over),
        follow_ons=() if is_over else (_more(event, desk),),
    )


def _steps(event: Event, desk: Desk) -> Iterator[tuple[str, Step]]:
    before, limit = desk.before, desk.batch
    yield "exchanges", partial(erase_exchanges, before=before, limit=limit)
    yield "payloads", partial(erase_payloads, before=before, limit=limit)
    yield "shadow_orders", partial(erase_shadow_orders, before=before, limit=limit)
    yield "corrections", partial(erase_corrections, before=before, limit=limit)
    archive = partial(archive_events, account_id=event.account_id, before=before, limit=limit)
    yield "archived", archive
    for name, end in endings(before):
        yield name, partial(end, limit=limit)


def _do(step: Step, desk: Desk) -> int:
    with our_trouble(), desk.open_session() as session:
        count = step(session)
        session.commit()
    return count


def _told(done: Counter[str], *, is_over: bool) -> str:
    personal = ("exchanges", "payloads", "shadow_orders", "note_person", "corrections")
    erased = sum(done[name] for name in personal)
    ended = done.total() - erased - done["archived"]
    told = f"{erased} erased, {done['archived']} events archived, {ended} rows ended."
    return told if is_over else f"{told} There is more; it goes on behind other work."


def _more(event: Event, desk: Desk) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=RETENTION_REQUESTED,
        subject=MORE,
        dedupe_key=f"{desk.code}:retention:{event.id}:more",
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )
