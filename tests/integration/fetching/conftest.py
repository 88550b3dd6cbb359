"""Fetches from the real sandbox, over a real journal on both databases."""

from collections.abc import Iterator

import pytest

from tests.integration.fetching.hall import Hall, Killer, Merchant, sessions_that_end
from tests.integration.journal.books import Books
from tests.integration.registration.served import Sandbox, a_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Start a sandbox for the tests of a module; each has a merchant of its own."""
    with a_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def merchant(sandbox: Sandbox) -> Merchant:
    """Open an account with 1,200 products."""
    return Merchant(sandbox)


@pytest.fixture
def killer() -> Killer:
    """Give somebody who ends processes once he is told how often."""
    return Killer()


@pytest.fixture
def hall(books: Books, merchant: Merchant, killer: Killer) -> Hall:
    """Stand ready to fetch."""
    return Hall(books, merchant, open_killed=sessions_that_end(books.engine, killer))
