"""Empty databases with all our tables: made once a process, copied or emptied for each test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import Engine
from sqlmodel import SQLModel

from shared.db import (
    account_tables,
    correction_tables,
    destination_tables,
    history_tables,
    journal_tables,
    list_tables,
    note_tables,
    portal_tables,
    telling_tables,
    user_tables,
    vendor_tables,
)
from shared.db.engine import open_engine
from shared.db.migrate import migrate
from tests.servers.postgresql import plain

# Named all, though a test uses some: what is not known here would keep its rows for the next test.
ALL = (
    account_tables,
    correction_tables,
    destination_tables,
    history_tables,
    journal_tables,
    list_tables,
    note_tables,
    portal_tables,
    telling_tables,
    user_tables,
    vendor_tables,
)
# Bytes; deleted rows of a larger table would be read over by every later test.
LARGE = 256 * 1024
ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
FROM_ONE = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


def copied_sqlite(file: Path, *, migrated: bool = False) -> Engine:
    """Make a SQLite with every table; one that is migrated knows its version too."""
    file.write_bytes(_sqlite(migrated=migrated))
    return open_engine(f"sqlite:///{file}")


@cache
def _sqlite(*, migrated: bool) -> bytes:
    assert ALL
    with TemporaryDirectory() as folder:
        file = Path(folder) / "tables.sqlite"
        engine = open_engine(f"sqlite:///{file}")
        if migrated:
            migrate(engine)
        else:
            SQLModel.metadata.create_all(engine)
        engine.dispose()
        return file.read_bytes()


def empty_postgresql(url: str) -> None:
    """Make a PostgreSQL as it was right after it was migrated, whoever is still connected to it.

    Far quicker than a copy, and than TRUNCATE, which makes all its files anew.
    """
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(ALONE)
        filled = connection.execute(_filled()).fetchall()
        # Not one table's rows at a time: what refers to what does not matter when all goes.
        steps = ["SET session_replication_role = replica"]
        steps += [f"TRUNCATE {name} CASCADE" for name, size in filled if size > LARGE]
        steps += [f"DELETE FROM {name}" for name, size in filled if size <= LARGE]  # noqa: S608 - ours
        connection.execute("; ".join([*steps, FROM_ONE]).encode())


@cache
def _filled() -> bytes:
    looks = [
        f"(SELECT '{name}', pg_relation_size('{name}') FROM {name} LIMIT 1)"  # noqa: S608 - ours
        for name in SQLModel.metadata.tables
    ]
    return " UNION ALL ".join(looks).encode()
