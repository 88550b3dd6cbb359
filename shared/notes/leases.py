"""Leases of notes: while one works on a note, nobody else does. The caller commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session

from shared.db.note_tables import SYNC_LOG
from shared.errors import OurTrouble
from shared.notes.progress import make_rows

_S = SYNC_LOG.c


@dataclass(frozen=True, kw_only=True)
class Leases:
    """One holder's leases of an account's notes; each lasts `span`."""

    account_id: UUID
    holder: str
    span: timedelta

    def take(self, session: Session, note_ids: Collection[int], *, now: datetime) -> set[int]:
        """Lease those notes that nobody else works on."""
        is_free = or_(_S.leased_until.is_(None), _S.leased_until < now)
        until = now + self.span
        taken = self._set(session, note_ids, is_free, until=until, holder=self.holder)
        if rest := set(note_ids) - taken:
            # Somebody else's, or not in the sync log yet.
            make_rows(session, self.account_id, rest, now=now)
            taken |= self._set(session, rest, is_free, until=until, holder=self.holder)
        return taken

    def renew(self, session: Session, note_ids: Collection[int], *, now: datetime) -> set[int]:
        """Begin leases anew; gives those that were still ours."""
        ours = (_S.leased_by == self.holder) & (_S.leased_until >= now)
        return self._set(session, note_ids, ours, until=now + self.span, holder=self.holder)

    def give_back(self, session: Session, note_ids: Collection[int]) -> None:
        """Let others work on the notes, unless another does already."""
        self._set(session, note_ids, _S.leased_by == self.holder, until=None, holder=None)

    def _set(
        self,
        session: Session,
        note_ids: Collection[int],
        which: ColumnElement[bool],
        *,
        until: datetime | None,
        holder: str | None,
    ) -> set[int]:
        these = (_S.account_id == self.account_id, _S.note_id.in_(note_ids), which)
        # Locked in one order everywhere, so that two groups with the same notes cannot deadlock.
        locked = select(_S.note_id).where(*these).order_by(_S.note_id).with_for_update()
        ours = session.execute(locked).scalars().all()
        if ours:
            # By their numbers: of an UPDATE that holds the SELECT, PostgreSQL may read all notes.
            mine = (_S.account_id == self.account_id, _S.note_id.in_(ours))
            values = {"leased_by": holder, "leased_until": until}
            session.execute(update(SYNC_LOG).where(*mine).values(values))
        return set(ours)


def lost(note_id: int) -> OurTrouble:
    """Say that the note's lease ran out and another took it."""
    return OurTrouble(f"Note {note_id} took too long and was taken over.")
