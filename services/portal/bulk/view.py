"""Bulk actions as they are read: who asked for what, how far it has come, what became of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_
from sqlmodel import Session, SQLModel

from services.portal.frame.paging import Leaf, leaf
from services.portal.frame.places import Place
from shared.bulk import DISCARD, DISCARDED, HANDLE, HANDLED, HOLD, LET_GO, REPLAY, RETRY
from shared.db.journal_tables import EVENT
from shared.db.list_tables import BulkAct
from shared.db.note_tables import SYNC_LOG
from shared.events import BULK_ACT_REQUESTED
from shared.journal.again import DELIVERED_AGAIN, NEEDLESS, UNDER_WAY
from shared.journal.dead import open_dead
from shared.journal.supersede import DEAD
from shared.notes.retrying import WHICH_WAY
from shared.notes.retrying_many import Chance
from shared.notes.stopping_many import Fate

PAGE_SIZE: Final = 30
NOTES_AT_ONCE: Final = 1_000

_B: Final = SQLModel.metadata.tables["bulk_act"].c
_E, _S = EVENT.c, SYNC_LOG.c
# The ids may be very many, and no page shows them.
_SHOWN: Final = [column for column in _B if column.name != "subjects"]

# What is done, and with what.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    RETRY: ("Retry", "notes"),
    HANDLE: ("Mark as handled", "notes"),
    HOLD: ("Hold", "notes"),
    LET_GO: ("Let go", "notes"),
    REPLAY: ("Deliver again", "dead letters"),
    DISCARD: ("Discard", "dead letters"),
}
OF_NOTES: Final = frozenset({RETRY, HANDLE, HOLD, LET_GO})
BECAME: Final[Mapping[str, str]] = {
    Chance.RETRIED: "tried again",
    Chance.NEEDS_SETTING: "waiting for a setting or a connection: they go on by themselves then",
    Chance.KEPT_BACK: "kept back until their time has come",
    Chance.IN_PROGRESS: "in progress already",
    Chance.NOTHING: "with nothing to retry",
    HANDLED: "marked as handled",
    Fate.STOPPED: "held: they wait until somebody lets them go",
    Fate.STOPPED_ALREADY: "held by a person already",
    Fate.TOO_LATE: "left alone: their order was made or asked for, or they had ended",
    Fate.LET_GO: "let go: they are read afresh and sent",
    Fate.NOT_STOPPED: "left alone: no person had them wait",
    DELIVERED_AGAIN: "delivered again",
    NEEDLESS: "closed, as a later event about the same succeeded",
    UNDER_WAY: "left alone: an event about the same is open and looks anyway",
    DISCARDED: "discarded",
}
MOVED_ON: Final = "left alone: they had moved on by then"

GOING, PAUSED, CANCELLED, FAILED, DONE = "going", "paused", "cancelled", "failed", "done"
STANDINGS: Final[Mapping[str, tuple[str, str, str]]] = {
    GOING: ("Under way", "refresh", "blue"),
    PAUSED: ("Paused", "player-pause", "amber"),
    CANCELLED: ("Cancelled", "ban", "grey"),
    FAILED: ("Failed", "alert-triangle", "red"),
    DONE: ("Done", "circle-check", "green"),
}


@dataclass(frozen=True, kw_only=True)
class BulkView:
    """One bulk action; `dead_part` is the dead letter that keeps it from going on.

    `failed_again` counts the notes that were retried by it and have failed since.
    """

    row: Any
    dead_part: UUID | None = None
    # Where its notes stand now, by the sync log's states.
    states: Mapping[str, int] | None = None
    failed_again: int | None = None

    @property
    def title(self) -> str:
        """Say what is done with how many."""
        verb, noun = KINDS[self.row.kind]
        return f"{verb}: {self.row.asked:,} {noun[:-1] if self.row.asked == 1 else noun}"

    @property
    def is_of_notes(self) -> bool:
        """Whether notes are acted on, not dead letters."""
        return self.row.kind in OF_NOTES

    @property
    def refused(self) -> int:
        """With how many of those looked at nothing was done."""
        return int(self.row.taken - self.row.done)

    @property
    def left(self) -> int:
        """How many were not looked at yet."""
        return int(self.row.asked - self.row.taken)

    @property
    def standing(self) -> str:
        """Say how it stands: a key of STANDINGS."""
        if self.row.ended_at:
            return CANCELLED if self.left else DONE
        if self.row.stopped_at:
            return PAUSED
        return FAILED if self.dead_part else GOING

    @property
    def look(self) -> tuple[str, str, str]:
        """Give the chip: its word, icon and colour."""
        return STANDINGS[self.standing]

    @property
    def is_going(self) -> bool:
        """Whether it still changes."""
        return self.row.ended_at is None

    @property
    def became(self) -> Iterator[tuple[int, str]]:
        """Say what became of those that were looked at."""
        for code, words in BECAME.items():
            if number := self.row.counts.get(code, 0):
                yield number, words
        if rest := self.row.taken - sum(self.row.counts.values()):
            yield rest, MOVED_ON


def acts_before(session: Session, account_id: UUID, before: Place | None) -> Leaf[BulkView, Place]:
    """Give the newest bulk actions, or those asked for before one."""
    newest_first = select(*_SHOWN).where(_B.account_id == account_id)
    newest_first = newest_first.order_by(_B.asked_at.desc(), _B.id.desc())

    def find(place: Place | None, limit: int, *, onward: bool) -> Sequence[BulkView]:  # noqa: ARG001 - the list goes one way
        key = tuple_(_B.asked_at, _B.id)
        older = () if place is None else (key.__lt__((place.at, place.id)),)
        rows: Sequence[Row[Any]] = session.execute(newest_first.where(*older).limit(limit)).all()
        return [BulkView(row=row) for row in rows]

    return leaf(find, _place_of, size=PAGE_SIZE, after=before)


def act_of(session: Session, account_id: UUID, act_id: UUID) -> BulkView | None:
    """Read one; None where the account has no such action."""
    row = session.execute(
        select(*_SHOWN).where(_B.account_id == account_id, _B.id == act_id)
    ).one_or_none()
    if row is None:
        return None
    notes = notes_of(session, account_id, act_id) if row.kind == RETRY else ()
    return BulkView(
        row=row,
        dead_part=None if row.ended_at else _dead_part(session, account_id, act_id),
        states=_states(session, account_id, notes) if notes and row.ended_at else None,
        failed_again=_failed_again(session, account_id, notes, row.asked_at) if notes else None,
    )


def notes_of(session: Session, account_id: UUID, act_id: UUID) -> Sequence[int]:
    """Give the notes that an action is about, in its order; none where it is about others."""
    kind_of = select(_B.kind, _B.subjects).where(_B.account_id == account_id, _B.id == act_id)
    found = session.execute(kind_of).one_or_none()
    return [int(note) for note in found.subjects] if found and found.kind in OF_NOTES else []


def told(act: BulkAct) -> str:
    """Say in one sentence what was done so far, for right after it was asked for."""
    view = BulkView(row=act)
    parts = [f"{number:,} {words.partition(':')[0]}" for number, words in view.became]
    if not parts:
        return "Nothing was done."
    noun = KINDS[act.kind][1]
    first, _, rest = parts[0].partition(" ")
    parts[0] = f"{first} {noun[:-1] if first == '1' else noun} {rest}"
    return "; ".join(parts) + "."


def _dead_part(session: Session, account_id: UUID, act_id: UUID) -> UUID | None:
    letters = select(_E.id).where(
        *open_dead(account_id), _E.name == BULK_ACT_REQUESTED, _E.subject == str(act_id)
    )
    found: UUID | None = session.execute(letters.limit(1)).scalar()
    return found


def _failed_again(session: Session, account_id: UUID, notes: Sequence[int], since: datetime) -> int:
    """Count those of the notes of which a replay died since then."""
    died = select(_E.subject).where(
        _E.account_id == account_id,
        _E.outcome == DEAD,
        _E.replay_of.is_not(None),
        _E.recorded_at >= since,
        _E.name.in_(WHICH_WAY),
    )
    return len(set(session.execute(died).scalars()) & {str(note) for note in notes})


def _states(session: Session, account_id: UUID, notes: Sequence[int]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for start in range(0, len(notes), NOTES_AT_ONCE):
        some = notes[start : start + NOTES_AT_ONCE]
        by_state = select(_S.state, func.count()).where(
            _S.account_id == account_id, _S.note_id.in_(some)
        )
        for state, number in session.execute(by_state.group_by(_S.state)):
            counts[state] = counts.get(state, 0) + number
    return counts


def _place_of(view: BulkView) -> Place:
    return Place(at=view.row.asked_at, id=view.row.id)
