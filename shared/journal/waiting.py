"""What is about to be looked at anyway, so that one more event of the kind would add nothing."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from shared.db.journal_tables import EVENT
from shared.events import Lane

_E = EVENT.c

# A look that is further off, after a failure or for want of budget, is not worth waiting for.
SOON = timedelta(minutes=1)


def waiting(
    session: Session, account_id: UUID, name: str, subjects: Collection[str], *, now: datetime
) -> set[str]:
    """Pick the subjects of which such a live event waits for its turn.

    Its look at the vendor comes after this query, so it sees whatever the caller knows by now. One
    that is claimed may have looked before; one that is held waits for something else.
    """
    found = select(_E.subject).where(
        _E.account_id == account_id,
        _E.name == name,
        _E.subject.in_(subjects),
        _E.lane == Lane.LIVE.value,
        _E.settled_at.is_(None),
        _E.hold_cause.is_(None),
        _E.claimed_by.is_(None),
        _E.due_at <= now + SOON,
    )
    return set(session.execute(found).scalars()) if subjects else set()
