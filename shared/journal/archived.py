"""What has left the journal for the archive: its counts, by the day on which it was recorded."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from shared.db.history_tables import ARCHIVED_COUNT
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPHERO_WEBHOOK_RECEIVED, SHIPMENT_ANNOUNCED

_C = ARCHIVED_COUNT.c

# What the edge counts when it keeps it.
FROM_WEBHOOKS: Final = (GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED, SHIPHERO_WEBHOOK_RECEIVED)


def archived_webhooks(
    session: Session, account_id: UUID, *, first: date, last: date
) -> Mapping[date, int]:
    """Count the archived webhooks of an account by day, from the first day to the last."""
    counted = session.execute(
        select(_C.day, func.sum(_C.count))
        .where(_C.account_id == account_id, _C.day >= first, _C.day <= last)
        .where(_C.name.in_(FROM_WEBHOOKS), _C.replayed.is_(False))
        .group_by(_C.day)
    )
    return {day: int(count) for day, count in counted}


def archived_ends(session: Session, account_id: UUID, day: date) -> Counter[str]:
    """Count an account's archived events of a day by how they were settled, replays left out."""
    counted = session.execute(
        select(_C.outcome, func.sum(_C.count))
        .where(_C.account_id == account_id, _C.day == day, _C.replayed.is_(False))
        .group_by(_C.outcome)
    )
    return Counter({outcome: int(count) for outcome, count in counted})
