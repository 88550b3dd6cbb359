"""Have a report made: by the clock, of the day before, or by a person, of a day so far."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from shared.events import REPORT_REQUESTED, NewEvent

# The kinds that are kept: one daily report of each day, and the newest that a person asked for.
DAILY, SO_FAR = "daily", "so_far"
# In the payload: the account's day, when the clock wanted it, and who alone is to get it.
DAY: Final = "day"
DUE_AT: Final = "due_at"
FOR: Final = "for_user"


def daily_report(account_id: UUID, code: str, *, day: date, due_at: datetime) -> NewEvent:
    """Ask for the report of a day that is over; however often, it is one event."""
    return NewEvent(
        account_id=account_id,
        name=REPORT_REQUESTED,
        subject=code,
        dedupe_key=f"{code}:daily_report:{day}",
        payload={DAY: day.isoformat(), DUE_AT: due_at.isoformat()},
    )


def report_so_far(
    account_id: UUID, code: str, *, day: date, user_id: int, now: datetime
) -> NewEvent:
    """Ask for what there is to tell of today, for one person; once a minute at most."""
    return NewEvent(
        account_id=account_id,
        name=REPORT_REQUESTED,
        subject=code,
        dedupe_key=f"{code}:report_so_far:{user_id}:{now:%Y-%m-%dT%H:%M}",
        payload={DAY: day.isoformat(), FOR: user_id},
    )
