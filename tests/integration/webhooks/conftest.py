"""Both webhook endpoints over a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.webhooks.edge import Edge


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'edge.sqlite'}"
    url: str = request.getfixturevalue("database_url_postgresql")
    return url


@pytest.fixture
def edge(database_url: str) -> Iterator[Edge]:
    edge = Edge(database_url)
    edge.create_tables()
    yield edge
    edge.close()


@pytest.fixture
def sqlite_edge(tmp_path: Path) -> Iterator[Edge]:
    edge = Edge(f"sqlite:///{tmp_path / 'edge.sqlite'}")
    edge.create_tables()
    yield edge
    edge.close()
