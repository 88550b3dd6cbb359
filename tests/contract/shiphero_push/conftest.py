"""A sandbox on a port, and what we know of its account `demo`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sandbox.conftest import served  # noqa: F401 - a fixture, used by its name
from tests.contract.sandbox.served import Served
from tests.contract.shiphero_push.shop import Shop
from tests.unit.core.notebook import Notebook


@pytest.fixture
def shop(served: Served, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811 - the fixture above
    book = Notebook(tmp_path)
    yield Shop(served, book)
    book.engine.dispose()
