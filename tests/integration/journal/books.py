"""A journal with one or more accounts, a clock of its own, and short words for its steps."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select, update
from sqlmodel import Session, col

from shared.accounts import cause_is_present
from shared.db.account_tables import Account
from shared.db.engine import session_maker
from shared.db.journal_tables import EVENT, AttemptRow, EventRow
from shared.db.note_tables import SYNC_LOG
from shared.events import GOODS_OUT_NOTE_CHANGED, Event, Lane, NewEvent
from shared.journal.claim import Claimed, RowVersion, claim
from shared.journal.due import Due, claim_due, stamp_published
from shared.journal.record import new_id, record
from shared.journal.release import Swept, sweep

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
PUBLISH_LEASE = timedelta(minutes=5)
CRASH_LIMIT = 3


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = MORNING

    def __call__(self) -> datetime:
        """Read the clock."""
        return self.time

    def pass_(self, **duration: float) -> None:
        """Let `minutes=5` and the like go by."""
        self.time += timedelta(**duration)


class Books:
    """A migrated database and what tests do to it; each step is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open_session = session_maker(engine)
        self.clock = Clock()
        self.account = self.open_account("acme")

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a transaction and commit it at the end."""
        with self.open_session() as session:
            yield session
            session.commit()

    def open_account(self, code: str) -> UUID:
        """Add an account and give its id."""
        id_ = new_id()
        with self.session() as session:
            session.add(Account(id=id_, code=code, name=code, created_at=MORNING))
        return id_

    def announce(self, subject: str = "501", **fields: Any) -> UUID:
        """Record one event that is new."""
        with self.session() as session:
            id_ = record(session, self.an_event(subject, **fields), now=self.clock())
        assert id_ is not None
        return id_

    def an_event(self, subject: str = "501", **fields: Any) -> NewEvent:
        """Build an event of the first account, with a dedupe key of its own."""
        given: dict[str, Any] = {
            "account_id": self.account,
            "name": GOODS_OUT_NOTE_CHANGED,
            "subject": subject,
            "dedupe_key": f"acme:{new_id()}",
            "lane": Lane.LIVE,
        }
        return NewEvent(**{**given, **fields})

    def take_due(self, *, limit: int = 1000, window: int = 500) -> list[Due]:
        """Do the first half of a relay's work: take due rows."""
        with self.session() as session:
            lease = timedelta(seconds=20)
            return claim_due(session, now=self.clock(), limit=limit, window=window, lease=lease)

    def publish(self, *, limit: int = 1000, window: int = 500) -> list[Due]:
        """Do all of a relay's work: take due rows, and stamp them as confirmed."""
        rows = self.take_due(limit=limit, window=window)
        with self.session() as session:
            stamp_published(session, rows, now=self.clock())
        return rows

    def claim(
        self, rows: Sequence[Due | RowVersion], *, worker: str = "one", up_to: int = 0
    ) -> Claimed:
        """Claim what messages about `rows` are about."""
        versions = [
            row
            if isinstance(row, RowVersion)
            else RowVersion(event_id=row.id, generation=row.generation)
            for row in rows
        ]
        with self.session() as session:
            return self.claim_in(session, versions, worker=worker, up_to=up_to)

    def claim_in(
        self,
        session: Session,
        versions: Sequence[RowVersion],
        *,
        worker: str = "one",
        up_to: int = 0,
    ) -> Claimed:
        """Claim in a transaction that the test commits, or does not."""
        return claim(
            session,
            versions,
            worker=worker,
            now=self.clock(),
            lease=LEASE,
            crash_limit=CRASH_LIMIT,
            up_to=up_to,
        )

    def a_claim(self, subject: str = "501", **fields: Any) -> Event:
        """Record, publish and claim one event."""
        self.announce(subject, **fields)
        [event] = self.claim(self.publish()).events
        return event

    def sweep(self) -> Swept:
        """Sweep as the relay does."""
        with self.session() as session:
            return sweep(
                session,
                now=self.clock(),
                publish_lease=PUBLISH_LEASE,
                cause_is_present=cause_is_present,
            )

    def due_in_the_end(self, session: Session) -> set[UUID]:
        """Say what a sweep and a relay would publish far from now; the caller rolls back."""
        far = self.clock() + timedelta(days=1)
        sweep(session, now=far, publish_lease=PUBLISH_LEASE, cause_is_present=cause_is_present)
        lease = timedelta(seconds=20)
        return {due.id for due in claim_due(session, now=far, limit=1000, window=1000, lease=lease)}

    def row(self, id_: UUID) -> EventRow:
        """Read a row as it is now."""
        with self.open_session() as session:
            return session.get_one(EventRow, id_)

    def rows(self) -> list[EventRow]:
        """Read all rows, oldest first."""
        with self.open_session() as session:
            return list(session.scalars(select(EventRow).order_by(col(EventRow.id))))

    def count(self) -> int:
        """Count all rows."""
        with self.open_session() as session:
            return session.scalar(select(func.count()).select_from(EVENT)) or 0

    def attempts(self, id_: UUID) -> list[AttemptRow]:
        """Read an event's attempts, first to last."""
        of_event = select(AttemptRow).where(col(AttemptRow.event_id) == id_)
        with self.open_session() as session:
            return list(session.scalars(of_event.order_by(col(AttemptRow.number))))

    def change_settings(self, **values: Any) -> int:
        """Save settings as a person does, raising their version; gives the new version."""
        with self.session() as session:
            account = session.get_one(Account, self.account, with_for_update=True)
            account.sqlmodel_update(values)
            account.settings_version += 1
            session.add(account)
            return account.settings_version

    def rewrite(self, id_: UUID, **values: Any) -> None:
        """Set columns directly, for states that only a broken process leaves."""
        with self.session() as session:
            session.execute(update(EVENT).where(EVENT.c.id == id_).values(**values))

    def rewrite_note(self, note_id: int, **values: Any) -> None:
        """Set columns of a note's sync log row directly."""
        with self.session() as session:
            session.execute(update(SYNC_LOG).where(SYNC_LOG.c.note_id == note_id).values(**values))
