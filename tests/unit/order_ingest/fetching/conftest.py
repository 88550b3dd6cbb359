"""A merchant whose lists were never fetched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.core.notebook import Notebook
from tests.unit.order_ingest.fetching.fetching import Fetching


@pytest.fixture
def fetching(tmp_path: Path) -> Iterator[Fetching]:
    book = Notebook(tmp_path)
    yield Fetching(book)
    book.engine.dispose()
