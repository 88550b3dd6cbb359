"""The migrations make exactly the tables that the code describes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest
import typer
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlmodel import SQLModel

from shared.cli.schema import wait_for_schema
from shared.db import account_tables, history_tables, journal_tables, note_tables, user_tables
from shared.db.engine import open_engine
from shared.db.migrate import is_ahead, migrate, missing_migrations

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


def test_a_database_that_a_newer_version_migrated_lacks_nothing(engine: Engine) -> None:
    migrate(engine)

    _come_from_a_newer_version(engine)

    assert not missing_migrations(engine)
    assert is_ahead(engine)
    migrate(engine)
    assert is_ahead(engine)


def test_a_database_of_this_version_is_not_ahead(engine: Engine) -> None:
    migrate(engine)

    assert not is_ahead(engine)


def test_a_database_with_an_older_schema_is_behind(engine: Engine) -> None:
    migrate(engine)

    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert missing_migrations(engine)
    assert not is_ahead(engine)


def test_the_wait_ends_when_another_has_migrated(engine: Engine) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(wait_for_schema, engine, within=60, pause=0.01)
        migrate(engine)

    assert waiting.exception() is None


def test_a_wait_in_vain_ends_with_a_sentence(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        wait_for_schema(engine, within=0.05, pause=0.01)

    assert ended.value.exit_code == 1
    assert "still lacks migrations" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_waited_for_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")

    with pytest.raises(typer.Exit):
        wait_for_schema(engine, within=0.05, pause=0.01)

    assert "does not answer" in capsys.readouterr().err


def _come_from_a_newer_version(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_migrating_again_waits_for_nobody_who_works(
    database_url_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.db.migrate.PATIENCE", 3.0)
    engine = open_engine(database_url_postgresql)
    migrate(engine)

    with engine.connect() as at_work:
        for table in SQLModel.metadata.sorted_tables:
            at_work.execute(select(table).limit(1))
        migrate(engine)
    engine.dispose()


def test_a_step_that_someone_stands_in_the_way_of_comes_again(
    database_url_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.db.migrate.LOCK_TIMEOUT", 50)
    engine = open_engine(database_url_postgresql)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("COMMENT ON POLICY of_one_account ON event IS 'another'"))

    with engine.connect() as at_work:
        at_work.execute(text("SELECT 1 FROM event"))
        done = Timer(0.5, at_work.rollback)
        done.start()
        migrate(engine)
        done.join()

    with engine.connect() as connection:
        told = text("SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = "
                    "'event'::regclass")  # fmt: skip
        assert "account_id" in connection.execute(told).scalar_one()
    engine.dispose()
