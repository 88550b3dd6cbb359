"""What the clock tells people, over a real journal, on both databases."""

import pytest

from tests.integration.journal.books import Books
from tests.integration.telling.office import Office


@pytest.fixture
def office(books: Books) -> Office:
    """Give an account with one owner, and a clock that tells."""
    return Office(books)


@pytest.fixture
def sqlite_office(sqlite_books: Books) -> Office:
    """Give it on SQLite alone, where the database makes no difference."""
    return Office(sqlite_books)
