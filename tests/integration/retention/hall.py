"""What is old, and whole turns of looking after it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlmodel import col

from services.notifier.retention.handler import Desk, look_after_the_past
from services.notifier.retention.periods import Before
from services.notifier.settings import NotifierSettings
from shared.db.history_tables import EventArchive
from shared.db.journal_tables import ATTEMPT, EventRow
from shared.events import (
    RETENTION_REQUESTED,
    SHIPMENT_ANNOUNCED,
    Event,
)
from shared.journal.record import new_id
from shared.journal.settle import settle
from shared.outcome import Delivered
from shared.webhooks.keep import keep
from tests.integration.journal.books import MORNING, Books

BODY = {"body": '{"name": "Ada Lovelace"}'}
LONG_AGO = MORNING - timedelta(days=100)
A_MONTH_AGO = MORNING - timedelta(days=31)


def settings(**given: Any) -> NotifierSettings:
    """Build settings with the defaults that are documented."""
    needed = {"database_url": "sqlite://", "broker_url": "memory://", "secret_keys": ""}
    return NotifierSettings(**{**needed, **given})


def take_turns(books: Books, *, batch: int = 3, now: datetime = MORNING) -> str:
    """Do a whole turn, whatever it takes; gives what the last event said."""
    books.clock.time = now
    asked = books.announce("acme", name=RETENTION_REQUESTED)
    said = ""
    while True:
        due = [one for one in books.publish() if books.row(one.id).name == RETENTION_REQUESTED]
        if not due:
            break
        [event] = books.claim(due).events
        said = take_one(books, event, batch=batch)
    assert books.row(asked).outcome == "delivered"
    return said


def take_one(books: Books, event: Event, *, batch: int = 3, **given: Any) -> str:
    """Do what one event asks for and settle it."""
    desk = Desk(
        code="acme",
        open_session=given.get("open_session", books.open_session),
        before=Before.of(settings(), books.clock()),
        now=given.get("now", books.clock),
        batch=batch,
    )
    [unit] = look_after_the_past([event], desk_of=lambda _event: desk)
    came = unit.run()
    assert isinstance(came, Delivered)
    with books.session() as session:
        settle(session, event, came, now=books.clock())
    return came.summary


def an_event(books: Books, at: datetime, *, outcome: str = "delivered", **fields: Any) -> UUID:
    """Have an event of that time, with one attempt."""
    books.clock.time = at
    id_ = books.announce(**fields)
    books.rewrite(id_, settled_at=at, outcome=outcome)
    with books.session() as session:
        session.execute(
            insert(ATTEMPT).values(
                event_id=id_,
                number=1,
                worker="one",
                started_at=at,
                ended_at=at,
                result="delivered",
                reason="it went well",
                vendor_calls=[{"operation": "order_create"}],
                exchanges=[{"asked": "Ada Lovelace"}],
            )
        )
    return id_


def a_webhook(books: Books, at: datetime, **fields: Any) -> UUID:
    """Have a webhook kept at our edge, as its endpoint does."""
    id_ = new_id()
    with books.session() as session:
        event = books.an_event(name=SHIPMENT_ANNOUNCED, dedupe_key=f"acme:{id_}", payload=BODY)
        keep(session, event, source="shiphero", now=at)
    with books.session() as session:
        key = col(EventRow.dedupe_key) == f"acme:{id_}"
        found = session.scalars(select(EventRow).where(key)).one()
    books.rewrite(found.id, **{"settled_at": at, "outcome": "delivered", **fields})
    return found.id


def exchanges(books: Books, id_: UUID) -> Any:
    """Read what was asked and answered."""
    with books.session() as session:
        return session.execute(
            select(ATTEMPT.c.exchanges).where(ATTEMPT.c.event_id == id_)
        ).scalar_one()


def archived(books: Books) -> dict[UUID, EventArchive]:
    """Read the archive."""
    with books.session() as session:
        return {row.id: row for row in session.scalars(select(EventArchive))}
