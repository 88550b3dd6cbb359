"""PostgreSQL itself: the role of the pages sees one account's rows, in every table there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, delete, insert, text, update
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from shared.db.engine import open_engine
from shared.db.row_security import ROLE, SHARED, enter, seen_by
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, Merchants
from tests.integration.portal.rows import Rows, a_row, fill_tables
from tests.servers.fixtures import fresh_database

TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}
OWNED = sorted(TABLES.keys() - SHARED)
WITH_ACCOUNT = [name for name in OWNED if "account_id" in TABLES[name].c]
# PostgreSQL's word for what a role may not do; row-level security gives it too.
REFUSED = "row-level security"

Filled = tuple[Engine, Rows]


@pytest.fixture(scope="module")
def filled(postgresql_url: str, postgresql_template: str) -> Iterator[Filled]:
    """Fill every table with a row of each account; gives Harbour's too."""
    with fresh_database(postgresql_url, postgresql_template) as url:
        engine = open_engine(url)
        Merchants(engine)
        fill_tables(engine, FERNLEAF)
        yield engine, {**fill_tables(engine, HARBOUR), "portal_role": {"id": 1}}
        engine.dispose()


@contextmanager
def as_pages_of(account_id: UUID, engine: Engine) -> Iterator[Connection]:
    """Be the role of an account's pages; nothing that is done here stays."""
    with engine.connect() as connection:
        enter(connection, account_id)
        yield connection
        connection.rollback()


def rows_in(table: str, connection: Connection) -> set[str]:
    return {str(row) for row in connection.execute(text(f"TABLE {table}"))}


def test_every_table_is_an_accounts_or_is_named_as_shared() -> None:
    # KeyError for a table that is neither: say in shared.db.row_security by what it is seen.
    assert {name for name, table in TABLES.items() if not seen_by(table)} == SHARED


@pytest.mark.parametrize("table", OWNED)
def test_without_a_where_each_account_sees_its_own_rows(filled: Filled, table: str) -> None:
    engine, _ = filled
    with engine.connect() as owner, as_pages_of(FERNLEAF, engine) as ours:
        everything, seen = rows_in(table, owner), rows_in(table, ours)
    with as_pages_of(HARBOUR, engine) as theirs:
        others = rows_in(table, theirs)

    assert seen
    assert others
    assert seen & others == set()
    assert seen | others == everything


@pytest.mark.parametrize("table", OWNED)
def test_another_accounts_rows_cannot_be_changed_or_removed(filled: Filled, table: str) -> None:
    engine, _ = filled
    its = TABLES[table]
    same = {column.name: column for column in its.primary_key.columns}
    with as_pages_of(HARBOUR, engine) as harbour:
        [key] = [
            tuple(row) for row in harbour.execute(its.select().with_only_columns(*same.values()))
        ]
    this = [column == value for column, value in zip(same.values(), key, strict=True)]

    with as_pages_of(FERNLEAF, engine) as ours:
        changed = ours.execute(update(its).where(*this).values(same)).rowcount
        removed = ours.execute(delete(its).where(*this)).rowcount

    assert (changed, removed) == (0, 0)


@pytest.mark.parametrize("table", OWNED)
def test_a_row_of_another_account_cannot_be_made(filled: Filled, table: str) -> None:
    engine, theirs = filled
    row = a_row(TABLES[table], HARBOUR, theirs, kind="another")

    with as_pages_of(FERNLEAF, engine) as ours, pytest.raises(ProgrammingError, match=REFUSED):
        ours.execute(insert(TABLES[table]).values(row))


@pytest.mark.parametrize("table", WITH_ACCOUNT)
def test_a_row_cannot_be_given_to_another_account(filled: Filled, table: str) -> None:
    engine, _ = filled

    with as_pages_of(FERNLEAF, engine) as ours, pytest.raises(ProgrammingError, match=REFUSED):
        ours.execute(update(TABLES[table]).values(account_id=HARBOUR))


@pytest.mark.parametrize("table", OWNED)
def test_without_an_account_nothing_is_seen(filled: Filled, table: str) -> None:
    engine, _ = filled
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {ROLE}"))
        seen = rows_in(table, connection)
        connection.rollback()

    assert seen == set()


def test_the_account_is_forgotten_when_the_transaction_ends(filled: Filled) -> None:
    engine, _ = filled
    with engine.connect() as connection:
        enter(connection, FERNLEAF)
        connection.commit()
        role = connection.execute(text("SELECT current_user")).scalar_one()
        account = connection.execute(text("SELECT current_setting('goodsout.account', true)"))

        assert role != ROLE
        assert account.scalar_one() in ("", None)
