"""Look which accounts a job is due for, and record its events; a second clock adds nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlmodel import and_, col, or_, select

from services.notifier.clock_jobs import Job, slot_of
from shared.clock import Now
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import OpenSession, our_trouble
from shared.db.journal_tables import EventRow
from shared.events import NewEvent
from shared.journal.record import record_all

log = structlog.get_logger()

# As long as patience with a vendor lasts; one that waits longer is stuck and stands for no other.
WAITS_AT_MOST = timedelta(days=3)

# Names the period of a job in which an account is at a moment.
SlotOf = Callable[[Job, UUID, datetime], str]


class Rounds:
    """Records what is due; what this process recorded already is not offered again."""

    def __init__(self, *, open_session: OpenSession, open_reading: OpenSession, now: Now) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._now = now
        self._offered: dict[tuple[str, UUID], str] = {}

    def record_due(self, job: Job, *, slot: SlotOf = slot_of) -> int:
        """Record the job's event for each account whose present period has none yet.

        A period that passed while no clock ran is not made up for: the present one's run looks at
        everything since the last. One that waits from an earlier period stands for the present
        one's too. Answers how many are new; raises OurTrouble.
        """
        now = self._now()
        due = [
            NewEvent(
                account_id=account_id,
                name=job.event_name,
                subject=code,
                dedupe_key=f"{code}:{job.name}:{slot(job, account_id, now)}",
                payload=job.payload,
                lane=job.lane,
            )
            for account_id, code in self._connected(job).items()
        ]
        fresh = [event for event in due if self._is_fresh(job, event)]
        if not fresh:
            return 0
        waiting = self._waiting(job, [event.account_id for event in fresh], now)
        new = self._record([event for event in fresh if event.account_id not in waiting], now)
        self._offered |= {(job.name, event.account_id): event.dedupe_key for event in fresh}
        if new:
            log.info("clock.recorded", kind=job.name, count=new)
        return new

    def _is_fresh(self, job: Job, event: NewEvent) -> bool:
        return self._offered.get((job.name, event.account_id)) != event.dedupe_key

    def _waiting(self, job: Job, account_ids: Sequence[UUID], now: datetime) -> set[UUID]:
        """Pick the accounts for which the like of the job's event has its turn within a period.

        One that is claimed may have looked already, and one that is further off, after failures,
        may come too late.
        """
        waits = (
            EventRow.name == job.event_name,
            col(EventRow.settled_at).is_(None),
            col(EventRow.hold_cause).is_(None),
            col(EventRow.claimed_by).is_(None),
            col(EventRow.recorded_at) > now - WAITS_AT_MOST,
            col(EventRow.due_at) <= now + job.every,
        )
        with our_trouble(), self._open_reading() as session:
            rows = session.exec(
                select(EventRow.account_id, EventRow.payload)
                .join(Account, col(Account.id) == col(EventRow.account_id))
                .where(col(EventRow.subject) == col(Account.code), *waits)
                .where(col(EventRow.account_id).in_(account_ids))
            ).all()
        return {account_id for account_id, payload in rows if payload == job.payload}

    def _record(self, events: Sequence[NewEvent], now: datetime) -> int:
        if not events:
            return 0
        with our_trouble(), self._open_session() as session:
            new = len(record_all(session, events, now=now))
            session.commit()
        return new

    def _connected(self, job: Job) -> Mapping[UUID, str]:
        """Give the codes of the accounts that the job is for; a broken connection is none."""
        works = and_(
            col(VendorConnection.account_id) == col(Account.id),
            VendorConnection.credentials != "",
            col(VendorConnection.broken_since).is_(None),
        )
        with our_trouble(), self._open_reading() as session:
            rows = session.exec(
                select(Account.id, Account.code, VendorConnection.vendor)
                .join(VendorConnection, works, isouter=True)
                .where(or_(not job.needs_go_live, col(Account.go_live_at).is_not(None)))
            ).all()
        vendors: dict[UUID, set[str]] = defaultdict(set)
        for account_id, _, vendor in rows:
            vendors[account_id].add(vendor)
        return {
            account_id: code for account_id, code, _ in rows if job.vendors <= vendors[account_id]
        }
