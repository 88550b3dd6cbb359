"""What the clock tells people, over a real journal, on both databases."""

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
from tests.integration.telling.office import Office


@pytest.fixture
def office(books: Books) -> Office:  # noqa: F811 - the fixture above
    """Give an account with one owner, and a clock that tells."""
    return Office(books)


@pytest.fixture
def sqlite_office(sqlite_books: Books) -> Office:  # noqa: F811 - as above
    """Give it on SQLite alone, where the database makes no difference."""
    return Office(sqlite_books)
