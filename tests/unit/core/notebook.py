"""One account's notes in a SQLite of their own, with a clock that tests turn."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, SQLModel, select

from shared.accounts import MAPPED, AccountSettings, Method, Warehouse
from shared.db.account_tables import Account
from shared.db.engine import reading_session_maker, session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import OrderLink, SyncLogRow, TimelineRow
from shared.events import GOODS_OUT_NOTE_CHANGED, ROUTES, Event
from shared.notes.state import DONE
from shared.notes.store import NoteStore
from tests.servers.tables import copied_sqlite

ACCOUNT = UUID(int=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Notebook:
    """What we know of the account `demo`; `now` is its clock."""

    def __init__(self, folder: Path) -> None:
        self.engine = copied_sqlite(folder / "notes.sqlite")
        self.now = NOON
        self.open_session = session_maker(self.engine)
        self.open_reading = reading_session_maker(self.engine)
        self.notes = self.notes_of("this-worker")
        self.keep(Account(id=ACCOUNT, code="demo", name="Demo", created_at=NOON))

    def notes_of(self, worker: str) -> NoteStore:
        """Give the store as another process has it."""
        return NoteStore(
            self.open_session,
            self.open_reading,
            ACCOUNT,
            now=lambda: self.now,
            worker=worker,
            lease=timedelta(minutes=1),
        )

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def keep(self, *rows: SQLModel) -> None:
        """Commit rows."""
        with self.open_session() as session:
            session.add_all(rows)
            session.commit()

    def row(self, note_id: int = 501) -> SyncLogRow:
        """Read a note's row of the sync log."""
        with self.open_session() as session:
            return session.get_one(SyncLogRow, (ACCOUNT, note_id))

    def links(self) -> list[OrderLink]:
        """Read every order link."""
        with self.open_session() as session:
            return list(session.exec(select(OrderLink)))

    def timeline(self) -> list[TimelineRow]:
        """Read every timeline row."""
        with self.open_session() as session:
            return list(session.exec(select(TimelineRow)))

    def events(self) -> list[EventRow]:
        """Read the journal."""
        with self.open_session() as session:
            return list(session.exec(select(EventRow)))

    def mark_shipped_by_us(self, note_id: int = 501) -> None:
        """Keep what the settlement of our own shipped event leaves behind."""
        self.keep(
            SyncLogRow(account_id=ACCOUNT, note_id=note_id, inserted_at=NOON, shipment_stage=DONE)
        )

    def journal(self, event: Event) -> Event:
        """Keep the row that `event` is, as if it had been recorded and claimed."""
        self.keep(
            EventRow(
                id=event.id,
                account_id=ACCOUNT,
                name=event.name,
                queue=ROUTES[event.name].value,
                lane=0,
                subject=event.subject,
                payload=dict(event.payload),
                dedupe_key=str(event.id),
                recorded_at=NOON,
                due_at=NOON,
            )
        )
        return event

    def session(self) -> Session:
        """Open a session."""
        return self.open_session()


def an_event(**fields: Any) -> Event:
    """Build a claimed event: look at note 501."""
    given: dict[str, Any] = {
        "id": uuid4(),
        "account_id": ACCOUNT,
        "name": GOODS_OUT_NOTE_CHANGED,
        "subject": "501",
        "payload": {},
        "generation": 1,
        "attempt": 1,
        "failures": 0,
        "recorded_at": NOON,
        "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01",
    }
    return Event(**{**given, **fields})


def settings(**fields: Any) -> AccountSettings:
    """Build an account with all switched on: warehouse 2 and method 5 are mapped."""
    given: dict[str, Any] = {
        "id": ACCOUNT,
        "code": "demo",
        "version": 3,
        "order_sync_on": True,
        "shipment_sync_on": True,
        "go_live_at": NOON - timedelta(days=1),
        "event_owner_contact_id": 31,
        "warehouses": {2: Warehouse(name="Main", decision=MAPPED, shiphero_id="WAREHOUSE-1")},
        "methods": {5: Method(name="Standard 48h", title="Standard", carrier="ups", method="g")},
    }
    return AccountSettings(**{**given, **fields})
