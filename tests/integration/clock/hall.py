"""Accounts with their connections, and as many clocks as a test wants."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update

from services.notifier.clock_jobs import DAY, Job, jobs_of
from services.notifier.clock_rounds import Rounds
from shared.clock import Pace
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import reading_session_maker
from shared.db.journal_tables import EventRow
from tests.integration.journal.books import MORNING, Books

BOTH = ("brightpearl", "shiphero")
JOBS = {job.name: job for job in jobs_of(reconcile_every=300, webhook_check_every=DAY, pace=Pace())}


def a_clock(books: Books) -> Rounds:
    """Start one more clock, which knows nothing yet."""
    return Rounds(
        open_session=books.open_session,
        open_reading=reading_session_maker(books.engine),
        now=books.clock,
    )


def connect(
    books: Books,
    account_id: UUID,
    *vendors: str,
    broken: bool = False,
    credentials: str = "sealed",
    go_live_at: datetime | None = MORNING,
) -> None:
    """Give an account its connections."""
    with books.session() as session:
        account = session.get_one(Account, account_id)
        account.go_live_at = go_live_at
        session.add(account)
        for vendor in vendors or BOTH:
            session.merge(
                VendorConnection(
                    account_id=account_id,
                    vendor=vendor,
                    vendor_account=str(account_id),
                    base_url="https://vendor.example.com",
                    credentials=credentials,
                    broken_since=MORNING if broken else None,
                    updated_at=MORNING,
                )
            )


def recorded(books: Books, job: Job) -> Sequence[EventRow]:
    """Read the job's events, oldest first."""
    with books.session() as session:
        return session.exec(
            select(EventRow)
            .where(EventRow.name == job.event_name)
            .order_by(col(EventRow.recorded_at), col(EventRow.id))
        ).all()


def done(books: Books, job: Job) -> Sequence[EventRow]:
    """Have all that is recorded done, and read the job's events."""
    is_waiting = col(EventRow.settled_at).is_(None)
    with books.session() as session:
        session.execute(update(EventRow).where(is_waiting).values(settled_at=books.clock()))
    return recorded(books, job)
