"""Settings over a real journal, on both databases."""

import pytest

from tests.integration.configuring.shop import Shop
from tests.integration.journal.books import Books


@pytest.fixture
def shop(books: Books) -> Shop:
    """Give a merchant with everything set."""
    return Shop(books)


@pytest.fixture
def postgresql_shop(postgresql_books: Books) -> Shop:
    """Give one whose database lets several write at once."""
    return Shop(postgresql_books)
