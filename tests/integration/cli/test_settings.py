"""What an operator sets and maps from a terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from shared.clock import utc_now
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EventRow
from shared.db.vendor_tables import ShipHeroWarehouse
from shared.events import GOODS_OUT_NOTE_CHANGED, NewEvent
from shared.journal.record import record
from tests.integration.cli.test_commands import Terminal

ACME = UUID(int=1)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def engine(terminal: Terminal) -> Iterator[Engine]:
    """Give the terminal's database, with an account in Berlin whose lists were fetched."""
    assert terminal.type("migrate").exit_code == 0
    opened = open_engine(terminal.environment["DATABASE_URL"])
    zone = "Europe/Berlin"
    keep(opened, Account(id=ACME, code="acme", name="Acme", created_at=utc_now(), time_zone=zone))
    keep(
        opened,
        WarehouseMapping(account_id=ACME, brightpearl_warehouse_id=3, brightpearl_name="Leeds",
                         decision="undecided"),
        ShippingMethodMapping(account_id=ACME, brightpearl_method_id=6,
                              brightpearl_name="Next day"),
        ShipHeroWarehouse(account_id=ACME, warehouse_id="W-1", name="Primary"),
    )  # fmt: skip
    yield opened
    opened.dispose()


def keep(engine: Engine, *rows: SQLModel) -> None:
    with session_maker(engine)() as session:
        session.add_all(rows)
        session.commit()


def row(engine: Engine, table: type[SQLModel], key: Any) -> Any:
    with session_maker(engine)() as session:
        return session.get_one(table, key)


def hold(engine: Engine, cause: str) -> UUID:
    """Keep an event that waits."""
    with session_maker(engine)() as session:
        new = NewEvent(account_id=ACME, name=GOODS_OUT_NOTE_CHANGED, subject="7001",
                       dedupe_key=f"acme:{cause}")  # fmt: skip
        event_id = record(session, new, now=utc_now())
        assert event_id is not None
        waiting = session.get_one(EventRow, event_id)
        waiting.hold_cause, waiting.hold_version = cause, 1
        session.commit()
    return event_id


def test_settings_are_changed_together_and_told(terminal: Terminal, engine: Engine) -> None:
    answer = terminal.type(
        "settings", "set", "acme",
        "order_sync_on=on", "go_live_at=2026-03-02T09:00", "order_number_template={order_id}-x",
        "shiphero_share=40%", "gift_note_field=PCF_GIFT",
    )  # fmt: skip

    account = row(engine, Account, ACME)
    assert answer.exit_code == 0, answer.output
    assert "acme: saved as version 2." in answer.stdout
    assert (account.order_sync_on, account.order_number_template) == (True, "{order_id}-x")
    assert (account.shiphero_share, account.gift_note_field) == (40, "PCF_GIFT")
    assert f"{account.go_live_at:%H:%M}" == "08:00"


@pytest.mark.usefixtures("engine")
def test_what_is_shown_can_be_typed_again(terminal: Terminal) -> None:
    terminal.type("settings", "set", "acme", "go_live_at=2026-03-02T09:00", "order_sync_on=yes")

    shown = terminal.type("settings", "show", "acme").stdout
    again = terminal.type("settings", "set", "acme", "go_live_at=2026-03-02T08:00+00:00",
                          "order_sync_on=on")  # fmt: skip

    assert "order_sync_on          on" in shown
    assert "go_live_at             2026-03-02T09:00 (Europe/Berlin)" in shown
    assert "shiphero_share         none" in shown
    assert "3      Leeds                    undecided" in shown
    assert "6      Next day                 unmapped" in shown
    assert "nothing was changed" in again.stdout


def test_a_warehouse_is_mapped_and_its_notes_go_on(terminal: Terminal, engine: Engine) -> None:
    waiting = hold(engine, "warehouse_undecided:3")

    answer = terminal.type("map", "warehouse", "acme", "3", "W-1")

    assert answer.exit_code == 0, answer.output
    assert (
        "1 held order that waited for a decision on warehouse Leeds (3) is being" in answer.stdout
    )
    assert row(engine, EventRow, waiting).hold_cause is None
    assert row(engine, WarehouseMapping, (ACME, 3)).shiphero_name == "Primary"


def test_a_dry_run_tells_the_same_and_saves_nothing(terminal: Terminal, engine: Engine) -> None:
    waiting = hold(engine, "warehouse_undecided:3")

    answer = terminal.type("map", "warehouse", "acme", "3", "--not-sent", "--dry-run")

    assert "nothing was saved" in answer.stdout
    assert "Warehouse Leeds (3): undecided -> not sent" in answer.stdout
    assert "1 held order waiting for a decision on warehouse Leeds (3) will be" in answer.stdout
    assert row(engine, EventRow, waiting).hold_cause == "warehouse_undecided:3"
    assert row(engine, WarehouseMapping, (ACME, 3)).decision == "undecided"


def test_a_method_is_mapped_and_unmapped(terminal: Terminal, engine: Engine) -> None:
    hold(engine, "shipping_method_unmapped:6")

    mapped = terminal.type("map", "method", "acme", "6", "--title", "Fast", "--carrier", "ups")
    title = row(engine, ShippingMethodMapping, (ACME, 6)).title
    terminal.type("map", "method", "acme", "6", "--title", "")

    assert "that waited for shipping method Next day (6) to be mapped is being" in mapped.stdout
    assert title == "Fast"
    assert row(engine, ShippingMethodMapping, (ACME, 6)).title == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("settings", "show", "nobody"), "No account has the code 'nobody'; there are: acme."),
        (("settings", "set", "acme", "order_sync=on"), "sets nothing; write name=value"),
        (("settings", "set", "acme", "order_sync_on"), "sets nothing; write name=value"),
        (("settings", "set", "acme", "order_sync_on=perhaps"), "write order_sync_on=on or"),
        (("settings", "set", "acme", "batch_writes=on", "batch_writes=off"), "given twice"),
        (("settings", "set", "acme", "go_live_at=soon"), "write it as 2026-11-24T09:00"),
        (("settings", "set", "acme", "shiphero_share=half"), "is a number, or none"),
        (("settings", "set", "acme", "event_owner=31"), "Brightpearl is not connected yet"),
        (("settings", "set", "acme", "shipped_when=never"), "choose complete or first"),
        (("map", "warehouse", "acme", "3"), "Give one of three"),
        (("map", "warehouse", "acme", "3", "W-1", "--not-sent"), "Give one of three"),
        (("map", "warehouse", "acme", "3", "W-9"), "W-9 is not known; there are W-1 (Primary)"),
        (("map", "warehouse", "acme", "8", "--not-sent"), "there are 3 (Leeds)"),
        (("map", "method", "acme", "6"), "Give a --title"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    terminal: Terminal, engine: Engine, words: tuple[str, ...], said: str
) -> None:
    answer = terminal.type(*words)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("Nothing was done: ")
    assert said in answer.stderr
    assert row(engine, Account, ACME).settings_version == 1


def test_one_wrong_setting_saves_none_of_them(terminal: Terminal, engine: Engine) -> None:
    answer = terminal.type("settings", "set", "acme", "order_sync_on=on", "channel_as=shop")

    assert answer.exit_code == 1
    assert row(engine, Account, ACME).order_sync_on is False


def test_the_event_owner_may_be_nobody_again(terminal: Terminal, engine: Engine) -> None:
    with session_maker(engine)() as session:
        session.get_one(Account, ACME).event_owner_contact_id = 31
        session.commit()

    terminal.type("settings", "set", "acme", "event_owner=none")

    assert row(engine, Account, ACME).event_owner_contact_id is None
