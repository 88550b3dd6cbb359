"""Fill a PostgreSQL with merchants' notes: one with very many, others beside; by one's own SQL.

The shapes are those of a merchant after years: most notes shipped, a few thousand on the way, some
hundreds that need a person, references and SKUs with few and with many hits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.notes.persons import PersonDigests

BIG: Final = UUID(int=1)
OTHERS: Final = tuple(UUID(int=number) for number in range(2, 6))
# A note of each account for so many of the big one's.
SHARE_OF_OTHERS: Final = 20
FIRST_NOTE: Final = 100_000
STATEMENTS: Final = Path(__file__).with_name("seed.sql")
TABLES: Final = (
    "sync_log", "note_sku", "note_person", "note_tracking", "order_link", "event", "attempt",
    "timeline",
)  # fmt: skip
# Who buys every third note.
MARKET: Final = "Market Place Ltd"
# Notes whose journal is kept: these many newest, and these many more that are opened.
NEWEST: Final = 50_000
OPENED: Final = 40


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """What was filled in."""

    rows: int
    first: int = FIRST_NOTE

    @property
    def last(self) -> int:
        """The newest note."""
        return self.first + self.rows


def every_opened(rows: int) -> int:
    """Give the distance between notes that are opened."""
    return max(1, rows // OPENED)


def seed(engine: Engine, rows: int, digests: PersonDigests) -> Seeded:
    """Fill the tables of accounts that are there already; `digests` are the portal's."""
    with engine.begin() as connection, _without_indexes(connection):
        for account, count in ((BIG, rows), *((one, rows // SHARE_OF_OTHERS) for one in OTHERS)):
            known = {
                "account": account, "rows": count, "first": FIRST_NOTE,
                "code": f"bench{account.int}", "events": min(count, NEWEST),
                "every": every_opened(count), "market": min(digests.kept(account, MARKET)),
            }  # fmt: skip
            for statement in STATEMENTS.read_text().split(";\n\n"):
                connection.execute(text(statement), known)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return Seeded(rows=rows)


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Fill first, index afterwards: several times faster than one row at a time."""
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    named = connection.execute(
        text(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
            "WHERE t.relname = ANY(:tables) AND NOT i.indisunique"
        ),
        {"tables": list(TABLES)},
    ).all()
    for name, _ in named:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, definition in named:
        connection.execute(text(definition))
