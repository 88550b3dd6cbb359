"""Copy a whole database into an empty one: from SQLite to PostgreSQL when a merchant has grown.

All of it in one transaction of the new database, read from one moment of the old one: a copy that
fails leaves the new database empty and the old one as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Engine, Integer, Table, column, func, select, text
from sqlalchemy import table as plain_table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session, SQLModel

from shared.db.engine import open_engine
from shared.db.migrate import revisions
from shared.errors import GoodsoutError
from shared.journal.release import bring_back_published

ROWS_AT_ONCE = 1000
_EVENT = SQLModel.metadata.tables["event"]


class NotMoved(GoodsoutError):  # noqa: N818 - as the other sentences that refuse
    """The copy was not begun, or taken back; the sentence says what to do."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How many rows of a table were copied."""

    table: str
    rows: int


def old_database(url: str) -> Engine:
    """Open the database that is copied. Raises NotMoved for one that is not there.

    SQLite would make an empty file of a name that was mistyped.
    """
    try:
        parts = make_url(url)
        file = parts.database or ""
        if parts.get_backend_name() == "sqlite" and not Path(file).is_file():
            raise NotMoved(f"there is no file {file or 'named'}: check the path in {url!r}")
        return open_engine(url)
    except (ArgumentError, ValueError):
        raise NotMoved(
            "the old database is named as DATABASE_URL is, such as sqlite:////path/to/goodsout.sqlite"
        ) from None


def move(source: Engine, target: Engine, *, now: datetime) -> Iterator[Moved]:
    """Copy every table, and tell of each; what the old broker held is due again in the new one.

    `target` is migrated and empty. Raises NotMoved, with nothing kept in `target`, where a process
    still works on the old database, the schemas differ, or a table came out with other counts.
    """
    _refuse_other_schemas(source, target)
    with source.connect() as old, target.begin() as new:
        _refuse_while_at_work(old, now=now)
        for table in SQLModel.metadata.sorted_tables:
            _refuse_filled(new, table)
        for table in SQLModel.metadata.sorted_tables:
            yield Moved(table=table.name, rows=_copy(old, new, table))
        # The new broker knows nothing of what the old one held.
        bring_back_published(Session(bind=new), now=now)


def _refuse_other_schemas(source: Engine, target: Engine) -> None:
    for name, engine in (("old", source), ("new", target)):
        present, wanted = revisions(engine)
        if present != wanted:
            raise NotMoved(
                f"the {name} database is at schema {present or 'none'}, this version's is "
                f"{wanted}: run `goodsout migrate` with its DATABASE_URL first"
            )


def _refuse_while_at_work(old: Connection, *, now: datetime) -> None:
    at_work = select(func.count(), func.max(_EVENT.c.claimed_until)).where(
        _EVENT.c.settled_at.is_(None), _EVENT.c.claimed_until > now
    )
    count, until = old.execute(at_work).one()
    if count:
        raise NotMoved(
            f"{count} events of the old database are being worked on until {until:%H:%M:%S} UTC: "
            "stop every process first, or wait until then where one was killed"
        )


def _refuse_filled(new: Connection, table: Table) -> None:
    if new.execute(select(func.count()).select_from(table)).scalar_one():
        raise NotMoved(
            f"the new database is not empty: {table.name} has rows. Name an empty one, or drop "
            "and make it anew"
        )


def _copy(old: Connection, new: Connection, table: Table) -> int:
    """Copy one table in the order of its keys; gives its rows."""
    plain = _plain(table)
    ordered = select(plain).order_by(*(plain.c[key.name] for key in table.primary_key))
    rows = old.execution_options(yield_per=ROWS_AT_ONCE).execute(ordered)
    copied = 0
    for some in rows.mappings().partitions(ROWS_AT_ONCE):
        new.execute(plain.insert(), [dict(row) for row in some])
        copied += len(some)
    counted = new.execute(select(func.count()).select_from(table)).scalar_one()
    if counted != copied:
        raise NotMoved(f"{table.name} came out with {counted} rows instead of {copied}")
    _go_on_counting(new, table)
    return copied


def _plain(table: Table) -> Any:
    """Give the table without what the database computes, and with nothing kept as nothing."""
    stored = [one for one in table.columns if one.computed is None]
    return plain_table(
        table.name,
        *(
            column(one.name, JSON(none_as_null=True) if isinstance(one.type, JSON) else one.type)
            for one in stored
        ),
    )


def _go_on_counting(new: Connection, table: Table) -> None:
    """Have PostgreSQL's own numbers go on after the copied ones."""
    counted = table.autoincrement_column
    if new.dialect.name != "postgresql" or counted is None:
        return
    if not isinstance(counted.type, Integer) or counted.foreign_keys:
        return
    sequence = new.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"),
        {"table": table.name, "column": counted.name},
    ).scalar_one()
    highest = new.execute(select(func.max(counted))).scalar_one()
    if sequence is not None and highest is not None:
        new.execute(text("SELECT setval(:sequence, :highest)"),
                    {"sequence": sequence, "highest": highest})  # fmt: skip
