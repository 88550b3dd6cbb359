"""Settings over a real journal, on both databases."""

import pytest

from tests.integration.configuring.shop import Shop
from tests.integration.journal.books import Books
from tests.integration.journal.databases import (  # noqa: F401 - fixtures
    books,
    engine,
    migrated_postgresql,
    postgresql_books,
    postgresql_engine,
    sqlite_engine,
    sqlite_template,
)


@pytest.fixture
def shop(books: Books) -> Shop:  # noqa: F811 - a fixture
    """Give a merchant with everything set."""
    return Shop(books)


@pytest.fixture
def postgresql_shop(postgresql_books: Books) -> Shop:  # noqa: F811 - a fixture
    """Give one whose database lets several write at once."""
    return Shop(postgresql_books)
