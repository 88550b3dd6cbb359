"""Notes that Brightpearl did not show: the suspicion is lifted by a look, or by a person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from shared.alerts import NOTES_MISSING, Cause, end_alert
from shared.db.vendor_tables import MissingNote
from shared.differences import MISSING, end


def clear(session: Session, account_id: UUID, note_ids: Collection[int], *, now: datetime) -> None:
    """Lift the suspicion; when nothing waits for a person any more, the alert ends."""
    session.execute(
        delete(MissingNote).where(
            col(MissingNote.account_id) == account_id, col(MissingNote.note_id).in_(note_ids)
        )
    )
    end(session, account_id, MISSING, {str(one) for one in note_ids}, now=now)
    waiting = select(col(MissingNote.note_id)).where(
        col(MissingNote.account_id) == account_id, col(MissingNote.waits_for_person).is_(True)
    )
    if session.execute(waiting.limit(1)).first() is None:
        end_alert(session, many_missing(account_id), now=now)


def many_missing(account_id: UUID) -> Cause:
    """Name the alert that so many notes are missing that a person decides."""
    return Cause(account_id=account_id, kind=NOTES_MISSING)
