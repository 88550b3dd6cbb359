"""Both webhook endpoints over a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.webhooks.edge import Edge
from tests.servers.tables import copied_sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return _sqlite(tmp_path)
    url: str = request.getfixturevalue("migrated_postgresql")
    return url


@pytest.fixture
def edge(database_url: str) -> Iterator[Edge]:
    edge = Edge(database_url)
    edge.open()
    yield edge
    edge.close()


@pytest.fixture
def sqlite_edge(tmp_path: Path) -> Iterator[Edge]:
    edge = Edge(_sqlite(tmp_path))
    edge.open()
    yield edge
    edge.close()


def _sqlite(folder: Path) -> str:
    copied_sqlite(folder / "edge.sqlite").dispose()
    return f"sqlite:///{folder / 'edge.sqlite'}"
