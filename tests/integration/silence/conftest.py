"""Silence over a real journal, on both databases."""

from tests.integration.journal.databases import (  # noqa: F401 - fixtures
    books,
    engine,
    migrated_postgresql,
    postgresql_engine,
    sqlite_engine,
    sqlite_template,
)
