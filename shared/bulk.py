"""Something done with very many notes or dead letters: part after part, each by an event.

The first part is done where it is asked for, so that a few are done at once. Every part is one
transaction with its count and with the event for the next part: it happens once, survives whoever
asked leaving the page, and ends where a person stops it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from shared.db.account_tables import Account
from shared.db.list_tables import BulkAct
from shared.events import BULK_ACT_REQUESTED, Lane, NewEvent
from shared.journal.again import DELIVERED_AGAIN, NEEDLESS, deliver_again
from shared.journal.record import new_id, record
from shared.journal.release import discard
from shared.notes.handled import mark_all_handled
from shared.notes.retrying_many import Chance, retry_notes

RETRY, HANDLE, REPLAY, DISCARD = "retry", "handle", "replay", "discard"
AT_ONCE: Final = 500  # notes or dead letters in one part

HANDLED, DISCARDED = "handled", "discarded"
# What became of those with which something was done; of all others nothing was.
GOOD: Final = frozenset({Chance.RETRIED.value, HANDLED, DELIVERED_AGAIN, NEEDLESS, DISCARDED})


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person wants done with which ids; `chosen_by` is the filter in words."""

    kind: str
    asked_by: str
    subjects: Sequence[str]
    chosen_by: str = ""
    note: str = ""
    lane: Lane = Lane.LIVE


def begin(session: Session, account_id: UUID, wish: Wish, *, now: datetime) -> BulkAct:
    """Keep the wish, do its first part and have the others done; the caller commits."""
    act = BulkAct(
        id=new_id(),
        account_id=account_id,
        kind=wish.kind,
        asked_by=wish.asked_by,
        asked_at=now,
        chosen_by=wish.chosen_by,
        note=wish.note,
        lane=wish.lane.value,
        subjects=list(wish.subjects),
        asked=len(wish.subjects),
    )
    session.add(act)
    session.flush()
    _take(session, act, now=now)
    return act


def go_on(session: Session, account_id: UUID, act_id: UUID, taken: int, *, now: datetime) -> None:
    """Do the part that begins at `taken`, unless it is done already or a person stopped it."""
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None or act.account_id != account_id or act.ended_at or act.taken != taken:
        return
    if act.stopped_at is not None:
        act.ended_at = now
        session.add(act)
        return
    _take(session, act, now=now)


def stop(session: Session, act_id: UUID, *, who: str, now: datetime) -> bool:
    """Have no further part done; False where it has ended or was stopped. The caller commits."""
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None or act.ended_at or act.stopped_at:
        return False
    act.stopped_by, act.stopped_at = who, now
    session.add(act)
    return True


def _take(session: Session, act: BulkAct, *, now: datetime) -> None:
    some = act.subjects[act.taken : act.taken + AT_ONCE]
    counts = _WORK[act.kind](session, act, some, now)
    act.counts = dict(Counter(act.counts) + Counter(counts))
    act.done += sum(number for code, number in counts.items() if code in GOOD)
    act.taken += len(some)
    if act.taken >= act.asked:
        act.ended_at = now
    else:
        record(session, _next_part(session, act), now=now)
    session.add(act)


def _next_part(session: Session, act: BulkAct) -> NewEvent:
    code = session.get_one(Account, act.account_id).code
    return NewEvent(
        account_id=act.account_id,
        name=BULK_ACT_REQUESTED,
        subject=str(act.id),
        dedupe_key=f"{code}:bulk:{act.id}:{act.taken}",
        payload={"taken": act.taken},
    )


def _retry(session: Session, act: BulkAct, some: Sequence[str], now: datetime) -> Mapping[str, int]:
    notes = [int(note) for note in some]
    counts = retry_notes(session, act.account_id, notes, now=now, lane=Lane(act.lane))
    return {chance.value: counts[chance] for chance in Chance if counts.get(chance)}


def _handle(
    session: Session, act: BulkAct, some: Sequence[str], now: datetime
) -> Mapping[str, int]:
    notes = [int(note) for note in some]
    marked = mark_all_handled(
        session, act.account_id, notes, by=act.asked_by, note=act.note, now=now
    )
    return {HANDLED: len(marked)}


def _replay(
    session: Session, act: BulkAct, some: Sequence[str], now: datetime
) -> Mapping[str, int]:
    letters = [UUID(letter) for letter in some]
    return deliver_again(session, act.account_id, letters, now=now, lane=Lane(act.lane))


def _discard(
    session: Session, act: BulkAct, some: Sequence[str], now: datetime
) -> Mapping[str, int]:
    letters = [UUID(letter) for letter in some]
    closed = discard(session, act.account_id, letters, by=act.asked_by, note=act.note, now=now)
    return {DISCARDED: len(closed)}


_Work = Callable[[Session, BulkAct, Sequence[str], datetime], Mapping[str, int]]
_WORK: Final[Mapping[str, _Work]] = {
    RETRY: _retry,
    HANDLE: _handle,
    REPLAY: _replay,
    DISCARD: _discard,
}
