"""A person wants many goods-out notes tried again, by the rules of `shared.notes.retrying`.

What is told beforehand and what is done come from the same steps, so they differ only by what
happened in between.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from shared.db.journal_tables import EventRow
from shared.events import GOODS_OUT_NOTE_CHANGED, Lane
from shared.journal.dead import IS_DEAD
from shared.journal.planned import try_now
from shared.journal.release import replay_all
from shared.notes.retrying import WHICH_WAY, Step, steps_that_help
from shared.notes.state import KEPT_BACK

# Notes in one statement, and in one transaction of those that write.
AT_ONCE: Final = 500


class Chance(StrEnum):
    """What becomes of a note that is to be retried."""

    RETRIED = "retried"
    NEEDS_SETTING = "needs_setting"
    KEPT_BACK = "kept_back"
    IN_PROGRESS = "in_progress"
    NOTHING = "nothing"


# Its way to ShipHero takes a vendor's credits: counted beside the notes themselves.
TO_SHIPHERO: Final = "to_shiphero"


def foresee_retries(
    session: Session, account_id: UUID, note_ids: Sequence[int], *, now: datetime
) -> Mapping[str, int]:
    """Count the notes by what `retry_notes` would do with them, and those sent to ShipHero."""
    counts: Counter[str] = Counter()
    for some in _chunks(note_ids):
        events = _events(session, account_id, some)
        for note_id in some:
            counts.update(_foreseen(events.get(note_id, []), now=now))
    return counts


def retry_notes(
    session: Session,
    account_id: UUID,
    note_ids: Sequence[int],
    *,
    now: datetime,
    lane: Lane = Lane.LIVE,
) -> Mapping[str, int]:
    """Retry up to AT_ONCE notes and count them by what was done; the caller commits.

    Replays go in `lane`, so that very many need not go before what comes in now.
    """
    if len(note_ids) > AT_ONCE:
        raise ValueError(f"{len(note_ids)} notes at once; {AT_ONCE} are allowed")
    events = _events(session, account_id, note_ids)
    steps = [step for one in events.values() for step in steps_that_help(one, now=now)]
    counts: Counter[str] = Counter()
    for note_id in note_ids:
        counts.update(_foreseen(events.get(note_id, []), now=now))
    for step in steps:
        if not step.is_replay:
            try_now(session, step.event.id, now=now)
    dead = [step.event.id for step in steps if step.is_replay]
    replay_all(session, account_id, dead, now=now, lane=lane)
    return counts


def _events(
    session: Session, account_id: UUID, note_ids: Sequence[int]
) -> Mapping[int, list[EventRow]]:
    """Read what is open or dead about the notes, oldest first."""
    about = (
        select(EventRow)
        .where(
            EventRow.account_id == account_id,
            col(EventRow.subject).in_([str(note_id) for note_id in note_ids]),
            col(EventRow.name).in_(WHICH_WAY),
            col(EventRow.settled_at).is_(None) | IS_DEAD,
        )
        .options(defer(cast("Any", EventRow.payload)))
    )
    found: dict[int, list[EventRow]] = defaultdict(list)
    for event in session.exec(about.order_by(col(EventRow.recorded_at), col(EventRow.id))):
        found[int(event.subject)].append(event)
    return found


def _foreseen(events: Sequence[EventRow], *, now: datetime) -> Iterator[str]:
    steps = list(steps_that_help(events, now=now))
    yield _chance(events, steps)
    if any(step.event.name == GOODS_OUT_NOTE_CHANGED for step in steps):
        yield TO_SHIPHERO


def _chance(events: Sequence[EventRow], steps: Sequence[Step]) -> Chance:
    waiting = [event for event in events if event.settled_at is None]
    if steps:
        return Chance.RETRIED
    if any(event.hold_cause is not None for event in waiting):
        return Chance.NEEDS_SETTING
    if any(event.reason_code == KEPT_BACK for event in waiting):
        return Chance.KEPT_BACK
    return Chance.IN_PROGRESS if waiting else Chance.NOTHING


def _chunks(note_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(note_ids), AT_ONCE):
        yield note_ids[start : start + AT_ONCE]
