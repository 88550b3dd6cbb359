"""What is over is deleted, what is not stays."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from services.notifier.retention.periods import Before
from shared.db.user_tables import User
from shared.journal.record import new_id
from tests.integration.journal.books import MORNING, Books
from tests.integration.retention.hall import settings, take_turns

GONE: dict[str, dict[str, Any]] = {
    "rate_count": {"expires_at": MORNING - timedelta(seconds=1)},
    "portal_session": {"seen_at": MORNING - timedelta(days=91)},
    "invitation": {"expires_at": MORNING - timedelta(days=91)},
    "connection_request": {"asked_at": MORNING - timedelta(days=91)},
    "webhook_subscription": {"retired_at": MORNING - timedelta(days=31)},
    "bulk_act": {"ended_at": MORNING - timedelta(days=91)},
    "comparison": {"compared_at": MORNING - timedelta(days=31)},
    "hour_count": {"day": (MORNING - timedelta(days=401)).date()},
    "event_archive": {"recorded_at": MORNING - timedelta(days=731)},
    "report": {"made_at": MORNING - timedelta(days=731)},
}


@pytest.mark.parametrize("table", GONE)
def test_what_is_over_is_ended_and_what_is_not_stays(books: Books, table: str) -> None:
    [column] = GONE[table]
    edge = GONE[table][column]
    rows = [
        a_row(books, table, number) | {column: at}
        for number, at in enumerate((edge, edge + timedelta(days=2)))
    ]
    with books.session() as session:
        session.execute(insert(SQLModel.metadata.tables[table]), rows)

    take_turns(books)

    with books.session() as session:
        left = session.execute(select(SQLModel.metadata.tables[table].c[column])).scalars().all()
    assert left == [edge + timedelta(days=2)]


def a_row(books: Books, table: str, number: int) -> dict[str, Any]:
    """Fill the other columns of a row with what their types need."""
    plain: dict[str, Any] = {
        "VARCHAR": f"x{number}", "INTEGER": number, "JSON": [], "DATETIME": MORNING,
        "DATE": MORNING.date(), "BOOLEAN": False, "CHAR(32)": new_id(),
    }  # fmt: skip
    values = {
        column.name: plain[str(column.type)]
        for column in SQLModel.metadata.tables[table].columns
        if column.name not in GONE[table] and not column.nullable
    }
    if "user_id" in values:
        values["user_id"] = a_person(books)
    return values | ({"account_id": books.account} if "account_id" in values else {})


def a_person(books: Books) -> int:
    """Add a user and give the id."""
    with books.session() as session:
        id_ = str(new_id())
        person = User(account_id=books.account, email=id_, password="", fs_uniquifier=id_)
        session.add(person)
        session.flush()
        assert person.id is not None
        return person.id


def test_what_is_kept_forever_is_never_deleted() -> None:
    before = Before.of(settings(retention_archive_days=0, retention_reports_days=0), MORNING)

    assert (before.archive, before.reports) == (None, None)


def test_the_journal_keeps_a_month_at_least() -> None:
    with pytest.raises(ValueError, match="retention_journal_days"):
        settings(retention_journal_days=29)
