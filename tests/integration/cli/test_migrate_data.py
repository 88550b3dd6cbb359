"""What `goodsout migrate-data` refuses, and that nothing is kept then."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from shared.cli.main import commands
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EventRow
from shared.db.migrate import migrate
from shared.events import GOODS_OUT_NOTE_CHANGED, NewEvent
from shared.journal.record import record


class Move:
    """An old database with one account and one open event, and a new one."""

    def __init__(self, folder: Path, new_url: str) -> None:
        self.old_url, self.new_url = f"sqlite:///{folder}/old.sqlite", new_url
        self.old = open_engine(self.old_url)
        migrate(self.old)
        with session_maker(self.old)() as session:
            account = Account(id=uuid4(), code="acme", name="Acme", created_at=utc_now())
            session.add(account)
            session.flush()
            looked_at = NewEvent(
                account_id=account.id, name=GOODS_OUT_NOTE_CHANGED, subject="7001",
                dedupe_key="acme:7001",
            )  # fmt: skip
            record(session, looked_at, now=utc_now())
            session.commit()

    def change(self, **fields: object) -> None:
        """Change the open event of the old database."""
        with session_maker(self.old)() as session:
            event = session.exec(select(EventRow)).one()
            for name, value in fields.items():
                setattr(event, name, value)
            session.add(event)
            session.commit()

    def made(self) -> Result:
        """Run the command."""
        environment = {"DATABASE_URL": self.new_url}
        return CliRunner().invoke(commands, ["migrate-data", self.old_url], env=environment)

    def moved(self) -> list[EventRow]:
        """Read the events of the new database."""
        engine = open_engine(self.new_url)
        with session_maker(engine)() as session:
            events = list(session.exec(select(EventRow)))
        engine.dispose()
        return events


@pytest.fixture
def move(tmp_path: Path, database_url_postgresql: str) -> Iterator[Move]:
    """Give a move to an empty PostgreSQL."""
    move = Move(tmp_path, database_url_postgresql)
    yield move
    move.old.dispose()


def test_what_the_old_broker_held_is_due_in_the_new_database(move: Move) -> None:
    move.change(published_at=utc_now(), generation=4)

    answer = move.made()

    assert answer.exit_code == 0, answer.output
    [event] = move.moved()
    assert (event.subject, event.published_at, event.generation) == ("7001", None, 5)


def test_a_system_that_still_works_is_not_moved(move: Move) -> None:
    move.change(claimed_by="worker", claimed_until=utc_now() + timedelta(minutes=1))

    answer = move.made()

    assert answer.exit_code == 1
    assert "stop every process first" in answer.output
    assert move.moved() == []


def test_a_database_with_rows_is_not_written_over(move: Move) -> None:
    assert move.made().exit_code == 0

    answer = move.made()

    assert answer.exit_code == 1
    assert "the new database is not empty" in answer.output
    assert len(move.moved()) == 1


def test_an_old_database_of_another_version_is_not_moved(move: Move, tmp_path: Path) -> None:
    move.old_url = f"sqlite:///{tmp_path}/never_migrated.sqlite"
    (tmp_path / "never_migrated.sqlite").touch()

    answer = move.made()

    assert answer.exit_code == 1
    assert "run `goodsout migrate` with its DATABASE_URL first" in answer.output


@pytest.mark.parametrize(
    ("url", "says"),
    [("sqlite:///{}/mistyped.sqlite", "there is no file"), ("goodsout.sqlite", "named as")],
)
def test_a_mistyped_name_of_the_old_database_makes_no_file(
    move: Move, tmp_path: Path, url: str, says: str
) -> None:
    move.old_url = url.format(tmp_path)

    answer = move.made()

    assert answer.exit_code == 1
    assert says in answer.output
    assert not (tmp_path / "mistyped.sqlite").exists()
