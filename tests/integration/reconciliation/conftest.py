"""Comparisons with the vendors' lists over a real journal, on both databases."""

import pytest

from tests.integration.journal.books import Books
from tests.integration.journal.databases import (  # noqa: F401 - fixtures
    books,
    engine,
    migrated_postgresql,
    postgresql_engine,
    sqlite_engine,
    sqlite_template,
)
from tests.integration.reconciliation.merchant import Merchant


@pytest.fixture
def merchant(books: Books) -> Merchant:  # noqa: F811 - a fixture
    """Give an account that went live a day ago; none of its webhooks ever came."""
    return Merchant(books)
