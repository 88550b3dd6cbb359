"""Each test gets an empty, migrated database of either kind; it is migrated once a run."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from shared.db.engine import open_engine
from shared.db.migrate import migrate
from tests.integration.journal.books import Books


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> Iterator[str]:
    name = f"journal_{secrets.token_hex(4)}"  # each worker of a run has its own
    admin = open_engine(postgresql_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = f"{postgresql_url.rpartition('/')[0]}/{name}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    shutil.copy(sqlite_template, tmp_path / "journal.sqlite")
    engine = open_engine(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(migrated_postgresql: str) -> Iterator[Engine]:
    engine = open_engine(migrated_postgresql)
    tables = ", ".join(table.name for table in SQLModel.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def books(engine: Engine) -> Books:
    return Books(engine)


@pytest.fixture
def postgresql_books(postgresql_engine: Engine) -> Books:
    return Books(postgresql_engine)


@pytest.fixture
def sqlite_books(sqlite_engine: Engine) -> Books:
    return Books(sqlite_engine)
