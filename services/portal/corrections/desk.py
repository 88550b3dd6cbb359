"""One note as Brightpearl has it and as a person wants it sent; nothing is written before `save`.

The portal and the API come here, so that both refuse and keep the same.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from services.portal.corrections.wish import Wish
from services.portal.dry_run.looking import DryRun, Named, look
from shared.audit import record_act
from shared.connections import Connections
from shared.db.correction_tables import NoteCorrection
from shared.notes.asking import audit_subject
from shared.notes.correcting import correct, take_back
from shared.notes.retrying import Answer
from shared.pushing.corrections import Corrections, named

NOTHING: Final[Corrections] = {}


@dataclass(frozen=True)
class CorrectionDesk:
    """Reads and keeps for one account; a session names it again."""

    connections: Connections
    account_id: UUID

    def as_it_is(self, note_id: int) -> DryRun:
        """Read the note as Brightpearl has it now. Raises what a vendor client raises, Refused."""
        return self.with_wish(note_id, NOTHING)

    def with_wish(self, note_id: int, corrections: Corrections) -> DryRun:
        """Read it, and find out what would become of it were it sent with these corrections."""
        return look(
            self.connections, self.account_id, Named(number=note_id), corrections=corrections
        )

    def save(self, session: Session, note_id: int, wish: Wish, *, who: str) -> Answer | None:
        """Keep the corrections, have the note tried again; None where it is too late.

        The caller commits, or takes all of it back.
        """
        now = self.connections.now()
        row = NoteCorrection(
            account_id=self.account_id,
            note_id=note_id,
            reason=wish.reason,
            made_by=who,
            made_at=now,
        )
        answer = correct(session, row, wish.corrections, self.connections.box, now=now)
        if answer is not None:
            told = f"{named(wish.corrections)}: {wish.reason}"
            self._record(session, note_id, "corrected", told, who=who)
        return answer

    def take_back(self, session: Session, note_id: int, *, who: str) -> bool:
        """Remove them, and have the note tried as Brightpearl has it; False where it is too late.

        The caller commits, or takes all of it back.
        """
        now = self.connections.now()
        fields = take_back(session, self.account_id, note_id, now=now)
        if fields is None:
            return False
        self._record(session, note_id, "correction_taken_back", named(fields), who=who)
        return True

    def _record(self, session: Session, note_id: int, act: str, told: str, *, who: str) -> None:
        """Name the fields, never a value: the trail is kept for good and shown to everybody."""
        record_act(
            session,
            self.account_id,
            who=who,
            act=act,
            now=self.connections.now(),
            subject=audit_subject(note_id),
            after=told,
        )


def seen_of(own: Mapping[str, str], note_id: int) -> str:
    """Give what tells whether Brightpearl still says what a person was shown."""
    told = json.dumps([note_id, sorted(own.items())])
    return hashlib.sha256(told.encode()).hexdigest()
