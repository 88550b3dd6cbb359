"""How many notes each hour usually brings, from the hours that were counted in earlier weeks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from shared.days import zone_of
from shared.db.history_tables import HourCount
from shared.signals import NOTES
from shared.usual import HOUR, WEEKS, Usual, usual

A_DAY: Final = timedelta(days=1)


def usual_hours(
    session: Session, account_id: UUID, zone: str, hours: Sequence[datetime]
) -> Mapping[datetime, Usual]:
    """Say of those of the hours, by when they begin, of which enough weeks are known."""
    if not hours:
        return {}
    earliest = min(hours) - timedelta(weeks=WEEKS) - A_DAY
    rows = session.exec(
        select(HourCount).where(
            HourCount.account_id == account_id,
            HourCount.signal == NOTES,
            col(HourCount.day) >= earliest.date(),
        )
    )
    days = {row.day: row.hours for row in rows}

    def count(begin: datetime) -> int | None:
        counted = days.get(begin.date())
        return None if counted is None else counted[begin.hour]

    # Hours are counted by UTC's: where a zone is half an hour off, the one that begins before.
    whole = {one: one.astimezone(UTC).replace(minute=0) for one in hours}
    found = ((one, usual(at + HOUR, 1, count, zone_of(zone))) for one, at in whole.items())
    return dict(_known(found))


def _known(
    found: Iterable[tuple[datetime, Usual | None]],
) -> Iterable[tuple[datetime, Usual]]:
    return ((one, brought) for one, brought in found if brought is not None)
