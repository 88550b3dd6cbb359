"""Each test gets an empty, migrated database of either kind; it is migrated once a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shared.db.engine import open_engine
from tests.integration.journal.books import Books
from tests.servers.tables import copied_sqlite


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = copied_sqlite(tmp_path / "journal.sqlite", migrated=True)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(migrated_postgresql: str) -> Iterator[Engine]:
    engine = open_engine(migrated_postgresql)
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
