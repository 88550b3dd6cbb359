"""The migrations make exactly the tables that the code describes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlmodel import SQLModel

from shared.db import account_tables, history_tables, journal_tables, note_tables, user_tables
from shared.db.engine import open_engine
from shared.db.migrate import migrate, missing_migrations

TABLES = (account_tables, history_tables, journal_tables, note_tables, user_tables)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database."""
    url = f"sqlite:///{tmp_path}/empty.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("database_url_postgresql")
    opened = open_engine(url)
    yield opened
    opened.dispose()


def test_the_migrations_make_the_tables_that_the_code_describes(engine: Engine) -> None:
    migrate(engine)

    with engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata
        )
    assert differences == []
    assert all(module.__name__ for module in TABLES)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)

    migrate(engine)

    assert not missing_migrations(engine)


def test_a_database_that_was_never_migrated_is_noticed(engine: Engine) -> None:
    assert missing_migrations(engine)
