"""A person has many goods-out notes wait, or lets them go, by the rules of `shared.notes.stopping`.

What is told beforehand and what is done come from the same judgement, so they differ only by what
happened in between.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from shared.accounts import STOPPED_BY_PERSON
from shared.db.note_tables import SYNC_LOG, OrderLink, SyncLogRow
from shared.events import GOODS_OUT_NOTE_CHANGED
from shared.journal.planned import try_all_now
from shared.journal.release import release_all, wait_for_holds
from shared.notes.stopping import may_be_stopped

_S = SYNC_LOG.c

# Notes in one statement, and in one transaction of those that write.
AT_ONCE: Final = 500


class Fate(StrEnum):
    """What becomes of a note that is to wait, or to go on."""

    STOPPED = "stopped"
    STOPPED_ALREADY = "stopped_already"
    TOO_LATE = "too_late"
    LET_GO = "let_go"
    NOT_STOPPED = "not_stopped"


Judge = Callable[[SyncLogRow, OrderLink | None], Fate]


def foresee_stops(session: Session, account_id: UUID, note_ids: Sequence[int]) -> Mapping[str, int]:
    """Count the notes by what `stop_notes` would do with them."""
    return _foreseen(session, account_id, note_ids, _when_stopped)


def foresee_letting_go(
    session: Session, account_id: UUID, note_ids: Sequence[int]
) -> Mapping[str, int]:
    """Count the notes by what `let_notes_go` would do with them."""
    return _foreseen(session, account_id, note_ids, _when_let_go)


def stop_notes(
    session: Session, account_id: UUID, note_ids: Sequence[int], *, who: str, now: datetime
) -> Mapping[str, int]:
    """Have up to AT_ONCE notes wait, and count them by what was done; the caller commits.

    One that is being sent at this very moment still goes: then it is at ShipHero.
    """
    _refuse_more(note_ids)
    fates = _fates(session, account_id, note_ids, _when_stopped)
    wanted = [note_id for note_id, fate in fates.items() if fate is Fate.STOPPED]
    # Events before notes, as whoever ends an attempt locks them.
    subjects = [str(note_id) for note_id in wanted]
    try_all_now(session, account_id, GOODS_OUT_NOTE_CHANGED, subjects, now=now)
    stopped = _lock(session, account_id, wanted, is_stopped=False)
    session.execute(
        update(SYNC_LOG)
        .where(_S.account_id == account_id, _S.note_id.in_(stopped))
        .values(stopped_at=now, stopped_by=who)
    )
    counts = Counter(fate.value for fate in fates.values())
    counts[Fate.STOPPED] = len(stopped)
    counts[Fate.STOPPED_ALREADY] += len(wanted) - len(stopped)
    return counts


def let_notes_go(
    session: Session, account_id: UUID, note_ids: Sequence[int], *, now: datetime
) -> Mapping[str, int]:
    """Let up to AT_ONCE notes go that were stopped, and count them; the caller commits."""
    _refuse_more(note_ids)
    wait_for_holds(session, account_id)
    waiting = _lock(session, account_id, note_ids, is_stopped=True)
    session.execute(
        update(SYNC_LOG)
        .where(_S.account_id == account_id, _S.note_id.in_(waiting))
        .values(stopped_at=None, stopped_by="")
    )
    causes = [f"{STOPPED_BY_PERSON}:{note_id}" for note_id in waiting]
    release_all(session, account_id, causes, now=now)
    known = Counter({Fate.LET_GO.value: len(waiting)})
    known[Fate.NOT_STOPPED] = len(_rows(session, account_id, note_ids)) - len(waiting)
    return known


def _when_stopped(row: SyncLogRow, link: OrderLink | None) -> Fate:
    if may_be_stopped(row, link):
        return Fate.STOPPED
    return Fate.TOO_LATE if row.stopped_at is None else Fate.STOPPED_ALREADY


def _when_let_go(row: SyncLogRow, _link: OrderLink | None) -> Fate:
    return Fate.NOT_STOPPED if row.stopped_at is None else Fate.LET_GO


def _foreseen(
    session: Session, account_id: UUID, note_ids: Sequence[int], judge: Judge
) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for some in _chunks(note_ids):
        fates = _fates(session, account_id, some, judge)
        counts.update(fate.value for fate in fates.values())
    return counts


def _fates(
    session: Session, account_id: UUID, note_ids: Sequence[int], judge: Judge
) -> dict[int, Fate]:
    """Judge those of the notes that the account has."""
    links = _links(session, account_id, note_ids)
    rows = _rows(session, account_id, note_ids)
    return {row.note_id: judge(row, links.get(row.note_id)) for row in rows}


def _rows(session: Session, account_id: UUID, note_ids: Sequence[int]) -> Sequence[SyncLogRow]:
    of_these = select(SyncLogRow).where(
        col(SyncLogRow.account_id) == account_id, col(SyncLogRow.note_id).in_(note_ids)
    )
    return session.execute(of_these).scalars().all()


def _links(session: Session, account_id: UUID, note_ids: Sequence[int]) -> dict[int, OrderLink]:
    """Give each note's newest order link."""
    of_these = select(OrderLink).where(
        col(OrderLink.account_id) == account_id, col(OrderLink.note_id).in_(note_ids)
    )
    oldest_first = session.execute(of_these.order_by(col(OrderLink.generation))).scalars()
    return {link.note_id: link for link in oldest_first}


def _lock(
    session: Session, account_id: UUID, note_ids: Sequence[int], *, is_stopped: bool
) -> list[int]:
    """Lock those that are stopped, or are not, and give them."""
    as_wanted = _S.stopped_at.is_not(None) if is_stopped else _S.stopped_at.is_(None)
    # In one order everywhere, so that two groups with the same notes cannot deadlock.
    these = select(_S.note_id).where(_S.account_id == account_id, _S.note_id.in_(note_ids))
    locked = these.where(as_wanted).order_by(_S.note_id).with_for_update()
    return list(session.execute(locked).scalars())


def _refuse_more(note_ids: Sequence[int]) -> None:
    if len(note_ids) > AT_ONCE:
        raise ValueError(f"{len(note_ids)} notes at once; {AT_ONCE} are allowed")


def _chunks(note_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(note_ids), AT_ONCE):
        yield note_ids[start : start + AT_ONCE]
