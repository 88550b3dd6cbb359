"""A notebook and a desk for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.core.notebook import Notebook
from tests.unit.shiphero_push.pushing import Pushing


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Notebook]:
    book = Notebook(tmp_path)
    yield book
    book.engine.dispose()


@pytest.fixture
def pushing(book: Notebook) -> Pushing:
    return Pushing(book)
