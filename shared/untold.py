"""Gather what people are to be told of; the clock tells it, one mail a cause (decision 0027).

The caller commits: what is noted is told of exactly if it really happened.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from shared.db.telling_tables import Untold
from shared.events import MAIL_REQUESTED, NOTICE_REQUESTED, Event
from shared.journal.record import new_id
from shared.journal.verdict import Dead
from shared.messaging.calls_told import note_of
from shared.notifications import DEAD_LETTERS

# What could not be told is not told about: each such mail might die as the one before.
NEVER_TOLD: Final = frozenset({MAIL_REQUESTED, NOTICE_REQUESTED})


def note_untold(
    session: Session,
    account_id: UUID,
    *,
    kind: str,
    cause: str,
    subjects: Collection[str],
    now: datetime,
) -> None:
    """Have people told of `subjects`, together with whatever else has this cause."""
    rows = [
        {
            "id": new_id(),
            "account_id": account_id,
            "kind": kind,
            "cause": cause,
            "subject": subject,
            "at": now,
        }
        for subject in subjects
    ]
    if rows:
        session.execute(insert(Untold), rows)


def note_dead_letter(session: Session, event: Event, dead: Dead, *, now: datetime) -> None:
    """Have people told of a dead letter; one about a note is told as an order that fails."""
    if event.name in NEVER_TOLD or note_of(event):
        return
    note_untold(
        session,
        event.account_id,
        kind=DEAD_LETTERS,
        cause=dead.code,
        subjects=[str(event.id)],
        now=now,
    )
