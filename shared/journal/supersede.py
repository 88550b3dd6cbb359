"""A delivery makes what was stuck on the same subject needless."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, tuple_, update
from sqlmodel import Session

from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import EACH_FOR_ITSELF, Event

_E = EVENT.c
_A = ATTEMPT.c

SUPERSEDED, DEAD = "superseded", "dead"
_STUCK = or_(_E.outcome == DEAD, _E.hold_cause.is_not(None))

# An event is about this; one without a subject is about nothing that another could be about too.
About = tuple[UUID, str, str]

NOT_WAITING: dict[str, None] = {
    "claimed_by": None,
    "claimed_until": None,
    "publishing_until": None,
    "hold_cause": None,
    "hold_version": None,
}


def supersede(session: Session, delivered: Sequence[Event], *, now: datetime) -> None:
    """Settle dead and held rows about the same as `delivered`, recorded before those looked."""
    by_subject: dict[About, Event] = {
        _about(event): event
        for event in delivered
        if event.subject and event.name not in EACH_FOR_ITSELF
    }
    if not by_subject:
        return
    own = [event.id for event in delivered]
    found = select(_E.id, _E.account_id, _E.name, _E.subject, _E.recorded_at).where(
        _E.account_id.in_({account_id for account_id, _, _ in by_subject}),
        _E.name.in_({name for _, name, _ in by_subject}),
        _E.subject.in_({subject for _, _, subject in by_subject}),
        _E.id.not_in(own),
        _STUCK,
    )
    stuck = session.execute(found).all()
    if not stuck:
        return
    looked_at = _looked_at(session, delivered)
    needless = []
    for row in stuck:
        event = by_subject.get((row.account_id, row.name, row.subject))
        if event is not None and row.recorded_at <= looked_at[event.id]:
            needless.append(row.id)
    values = NOT_WAITING | {"outcome": SUPERSEDED, "settled_at": now}
    session.execute(update(EVENT).where(_E.id.in_(needless), _STUCK).values(**values))


def _about(event: Event) -> About:
    return event.account_id, event.name, event.subject


def _looked_at(session: Session, events: Sequence[Event]) -> dict[UUID, datetime]:
    these = tuple_(_A.event_id, _A.number).in_([(event.id, event.attempt) for event in events])
    return {
        row.event_id: row.started_at
        for row in session.execute(select(_A.event_id, _A.started_at).where(these))
    }
