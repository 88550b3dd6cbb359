"""Budgets on both databases, and processes that share one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest

from tests.integration.budgets.spenders import SpenderProcess, Till
from tests.integration.journal.books import Books


@pytest.fixture
def till(books: Books) -> Till:
    """Give one account's budgets, on either database."""
    return Till(books)


@pytest.fixture
def postgresql_till(postgresql_books: Books) -> Till:
    """Give one account's budgets on PostgreSQL."""
    return Till(postgresql_books)


@pytest.fixture
def spender(postgresql_till: Till) -> Iterator[Callable[[UUID], SpenderProcess]]:
    """Start processes that reserve of an account's budget at Brightpearl, and end them after."""
    with ExitStack() as until_end:

        def start(account_id: UUID) -> SpenderProcess:
            return until_end.enter_context(SpenderProcess(postgresql_till.books, account_id))

        yield start
