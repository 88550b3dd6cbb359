"""What an operator is told about connections, and how keys are changed."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from shared.clock import utc_now
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import open_engine, session_maker
from shared.secrets import SecretBox, new_key
from tests.integration.cli.test_commands import Terminal

ACME = UUID(int=1)
BASE_URL = "https://euw1.brightpearlconnect.com/public-api/acme"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def engine(terminal: Terminal) -> Iterator[Engine]:
    """Give the terminal's database, with one account that is connected to Brightpearl."""
    assert terminal.type("migrate").exit_code == 0
    opened = open_engine(terminal.environment["DATABASE_URL"])
    keep(opened, Account(id=ACME, code="acme", name="Acme", created_at=utc_now()))
    keep(opened, a_connection(terminal))
    yield opened
    opened.dispose()


def a_connection(terminal: Terminal) -> VendorConnection:
    box = SecretBox(terminal.environment["SECRET_KEYS"])
    return VendorConnection(
        account_id=ACME,
        vendor="brightpearl",
        vendor_account="acme-tea",
        base_url=BASE_URL,
        kind="private_app",
        credentials=box.seal_mapping({"app_ref": "acme-tea_x", "staff_token": "token-1"}),
        updated_at=utc_now(),
    )


def keep(engine: Engine, row: Account | VendorConnection) -> None:
    with session_maker(engine)() as session:
        session.add(row)
        session.commit()


def change(engine: Engine, **fields: object) -> None:
    with session_maker(engine)() as session:
        row = session.get_one(VendorConnection, (ACME, "brightpearl"))
        for name, value in fields.items():
            setattr(row, name, value)
        session.commit()


@pytest.mark.usefixtures("engine")
def test_keys_are_changed_while_all_runs(terminal: Terminal) -> None:
    newest = new_key()
    terminal.environment["SECRET_KEYS"] = f"{newest},{terminal.environment['SECRET_KEYS']}"

    first, second = terminal.type("secrets", "rotate"), terminal.type("secrets", "rotate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "connections: 1 encrypted anew, 0 had the newest key" in first.output
    assert "connections: 0 encrypted anew, 1 had the newest key" in second.output


def test_afterwards_the_older_key_is_not_needed(terminal: Terminal, engine: Engine) -> None:
    newest = new_key()
    terminal.environment["SECRET_KEYS"] = f"{newest},{terminal.environment['SECRET_KEYS']}"
    terminal.type("secrets", "rotate")

    with session_maker(engine)() as session:
        row = session.get_one(VendorConnection, (ACME, "brightpearl"))

    assert SecretBox(newest).open_mapping(row.credentials)["staff_token"] == "token-1"


@pytest.mark.usefixtures("engine")
def test_a_key_removed_too_early_is_told_and_fails(terminal: Terminal) -> None:
    terminal.environment["SECRET_KEYS"] = new_key()

    answer = terminal.type("secrets", "rotate")

    assert answer.exit_code == 1
    assert "no key of SECRET_KEYS opens" in answer.output
    assert "brightpearl" in answer.output


def test_something_that_is_no_key_changes_nothing(terminal: Terminal) -> None:
    terminal.environment["SECRET_KEYS"] = "no key"

    answer = terminal.type("secrets", "rotate")

    assert answer.exit_code == 1
    assert "Nothing was done" in answer.output


def test_connections_are_listed_without_their_secrets(terminal: Terminal, engine: Engine) -> None:
    working = terminal.type("connections").output
    change(engine, broken_since=utc_now(), broken_reason="Taken back.")
    broken = terminal.type("connections").output
    change(engine, credentials="", broken_reason="Disconnected by ann.")
    left = terminal.type("connections").output

    assert f"acme-tea at {BASE_URL}: connected" in working
    assert "token-1" not in working
    assert "Taken back." in broken
    assert "Disconnected by ann." in left


@pytest.mark.usefixtures("engine")
def test_a_private_app_has_nothing_to_renew(terminal: Terminal) -> None:
    answer = terminal.type("refresh-tokens")

    assert answer.exit_code == 0
    assert "0 renewed, 0 failed" in answer.output
