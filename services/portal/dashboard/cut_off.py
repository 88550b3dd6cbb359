"""Which notes may miss the day's cut-off: what is not at ShipHero when the warehouse stops."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from services.portal.log.wanted import NEEDS_YOU, ON_THE_WAY
from shared.days import day_of, zone_of
from shared.db.note_tables import SYNC_LOG
from shared.notes.state import AT_SHIPHERO

_N = SYNC_LOG.c

# From then on a note that is not there is at risk.
SOON: Final = timedelta(hours=2)
AT_MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class CutOff:
    """The cut-off `at` of today and the notes that came before it and are not at ShipHero."""

    at: datetime
    left: int
    is_over: bool
    is_soon: bool

    @property
    def colour(self) -> str:
        """Give the colour of its number."""
        if not self.left:
            return "green"
        return "red" if self.is_over else "amber" if self.is_soon else ""


def cut_off_at(cut_off: str, zone: str, *, now: datetime) -> datetime | None:
    """Give today's cut-off ("HH:MM" on the account's own clock); None where there is none."""
    if not cut_off:
        return None
    here = zone_of(zone)
    return datetime.combine(day_of(now, here), time.fromisoformat(cut_off), tzinfo=here)


def read_cut_off(
    session: Session, account_id: UUID, cut_off: str, zone: str, *, now: datetime
) -> CutOff | None:
    """Count what is not at ShipHero; None where the account has no cut-off."""
    at = cut_off_at(cut_off, zone, now=now)
    if at is None:
        return None
    left = (
        select(_N.note_id)
        .where(
            _N.account_id == account_id,
            _N.state.in_((NEEDS_YOU, ON_THE_WAY)),
            _N.order_stage.not_in(AT_SHIPHERO),
            _N.inserted_at < min(at, now),
        )
        .limit(AT_MOST)
        .subquery()
    )
    return CutOff(
        at=at,
        left=session.execute(select(func.count()).select_from(left)).scalar_one(),
        is_over=at <= now,
        is_soon=at - SOON <= now,
    )
