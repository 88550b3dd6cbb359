"""How every process begins and how every consumer runs: settings, logs, health, a clean stop."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Self, TypeVar
from uuid import UUID

import structlog
from pydantic import Field, model_validator
from sqlalchemy import Engine, text
from sqlmodel import Session

from shared.accounts import AccountSettings, account_settings
from shared.budgets.book import BudgetBook
from shared.clock import Now, utc_now
from shared.connecting.settings import VendorSettings
from shared.connections import Connections, mark_broken
from shared.db.engine import (
    OpenSession,
    open_engine,
    our_trouble,
    reading_session_maker,
    session_maker,
)
from shared.events import Event, Queue
from shared.health import Check, serve_health
from shared.journal.hint import hint_after_commits
from shared.journal.release import free
from shared.journal.verdict import Dead, Hold, Retry
from shared.logs import configure_logs
from shared.messaging.delivery import Delivery, DeliverySettings, Handler
from shared.messaging.open import open_broker
from shared.messaging.result import Result
from shared.metrics.accounts import AccountLabels
from shared.notes.store import NoteStore
from shared.secrets import SecretBox
from shared.settings import Settings, log_settings, settings_from_environment
from shared.tracing.emitting import collect
from shared.tracing.exporting import open_exporter
from shared.untold import note_dead_letter
from shared.vendors.http import Patience

log = structlog.get_logger()

Follow = Callable[[Session, Event, Result, datetime], None]


class ConsumerSettings(VendorSettings):
    """What every consumer is told; durations in seconds."""

    vendor_deadline: float = Field(default=25.0, gt=0, description="Longest vendor call, seconds")
    note_lease: float = Field(default=120.0, gt=0, description="One worker a note, for this long")
    claim_lease: float = Field(default=180.0, gt=0, description="A dead claim runs out after")
    consumer_batch: int = Field(default=100, gt=0, description="Messages taken at once")
    consumer_threads: int = Field(default=32, gt=0, description="Vendor calls side by side")

    @model_validator(mode="after")
    def _leases_outlast_calls(self) -> Self:
        # Else two workers could write for one note at the same time.
        if self.vendor_deadline >= min(self.note_lease, self.claim_lease):
            raise ValueError("NOTE_LEASE and CLAIM_LEASE must be longer than VENDOR_DEADLINE")
        return self


P = TypeVar("P", bound=Settings)
C = TypeVar("C", bound=ConsumerSettings)

# Of one consumer, whose threads wait for vendors most of the time; PostgreSQL's own limit is 100.
DATABASE_CONNECTIONS = 10


@dataclass(frozen=True, kw_only=True)
class ConsumerParts(Generic[C]):
    """What a consumer's handlers are wired from."""

    settings: C
    open_session: OpenSession
    open_reading: OpenSession
    connections: Connections
    now: Now
    worker: str

    def account(self, account_id: UUID) -> AccountSettings:
        """Read one account's settings as they are now."""
        with our_trouble(), self.open_reading() as session:
            return account_settings(session, account_id)

    def notes(self, account_id: UUID) -> NoteStore:
        """Give one account's note store."""
        return NoteStore(
            self.open_session,
            self.open_reading,
            account_id,
            now=self.now,
            worker=self.worker,
            lease=timedelta(seconds=self.settings.note_lease),
        )


def patience_of(deadline: float) -> Patience:
    """Bound every part of a vendor call by `deadline` seconds."""
    usual = Patience()
    return Patience(
        connect=min(usual.connect, deadline),
        read=min(usual.read, deadline),
        total=deadline,
        within=min(usual.within, deadline),
    )


def begin(service: str, wanted: type[P]) -> P:
    """Read the settings and set up logs, once at a process's entry point."""
    settings = settings_from_environment(wanted)
    configure_logs(service, settings.log_format)
    log_settings(settings)
    if settings.traces_url:
        collect(open_exporter(settings.traces_url, service))
    return settings


def database_check(engine: Engine) -> Check:
    """Build the readiness check of the database."""

    def check() -> None:
        with our_trouble(), engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    return check


def stop_on_signals() -> threading.Event:
    """Give the event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def on_signal(number: int, _frame: object) -> None:
        log.info("process.stopping", signal=signal.Signals(number).name)
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop


def run_consumer(
    queue: Queue,
    wanted: type[C],
    handlers: Callable[[ConsumerParts[C]], Mapping[str, Handler]],
    follow: Follow,
) -> None:
    """Consume `queue` until told to stop, then finish what is in hand."""
    settings = begin(f"{queue}.consumer", wanted)
    stop = stop_on_signals()
    engine = open_engine(settings.database_url, pool_size=DATABASE_CONNECTIONS)
    hint_after_commits(engine)
    broker = open_broker(settings.broker_url)
    parts = _consumer_parts(
        settings, engine, worker=f"{queue}@{socket.gethostname()}:{os.getpid()}"
    )
    sizes = DeliverySettings(
        batch=settings.consumer_batch,
        units=settings.consumer_threads,
        claim_lease=settings.claim_lease,
    )
    delivery = Delivery(
        consumer=broker.consumer(queue, prefetch=sizes.prefetch),
        queue=queue,
        handlers=handlers(parts),
        open_session=parts.open_session,
        follow=noticing_dead_letters(noticing_broken_connections(follow)),
        settings=sizes,
        worker=parts.worker,
        now=utc_now,
        pace=settings.pace,
        label=AccountLabels(parts.open_reading, most=settings.metrics_accounts),
        stop=stop,
    )
    if settings.health_port:
        checks = {"database": database_check(engine), "broker": broker.check}
        serve_health(settings.health_host, settings.health_port, checks)
    log.info("process.started", queue=queue, worker=parts.worker)
    delivery.run()


def _consumer_parts(settings: C, engine: Engine, *, worker: str) -> ConsumerParts[C]:
    open_session, open_reading = session_maker(engine), reading_session_maker(engine)
    return ConsumerParts(
        settings=settings,
        open_session=open_session,
        open_reading=open_reading,
        connections=Connections(
            open_session,
            open_reading,
            SecretBox(settings.secret_keys.get_secret_value()),
            now=utc_now,
            patience=patience_of(settings.vendor_deadline),
            vendor_settings=settings,
            allowances=BudgetBook(open_session, now=utc_now),
        ),
        now=utc_now,
        worker=worker,
    )


def noticing_broken_connections(follow: Follow) -> Follow:
    """Also mark the connection as broken when a delivery found its credentials refused.

    What older credentials met says nothing about the present ones: such an event is due again at
    once, in the very transaction that would have held it.
    """

    def follow_and_notice(session: Session, event: Event, result: Result, now: datetime) -> None:
        if isinstance(result, Hold) and not _marked(session, event, result, now):
            free(session, event.id, now=now)
            result = Retry(
                after=0.0,
                counts=False,
                code="credentials_renewed",
                reason="The credentials were renewed meanwhile; it is tried again with them.",
            )
        follow(session, event, result, now)

    return follow_and_notice


def noticing_dead_letters(follow: Follow) -> Follow:
    """Also have people told of an event that was given up on, in the very transaction."""

    def follow_and_note(session: Session, event: Event, result: Result, now: datetime) -> None:
        if isinstance(result, Dead):
            note_dead_letter(session, event, result, now=now)
        follow(session, event, result, now)

    return follow_and_note


def _marked(session: Session, event: Event, hold: Hold, now: datetime) -> bool:
    return mark_broken(
        session,
        event.account_id,
        hold.cause.partition(":")[2],
        version=hold.version,
        reason=hold.reason,
        now=now,
    )
