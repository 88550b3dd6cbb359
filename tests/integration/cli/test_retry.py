"""A person's retry of one note: what is done, and what is said where nothing would help."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.events import GOODS_OUT_NOTE_CHANGED, SHIPMENT_ANNOUNCED, NewEvent
from shared.journal.record import new_id, record
from tests.integration.cli.test_commands import Terminal

ACME = UUID(int=1)
SOON = timedelta(hours=2)

Keep = Callable[..., UUID]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def engine(terminal: Terminal) -> Iterator[Engine]:
    """Give the terminal's database, with one account."""
    assert terminal.type("migrate").exit_code == 0
    opened = open_engine(terminal.environment["DATABASE_URL"])
    with session_maker(opened)() as session:
        session.add(Account(id=ACME, code="acme", name="Acme", created_at=utc_now()))
        session.commit()
    yield opened
    opened.dispose()


@pytest.fixture
def keep(engine: Engine) -> Keep:
    """Keep an event about note 7001, as fields say."""

    def keep_event(name: str = GOODS_OUT_NOTE_CHANGED, **fields: Any) -> UUID:
        new = NewEvent(account_id=ACME, name=name, subject="7001", dedupe_key=f"acme:{new_id()}")
        with session_maker(engine)() as session:
            event_id = record(session, new, now=utc_now())
            session.get_one(EventRow, event_id).sqlmodel_update(fields)
            session.commit()
        assert event_id is not None
        return event_id

    return keep_event


def dead(reason: str) -> dict[str, Any]:
    return {"outcome": "dead", "settled_at": utc_now(), "reason": reason}


def show_note(engine: Engine, **fields: Any) -> None:
    with session_maker(engine)() as session:
        session.add(SyncLogRow(account_id=ACME, note_id=7001, inserted_at=utc_now(), **fields))
        session.commit()


def event(engine: Engine, event_id: UUID) -> EventRow:
    with session_maker(engine)() as session:
        return session.get_one(EventRow, event_id)


def replays(engine: Engine) -> list[UUID | None]:
    with session_maker(engine)() as session:
        return [row.replay_of for row in session.exec(select(EventRow)) if row.replay_of]


def test_a_dead_letter_is_replayed(terminal: Terminal, engine: Engine, keep: Keep) -> None:
    older, newer = keep(**dead("The old one.")), keep(**dead("No street."))

    answer = terminal.type("retry", "acme", "7001")

    assert answer.exit_code == 0, answer.output
    assert answer.stdout == "Replayed: the way to ShipHero, which had failed: No street.\n"
    assert replays(engine) == [newer]
    assert event(engine, older).outcome == "dead"


def test_both_ways_are_replayed_where_both_failed(
    terminal: Terminal, engine: Engine, keep: Keep
) -> None:
    keep(**dead("No street."))
    keep(SHIPMENT_ANNOUNCED, **dead("Refused."))

    answer = terminal.type("retry", "acme", "7001")

    assert answer.stdout.count("Replayed") == 2
    assert len(replays(engine)) == 2


def test_a_dead_letter_is_left_while_a_later_event_is_on_its_way(
    terminal: Terminal, engine: Engine, keep: Keep
) -> None:
    keep(**dead("No street."))
    keep(published_at=utc_now())

    answer = terminal.type("retry", "acme", "7001")

    assert answer.exit_code == 1
    assert answer.stdout == "Note 7001 is in hand just now: the way to ShipHero.\n"
    assert replays(engine) == []


def test_a_second_retry_says_that_it_is_in_hand(terminal: Terminal, keep: Keep) -> None:
    keep(**dead("No street."))
    terminal.type("retry", "acme", "7001")

    again = terminal.type("retry", "acme", "7001")

    assert again.exit_code == 1
    assert "is in hand just now" in again.stdout


def test_a_planned_try_is_brought_forward(terminal: Terminal, engine: Engine, keep: Keep) -> None:
    planned = keep(due_at=utc_now() + SOON, reason="ShipHero had trouble.")

    answer = terminal.type("retry", "acme", "7001")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("Tried now: the way to ShipHero")
    assert "ShipHero had trouble." in answer.stdout
    assert event(engine, planned).due_at <= utc_now()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"hold_cause": "warehouse_undecided:3", "hold_version": 1, "reason": "Where to?"},
            "Note 7001 waits: Where to? It goes on by itself once that is changed.",
        ),
        (
            {"due_at": utc_now() + SOON, "reason_code": "kept_back"},
            "Note 7001 is kept back until",
        ),
    ],
)
def test_what_waits_says_for_what(
    terminal: Terminal, keep: Keep, fields: dict[str, Any], said: str
) -> None:
    keep(**fields)

    answer = terminal.type("retry", "acme", "7001")

    assert answer.exit_code == 1
    assert said in answer.stdout


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"order_stage": "done", "shiphero_order_id": "SH-1"},
            "is at ShipHero as order SH-1: there is nothing to retry",
        ),
        (
            {"order_stage": "done", "shipment_stage": "done"},
            "is shipped and Brightpearl knows it: there is nothing to retry",
        ),
        (
            {"order_stage": "skipped", "order_reason": "It is a stock transfer."},
            "stands at skipped: It is a stock transfer.",
        ),
    ],
)
def test_what_has_ended_says_how(
    terminal: Terminal, engine: Engine, fields: dict[str, Any], said: str
) -> None:
    show_note(engine, **fields)

    answer = terminal.type("retry", "acme", "7001")

    assert answer.exit_code == 1
    assert said in answer.stdout


@pytest.mark.usefixtures("engine")
def test_a_note_nobody_knows_is_told(terminal: Terminal) -> None:
    answer = terminal.type("retry", "acme", "7001")

    assert answer.exit_code == 1
    assert "No note 7001 is known here" in answer.stdout


@pytest.mark.usefixtures("engine")
def test_an_account_nobody_knows_is_told(terminal: Terminal) -> None:
    answer = terminal.type("retry", "nobody", "7001")

    assert answer.exit_code == 1
    assert "No account has the code 'nobody'" in answer.stderr
