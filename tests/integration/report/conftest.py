"""Daily reports over a real journal, on both databases."""

import pytest

from tests.integration.journal.books import Books
from tests.integration.journal.databases import (  # noqa: F401 - fixtures
    books,
    engine,
    migrated_postgresql,
    postgresql_books,
    postgresql_engine,
    sqlite_books,
    sqlite_engine,
    sqlite_template,
)
from tests.integration.report.merchant import Merchant


@pytest.fixture
def merchant(books: Books) -> Merchant:  # noqa: F811 - the fixture
    return Merchant(books)


@pytest.fixture
def sqlite_merchant(sqlite_books: Books) -> Merchant:  # noqa: F811 - the fixture
    """Give the same where the database makes no difference."""
    return Merchant(sqlite_books)
