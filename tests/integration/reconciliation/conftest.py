"""Comparisons with the vendors' lists over a real journal, on both databases."""

import pytest

from tests.integration.journal.books import Books
from tests.integration.reconciliation.merchant import Merchant


@pytest.fixture
def merchant(books: Books) -> Merchant:
    """Give an account that went live a day ago; none of its webhooks ever came."""
    return Merchant(books)
