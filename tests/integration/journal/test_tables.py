"""The tables, the engine's promises and the ledger, on both databases."""

from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from shared.db import user_tables  # noqa: F401 - its tables are compared too
from shared.db.engine import open_engine, our_trouble, reading_session_maker
from shared.db.journal_tables import EDGE_COUNT
from shared.db.migrate import migrate, missing_migrations
from shared.errors import OurTrouble
from shared.events import GOODS_OUT_NOTES_ANNOUNCED
from shared.journal.ledger import ledger
from tests.integration.journal.books import MORNING, Books


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        found: Any = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)

    assert found == []


def test_migrating_twice_is_harmless(engine: Engine) -> None:
    migrate(engine)

    assert missing_migrations(engine) is False


def test_an_unmigrated_database_is_noticed(tmp_path: Any) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new.sqlite")

    missing = missing_migrations(engine)
    engine.dispose()

    assert missing


def test_a_time_without_a_zone_is_refused(books: Books) -> None:
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - that is what is refused

    with pytest.raises(StatementError, match="has no zone"):
        books.rewrite(books.announce(), due_at=naive)


def test_a_locked_database_is_trouble_of_ours(sqlite_books: Books) -> None:
    impatient = open_engine(str(sqlite_books.engine.url), patience=0.05)

    with sqlite_books.session() as holder:
        holder.execute(text("UPDATE account SET name = 'x'"))
        with pytest.raises(OurTrouble), our_trouble(), impatient.begin():
            pass
    impatient.dispose()


def test_a_reader_is_not_kept_waiting_by_a_writer(sqlite_books: Books) -> None:
    impatient = open_engine(str(sqlite_books.engine.url), patience=0.05)

    with sqlite_books.session() as writer:
        writer.execute(text("UPDATE account SET name = 'x'"))
        with reading_session_maker(impatient)() as reader:
            name = reader.execute(text("SELECT name FROM account")).scalar_one()
    impatient.dispose()

    assert name == "acme"


def test_a_database_that_lets_nobody_write_is_trouble_of_ours(postgresql_books: Books) -> None:
    with postgresql_books.open_session() as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        with pytest.raises(OurTrouble, match="read-only"), our_trouble():
            session.execute(text("UPDATE account SET name = 'x'"))


def test_a_mistake_of_ours_in_a_statement_is_no_trouble_but_a_bug(books: Books) -> None:
    with pytest.raises(IntegrityError), our_trouble():
        books.open_account("acme")


def test_a_connection_that_the_server_closed_is_trouble_of_ours(postgresql_books: Books) -> None:
    kill = text("SELECT pg_terminate_backend(:pid)")
    with postgresql_books.open_session() as victim:
        pid = victim.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with postgresql_books.session() as session:
            session.execute(kill, {"pid": pid})
        with pytest.raises(OurTrouble), our_trouble():
            victim.execute(text("SELECT 1"))

    assert postgresql_books.count() == 0


def test_the_ledger_finds_a_webhook_that_has_no_row(books: Books) -> None:
    books.announce("1", name=GOODS_OUT_NOTES_ANNOUNCED)
    with books.session() as session:
        session.execute(
            EDGE_COUNT.insert().values(
                account_id=books.account, day=MORNING.date(), source="brightpearl", kept=2,
                repeated=3,
            )
        )  # fmt: skip

    with books.open_session() as session:
        [day] = ledger(session)["days"]

    assert (day["webhooks_kept"], day["rows"], day["unexplained"]) == (2, 1, 1)
    assert (day["day"], day["events"]) == ("2026-03-02", {"open": 1})
