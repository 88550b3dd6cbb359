"""Something done with very many notes or dead letters: part after part, each by an event.

The first part is done where it is asked for, so that a few are done at once. Every part is one
transaction with its count and with the event for the next part: it happens once, survives whoever
asked leaving the page, rests where a person pauses it, and ends where a person cancels the rest.
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
from shared.notes.stopping_many import Fate, let_notes_go, stop_notes

RETRY, HANDLE, HOLD, LET_GO = "retry", "handle", "hold", "let_go"
REPLAY, DISCARD = "replay", "discard"
AT_ONCE: Final = 500  # notes or dead letters in one part

HANDLED, DISCARDED = "handled", "discarded"
# What became of those with which something was done; of all others nothing was.
GOOD: Final = frozenset({
    Chance.RETRIED.value, HANDLED, Fate.STOPPED.value, Fate.LET_GO.value, DELIVERED_AGAIN, NEEDLESS,
    DISCARDED,
})  # fmt: skip


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
    """Do the part that begins at `taken`, unless it is done already, or is not to be done now."""
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None or act.account_id != account_id or act.taken != taken:
        return
    if act.ended_at is None and act.stopped_at is None:
        _take(session, act, now=now)


def pause(session: Session, act_id: UUID, *, who: str, now: datetime) -> bool:
    """Have no further part done for now; False where it rests or has ended. The caller commits."""
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None or act.ended_at or act.stopped_at:
        return False
    act.stopped_by, act.stopped_at = who, now
    session.add(act)
    return True


def resume(session: Session, act_id: UUID, *, now: datetime) -> bool:
    """Have the next part done after all; False where it is not paused. The caller commits."""
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None or act.ended_at or act.stopped_at is None:
        return False
    # The event for this part may be settled by now; should both come, the part is done once.
    record(session, _next_part(session, act, since=act.stopped_at), now=now)
    act.stopped_by, act.stopped_at = "", None
    session.add(act)
    return True


def cancel(session: Session, act_id: UUID, *, who: str, now: datetime) -> bool:
    """End it after the part that is being done; False where it has ended. The caller commits."""
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None or act.ended_at:
        return False
    act.stopped_by, act.stopped_at, act.ended_at = who, now, now
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


def _next_part(session: Session, act: BulkAct, since: datetime | None = None) -> NewEvent:
    """Ask for the part that comes next, once; and once more after each pause, which began then."""
    code = session.get_one(Account, act.account_id).code
    again = f":{since:%Y%m%dT%H%M%S%f}" if since else ""
    return NewEvent(
        account_id=act.account_id,
        name=BULK_ACT_REQUESTED,
        subject=str(act.id),
        dedupe_key=f"{code}:bulk:{act.id}:{act.taken}{again}",
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


def _hold(session: Session, act: BulkAct, some: Sequence[str], now: datetime) -> Mapping[str, int]:
    notes = [int(note) for note in some]
    return _told(stop_notes(session, act.account_id, notes, who=act.asked_by, now=now))


def _let_go(
    session: Session, act: BulkAct, some: Sequence[str], now: datetime
) -> Mapping[str, int]:
    notes = [int(note) for note in some]
    return _told(let_notes_go(session, act.account_id, notes, now=now))


def _told(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {fate.value: counts[fate] for fate in Fate if counts.get(fate)}


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
    HOLD: _hold,
    LET_GO: _let_go,
    REPLAY: _replay,
    DISCARD: _discard,
}
