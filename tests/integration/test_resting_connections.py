"""A connection that died while it lay unused costs nobody a transaction."""

import pytest
from sqlalchemy import text

from shared.db import engine as engines
from shared.db.engine import open_engine


@pytest.fixture
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any pause be a long one."""
    monkeypatch.setattr(engines, "PING_AFTER", 0.0)


@pytest.mark.usefixtures("rested")
def test_a_connection_that_died_at_rest_is_replaced(database_url_postgresql: str) -> None:
    ours, theirs = (open_engine(database_url_postgresql) for _ in range(2))
    with ours.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    with theirs.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})

    with ours.connect() as connection:
        again = connection.scalar(text("SELECT pg_backend_pid()"))

    assert again != backend
    ours.dispose()
    theirs.dispose()
