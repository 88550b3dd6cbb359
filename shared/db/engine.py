"""Open the database that `DATABASE_URL` names: SQLite embedded, PostgreSQL in production."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine

from shared.errors import OurTrouble

# PostgreSQL's word while a standby takes over; psycopg counts it as no OperationalError.
READ_ONLY = "25006"
# Seconds.
PING_AFTER: Final = 1.0
RESTED_SINCE: Final = "goodsout.rested_since"

OpenSession = Callable[[], Session]


def open_engine(url: str, *, patience: float = 5.0, pool_size: int = 20) -> Engine:
    """Open `url`; `patience` is how many seconds a lock or a connection is waited for.

    A web endpoint that must answer 503 within a second opens its engine with less patience.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return _open_sqlite(url, patience=patience, pool_size=pool_size)
    if parts.get_backend_name() == "postgresql":
        seconds = max(1, round(patience))
        engine = create_engine(
            url,
            # An error's text must never show what was written: bodies, names, tokens.
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=patience,
            connect_args={
                "connect_timeout": seconds,
                # A host that vanishes without a word is noticed within seconds, not TCP's hours.
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 3,
                "tcp_user_timeout": 10_000,
                "options": f"-c lock_timeout={int(patience * 1000)} -c timezone=UTC",
            },
        )
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_ping_after_rest, engine.dialect))
        return engine
    raise ValueError(
        f"DATABASE_URL begins with {parts.drivername!r}: Goodsout runs on sqlite:///… and "
        "postgresql+psycopg://…"
    )


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[RESTED_SINCE] = time.monotonic()


def _ping_after_rest(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """Try a connection that lay unused for a while: the server may be gone, or another by now.

    One in busy use is not asked before every transaction: that is a tenth of a busy process's work,
    and where it has died the transaction says so itself, as our trouble.
    """
    rested = time.monotonic() - record.info.get(RESTED_SINCE, time.monotonic())
    if rested < PING_AFTER:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        # The pool throws this one away and opens another.
        raise DisconnectionError from error


def _open_sqlite(url: str, *, patience: float, pool_size: int) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        pool_timeout=patience,
        connect_args={"timeout": patience, "check_same_thread": False},
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    # pysqlite's own transaction handling would start writes late; we begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL, because NORMAL may lose committed rows on a power cut: https://www.sqlite.org/pragma.html
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # A read that later writes would deadlock with another such; taking the write lock at once
    # makes writers queue instead. A session marked read-only takes no lock.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def session_maker(engine: Engine) -> OpenSession:
    """Give the function that opens a session for writing."""

    def open_session() -> Session:
        return Session(engine, expire_on_commit=False)

    return open_session


def reading_session_maker(engine: Engine) -> OpenSession:
    """Give the function that opens a session which only reads and blocks no writer."""
    reading = engine.execution_options(reading=True)

    def open_session() -> Session:
        return Session(reading, expire_on_commit=False)

    return open_session


def insert_for(session: Session) -> type[postgresql.Insert]:
    """Give the database's own INSERT, whose ON CONFLICT both dialects spell alike."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.Insert
    return cast("type[postgresql.Insert]", sqlite.Insert)


@contextmanager
def our_trouble() -> Iterator[None]:
    """Turn a database that does not answer, is locked or deadlocked into OurTrouble."""
    try:
        yield
    except (OperationalError, PoolTimeout) as error:
        raise OurTrouble(f"our database did not take it: {type(error).__name__}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OurTrouble("our database closed the connection") from error
        if getattr(error.orig, "sqlstate", "") == READ_ONLY:
            raise OurTrouble("our database is read-only just now") from error
        raise
