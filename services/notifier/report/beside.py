"""What else a report tells of a day: people's changes, alerts, and how long the way back took."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from services.notifier.report.facts import AlertLine, Change
from shared.audit import ACTS
from shared.db.journal_tables import EVENT
from shared.db.portal_tables import AuditEntry
from shared.db.vendor_tables import Alert
from shared.events import ABOUT_A_NOTE, SHIPMENT_ANNOUNCED
from shared.journal.dead import open_dead

_E = EVENT.c

CHANGES_LISTED: Final = 12
ALERTS_LISTED: Final = 12
# What people looked at, or chose for themselves alone, alters nothing of the sync.
NO_CHANGE: Final = frozenset({
    "personal_data_shown", "evidence_taken", "notifications_chosen", "session_ended",
    "password_changed", "two_factor_changed", "recovery_codes_made", "confirmed",
})  # fmt: skip
CHANGES: Final = tuple(act for act in ACTS if act not in NO_CHANGE)


def changes_of(
    session: Session, account_id: UUID, begins: datetime, ends: datetime
) -> tuple[Sequence[Change], int]:
    """Give the first of what people changed, and how many more there are."""
    of_day = (
        col(AuditEntry.account_id) == account_id,
        col(AuditEntry.at) >= begins,
        col(AuditEntry.at) < ends,
        col(AuditEntry.act).in_(CHANGES),
    )
    first = select(AuditEntry).where(*of_day).order_by(col(AuditEntry.at), col(AuditEntry.id))
    rows = session.execute(first.limit(CHANGES_LISTED)).scalars()
    listed = [
        Change(
            at=row.at,
            who=row.who,
            act=ACTS[row.act],
            subject=row.subject,
            before=row.before,
            after=row.after,
        )
        for row in rows
    ]
    counting = select(func.count()).select_from(AuditEntry).where(*of_day)
    return listed, session.execute(counting).scalar_one() - len(listed)


def alerts_of(
    session: Session, account_id: UUID, begins: datetime, ends: datetime
) -> Sequence[AlertLine]:
    """Give what is open now, and what began or ended on the day; the newest first."""
    raised, ended = col(Alert.raised_at), col(Alert.ended_at)
    concerns = or_(
        ended.is_(None), (raised >= begins) & (raised < ends), (ended >= begins) & (ended < ends)
    )
    rows = session.execute(
        select(Alert)
        .where(col(Alert.account_id) == account_id, concerns)
        .order_by(ended.is_not(None), raised.desc())
        .limit(ALERTS_LISTED)
    ).scalars()
    return [
        AlertLine(sentence=row.sentence, raised_at=row.raised_at, ended_at=row.ended_at)
        for row in rows
    ]


def durations_back(
    session: Session, account_id: UUID, begins: datetime, ends: datetime, at_most: int
) -> Sequence[float]:
    """Give the seconds from ShipHero's webhooks of the day until Brightpearl was told."""
    rows = session.execute(
        select(_E.recorded_at, _E.settled_at)
        .where(
            _E.account_id == account_id,
            _E.recorded_at >= begins,
            _E.recorded_at < ends,
            _E.name == SHIPMENT_ANNOUNCED,
            _E.outcome == "delivered",
        )
        .limit(at_most)
    )
    return [(settled - recorded).total_seconds() for recorded, settled in rows]


def count_dead_beside(session: Session, account_id: UUID) -> int:
    """Count what was given up on and is about no note: such as a fetch or a mail."""
    counting = select(func.count()).select_from(EVENT)
    beside = (*open_dead(account_id), _E.name.not_in(ABOUT_A_NOTE))
    return int(session.execute(counting.where(*beside)).scalar_one())
