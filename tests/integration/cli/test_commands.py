"""What an operator's commands say and answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select
from typer.testing import CliRunner, Result

from shared.cli.main import commands
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EdgeCount, EventRow
from shared.events import GOODS_OUT_NOTE_CHANGED, NewEvent
from shared.journal.record import record
from shared.secrets import new_key


class Terminal:
    """A terminal whose environment names an embedded system's folder."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "DATABASE_URL": f"sqlite:///{folder}/goodsout.sqlite",
            "BROKER_URL": f"filesystem://{folder}/broker",
            "SECRET_KEYS": new_key(),
        }

    def type(self, *words: str) -> Result:
        """Run a command."""
        return CliRunner().invoke(commands, list(words), env=self.environment)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Give a terminal beside an empty folder."""
    return Terminal(tmp_path)


@pytest.fixture
def engine(terminal: Terminal) -> Iterator[Engine]:
    """Give the terminal's database, migrated, with one account."""
    assert terminal.type("migrate").exit_code == 0
    opened = open_engine(terminal.environment["DATABASE_URL"])
    with session_maker(opened)() as session:
        session.add(Account(id=uuid4(), code="acme", name="Acme", created_at=utc_now()))
        session.commit()
    yield opened
    opened.dispose()


def test_the_ledger_is_printed_as_json(terminal: Terminal, engine: Engine) -> None:
    _count_one_webhook(engine, kept=0)

    answer = terminal.type("ledger", "--json")

    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert told["days"][0]["unexplained"] == 0
    assert told["notes"][0]["account"] == "acme"


def test_a_webhook_that_the_journal_lacks_makes_the_ledger_fail(
    terminal: Terminal, engine: Engine
) -> None:
    _count_one_webhook(engine, kept=1)

    answer = terminal.type("ledger")

    assert answer.exit_code == 1
    assert "unexplained 1" in answer.stdout


def test_a_dead_letter_is_replayed_once_while_its_replay_is_open(
    terminal: Terminal, engine: Engine
) -> None:
    event_id = str(_dead_letter(engine))

    first, second = terminal.type("replay", event_id), terminal.type("replay", event_id)

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "Replayed as event" in first.stdout
    assert "nothing was done" in second.stdout


def test_doctor_finds_nothing_wrong_with_a_prepared_system(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.type("migrate")
    terminal.type("topology", "--declare")

    answer = terminal.type("doctor")

    assert answer.exit_code == 0, answer.stdout
    assert "WRONG" not in answer.stdout
    assert str(tmp_path) in answer.stdout


def test_doctor_says_what_is_missing(terminal: Terminal) -> None:
    answer = terminal.type("doctor")

    assert answer.exit_code == 1
    assert "run `goodsout migrate`" in answer.stdout
    assert "--declare" in answer.stdout


def test_doctor_names_a_key_that_is_none(terminal: Terminal) -> None:
    terminal.environment["SECRET_KEYS"] = "not-a-key"

    answer = terminal.type("doctor")

    assert answer.exit_code == 1
    assert "goodsout secrets new-key" in answer.stdout


def test_doctor_finds_an_account_that_is_not_connected(terminal: Terminal, engine: Engine) -> None:
    assert engine

    answer = terminal.type("doctor")

    assert answer.exit_code == 1
    assert "Brightpearl is not connected yet" in answer.stdout


@pytest.mark.parametrize("command", ["migrate", "ledger"])
def test_a_database_that_is_down_is_one_sentence(terminal: Terminal, command: str) -> None:
    terminal.environment["DATABASE_URL"] = "postgresql+psycopg://goodsout:secret@127.0.0.1:1/x"

    answer = terminal.type(command)

    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
    assert "secret" not in answer.output


def test_the_ledger_lists_dead_letters_with_the_id_that_replay_wants(
    terminal: Terminal, engine: Engine
) -> None:
    event_id = str(_dead_letter(engine))

    answer = terminal.type("ledger")

    assert event_id in answer.stdout


def test_a_missing_setting_is_named(terminal: Terminal) -> None:
    terminal.environment = {"DATABASE_URL": ""}

    answer = terminal.type("topology", "--declare")

    assert answer.exit_code == 2
    assert "BROKER_URL" in answer.stderr


def _count_one_webhook(engine: Engine, *, kept: int) -> None:
    with session_maker(engine)() as session:
        account = session.exec(select(Account)).one()
        session.add(
            EdgeCount(account_id=account.id, day=utc_now().date(), source="brightpearl", kept=kept)
        )
        session.commit()


def _dead_letter(engine: Engine) -> UUID:
    with session_maker(engine)() as session:
        account = session.exec(select(Account)).one()
        new = NewEvent(
            account_id=account.id,
            name=GOODS_OUT_NOTE_CHANGED,
            subject="7001",
            dedupe_key="acme:1",
        )
        event_id = record(session, new, now=utc_now())
        assert event_id is not None
        row = session.get_one(EventRow, event_id)
        row.outcome, row.settled_at = "dead", utc_now()
        session.add(row)
        session.commit()
    return event_id


@pytest.mark.usefixtures("engine")
def test_waiting_for_the_schema_ends_at_once_where_it_is_there(terminal: Terminal) -> None:
    answer = terminal.type("migrate", "--wait")

    assert (answer.exit_code, answer.stdout) == (0, "The database is at this version's schema.\n")


def test_a_newer_schema_is_left_as_it_is(terminal: Terminal, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    answers = [terminal.type("migrate"), terminal.type("migrate", "--wait")]

    assert [(one.exit_code, one.stdout) for one in answers] == [
        (0, "The database is at a newer version's schema.\n")
    ] * 2
