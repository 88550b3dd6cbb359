"""Alembic's entry point; `shared.db.migrate` hands it the open connection."""

from alembic import context
from sqlmodel import SQLModel

from shared.db import (
    account_tables,
    correction_tables,
    destination_tables,
    history_tables,
    journal_tables,
    list_tables,
    note_tables,
    portal_tables,
    telling_tables,
    user_tables,
    vendor_tables,
)

assert account_tables
assert correction_tables
assert destination_tables
assert history_tables
assert journal_tables
assert list_tables
assert note_tables
assert portal_tables
assert telling_tables
assert user_tables
assert vendor_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
