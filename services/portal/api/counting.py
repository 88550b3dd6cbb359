"""Counts a token's calls, minute by minute, for all portal processes together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from shared.db.engine import insert_for
from shared.db.portal_tables import RateCount

WINDOW: Final = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many calls this minute has seen, this one included, and how long it still lasts."""

    calls: int
    seconds_left: int


def count_call(session: Session, token_id: UUID, *, now: datetime) -> Counted:
    """Count one call; the caller commits. The first of a minute clears the token's earlier ones."""
    begun = now.replace(second=0, microsecond=0)
    mine = f"api:{token_id}:"
    new = {"key": f"{mine}{begun:%Y%m%d%H%M}", "count": 1, "expires_at": begun + WINDOW}
    insert = insert_for(session)(RateCount.__table__).values(new)  # type: ignore[attr-defined]
    one_more = {"count": RateCount.__table__.c.count + 1}  # type: ignore[attr-defined]
    counting = insert.on_conflict_do_update(index_elements=["key"], set_=one_more)
    calls: int = session.execute(counting.returning(col(RateCount.count))).scalar_one()
    if calls == 1:
        earlier = (col(RateCount.key).startswith(mine), col(RateCount.expires_at) <= begun)
        session.execute(delete(RateCount).where(*earlier))
    left = (begun + WINDOW - now).total_seconds()
    return Counted(calls=calls, seconds_left=max(1, round(left)))
