"""What a terminal shows of dead letters, and of a database that does not answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from typer.testing import CliRunner, Result

from shared.cli.main import commands
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EventRow
from shared.db.migrate import migrate
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, NewEvent
from shared.journal.record import record
from shared.secrets import new_key

# Nothing listens on port 1.
CLOSED = "postgresql+psycopg://goodsout:hidden-word@127.0.0.1:1/goodsout"
REASON = "Brightpearl's webhook is no JSON."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a migrated database with one account."""
    opened = open_engine(f"sqlite:///{tmp_path}/goodsout.sqlite")
    migrate(opened)
    with session_maker(opened)() as session:
        session.add(Account(id=uuid4(), code="acme", name="Acme", created_at=utc_now()))
        session.commit()
    yield opened
    opened.dispose()


def test_a_dead_letter_of_no_note_is_listed_with_its_id(engine: Engine) -> None:
    [event_id] = _dead_letters(engine, 1)

    shown, as_json = _type(engine, "ledger"), _type(engine, "ledger", "--json")

    [dead] = json.loads(as_json.stdout)["dead"]
    assert str(event_id) in shown.stdout
    assert (dead["account"], dead["more"]) == ("acme", 0)
    assert dead["newest"][0]["id"] == str(event_id)
    assert dead["newest"][0]["reason_code"] == "webhook_unreadable"
    assert dead["newest"][0]["reason"] == REASON


def test_a_replayed_dead_letter_is_listed_no_more(engine: Engine) -> None:
    replayed, waiting = _dead_letters(engine, 2)
    _type(engine, "replay", str(replayed))

    shown = _type(engine, "ledger").stdout

    assert str(waiting) in shown
    assert str(replayed) not in shown


def test_the_twenty_newest_dead_letters_are_listed_and_the_others_counted(engine: Engine) -> None:
    event_ids = _dead_letters(engine, 23)

    [dead] = json.loads(_type(engine, "ledger", "--json").stdout)["dead"]

    assert {letter["id"] for letter in dead["newest"]} == {str(one) for one in event_ids[3:]}
    assert dead["more"] == 3


def test_doctor_counts_the_dead_letters(engine: Engine) -> None:
    _dead_letters(engine, 2)

    answer = _type(engine, "doctor")

    assert answer.exit_code == 1
    assert "2 wait for a person; look at `goodsout ledger`" in answer.stdout


@pytest.mark.parametrize("words", [("migrate",), ("ledger",), ("replay", str(UUID(int=1)))])
def test_a_silent_database_is_one_sentence(words: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(commands, list(words), env={"DATABASE_URL": CLOSED})

    assert answer.exit_code == 1
    assert answer.stderr.startswith("Nothing was done: our database did not take it")
    assert "hidden-word" not in answer.output
    assert len(answer.stderr.splitlines()) == 1


def _type(engine: Engine, *words: str) -> Result:
    environment = {
        "DATABASE_URL": str(engine.url),
        "BROKER_URL": "memory://",
        "SECRET_KEYS": new_key(),
    }
    return CliRunner().invoke(commands, list(words), env=environment)


def _dead_letters(engine: Engine, count: int) -> list[UUID]:
    """Keep unreadable webhooks that were given up, the oldest first."""
    with session_maker(engine)() as session:
        account = session.exec(select(Account)).one()
        news = [_dead_letter(account.id, number) for number in range(count)]
        made = [record(session, new, now=utc_now()) for new in news]
        kept = [one for one in made if one is not None]
        for event_id in kept:
            row = session.get_one(EventRow, event_id)
            row.outcome, row.settled_at = "dead", utc_now()
            row.reason_code, row.reason = "webhook_unreadable", REASON
            session.add(row)
        session.commit()
    return kept


def _dead_letter(account_id: UUID, number: int) -> NewEvent:
    return NewEvent(
        account_id=account_id,
        name=GOODS_OUT_NOTES_ANNOUNCED,
        subject="",
        dedupe_key=f"acme:{number}",
    )
