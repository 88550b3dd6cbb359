"""A person closes what failed about goods-out notes by hand, and says why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session

from shared.db.journal_tables import EVENT
from shared.db.note_tables import SYNC_LOG
from shared.journal.dead import open_dead
from shared.journal.release import discard
from shared.notes.retrying import WHICH_WAY

_S, _E = SYNC_LOG.c, EVENT.c

NEEDS_YOU = "needs_you"


def mark_all_handled(
    session: Session,
    account_id: UUID,
    note_ids: Sequence[int],
    *,
    by: str,
    note: str,
    now: datetime,
) -> list[int]:
    """Mark those of the notes that need a person, and discard their dead letters.

    Nothing is changed at a vendor, and what waits for a setting goes on once it is made. A later
    failure asks again (`shared.notes.progress`). Gives the notes; the caller commits.
    """
    # Locked in one order everywhere, so that two groups with the same notes cannot deadlock.
    waiting = select(_S.note_id).where(
        _S.account_id == account_id, _S.note_id.in_(note_ids), _S.state == NEEDS_YOU
    )
    locked = session.execute(waiting.order_by(_S.note_id).with_for_update()).scalars().all()
    session.execute(
        update(SYNC_LOG)
        .where(_S.account_id == account_id, _S.note_id.in_(locked))
        .values(handled_at=now, handled_by=by, handled_note=note)
    )
    dead = select(_E.id).where(
        *open_dead(account_id),
        _E.name.in_(WHICH_WAY),
        _E.subject.in_([str(note_id) for note_id in locked]),
    )
    letters = session.execute(dead).scalars().all()
    discard(session, account_id, letters, by=by, note=note, now=now)
    return list(locked)
