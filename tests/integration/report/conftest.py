"""Daily reports over a real journal, on both databases."""

import pytest

from tests.integration.journal.books import Books
from tests.integration.report.merchant import Merchant


@pytest.fixture
def merchant(books: Books) -> Merchant:
    return Merchant(books)


@pytest.fixture
def sqlite_merchant(sqlite_books: Books) -> Merchant:
    """Give the same where the database makes no difference."""
    return Merchant(sqlite_books)
