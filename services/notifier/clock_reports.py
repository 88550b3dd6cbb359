"""Daily reports by the clock: each account's at its own hour in its own zone, once for each day."""

from collections.abc import Sequence
from typing import Final

import structlog
from sqlmodel import col, select

from services.notifier.report.due import last_due
from shared.clock import Now
from shared.days import end_of, zone_of
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import OpenSession, our_trouble
from shared.events import NewEvent
from shared.journal.record import record_all
from shared.reports import daily_report

BEAT: Final = 30.0  # seconds between two looks

log = structlog.get_logger()


class ReportRounds:
    """Records the report that is due of each account; what it recorded it does not offer again."""

    def __init__(self, *, open_session: OpenSession, open_reading: OpenSession, now: Now) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._now = now
        self._offered: set[str] = set()

    def record_due(self) -> int:
        """Record the report that was due last, of each account that was live on its day.

        After a standstill that one alone is made up for. A connection that is broken is no reason
        against it: that is what a report has to tell. Answers how many are new; raises OurTrouble.
        """
        due = self._due()
        fresh = [one for one in due if one.dedupe_key not in self._offered]
        if not fresh:
            return 0
        with our_trouble(), self._open_session() as session:
            new = len(record_all(session, fresh, now=self._now()))
            session.commit()
        self._offered = {one.dedupe_key for one in due}
        if new:
            log.info("clock.recorded", kind="daily_report", count=new)
        return new

    def _due(self) -> Sequence[NewEvent]:
        now, events = self._now(), []
        for account in self._live():
            zone = zone_of(account.time_zone)
            due = last_due(now, report_at=account.report_at, zone=zone)
            began = max(account.go_live_at or account.created_at, account.created_at)
            if began < end_of(due.day, zone):
                events.append(daily_report(account.id, account.code, day=due.day, due_at=due.at))
        return events

    def _live(self) -> Sequence[Account]:
        connected = (
            select(VendorConnection.vendor)
            .where(VendorConnection.account_id == Account.id, VendorConnection.credentials != "")
            .exists()
        )
        with our_trouble(), self._open_reading() as session:
            return session.exec(
                select(Account).where(col(Account.go_live_at).is_not(None), connected)
            ).all()
