"""What befalls a connection in the middle of the work: every note ends right all the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from deploy.embedded.smoke import SmokeRun, reading
from shared.alerts import CONNECTION_BROKEN
from shared.db.account_tables import VendorConnection
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.db.vendor_tables import Alert
from shared.events import GOODS_OUT_NOTE_CHANGED
from shared.notes.state import RETRYING
from tests.end_to_end.conftest import PAIRS, servers
from tests.end_to_end.forged import connect_demo, start
from tests.waiting import until

# Looked after within seconds of the shortened time, so that what was lost is soon found.
WATCHFUL = {"RECONCILE_EVERY": "150", "WEBHOOK_CHECK_EVERY": "150"}


@pytest.fixture(params=PAIRS)
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmokeRun]:
    """Give a running system that looks after its connections every few seconds."""
    run = start(tmp_path, {**WATCHFUL, **servers(request)})
    with run.supervisor:
        connect_demo(run)
        yield run


def make_notes(system: SmokeRun, count: int) -> None:
    """Have notes made, told of in one webhook."""
    system.control("sales-orders", {"count": count, "notes": 1, "burst_as_one_webhook": True})


def all_went_right(system: SmokeRun, notes: int) -> None:
    """Wait until every note is shipped, each by one order."""
    system.wait_until_shipped(notes, seconds=180)
    walked = system.walked()
    assert (walked.notes, walked.lost, walked.duplicates, walked.unexplained) == (notes, 0, 0, 0)


@pytest.mark.timeout(300)
def test_a_token_that_expires_in_the_middle_is_renewed_once(system: SmokeRun) -> None:
    before = refreshes(system)
    make_notes(system, 20)
    system.control("accounts/demo/tokens/expire", {})
    make_notes(system, 20)

    all_went_right(system, 40)

    assert refreshes(system) == before + 1
    assert broken_alerts(system) == []


@pytest.mark.timeout(300)
def test_what_waits_for_a_revoked_connection_goes_on_after_the_reconnect(
    system: SmokeRun,
) -> None:
    make_notes(system, 10)
    all_went_right(system, 10)
    system.control("accounts/demo/tokens/revoke", {})
    make_notes(system, 20)
    until(lambda: held(system) > 0, within=60, what="notes held for the connection")
    until(lambda: len(broken_alerts(system)) == 1, within=60, what="an alert")

    connect_demo(system)

    all_went_right(system, 30)
    assert held(system) == 0
    [alert] = broken_alerts(system)
    until(lambda: broken_alerts(system)[0].ended_at is not None, within=60, what="its end")
    assert alert.raised_at


@pytest.mark.timeout(300)
def test_a_webhook_that_shiphero_switched_off_comes_back_and_its_gap_is_found(
    system: SmokeRun,
) -> None:
    [shipments] = [
        hook
        for hook in system.control("shiphero/accounts/51077/counts")["subscriptions"]
        if hook["name"] == "Shipment Update"
    ]
    system.control(f"shiphero/webhooks/{shipments['legacy_id']}/health", {"health": "UNHEALTHY"})
    make_notes(system, 20)

    all_went_right(system, 20)

    hooks = system.control("shiphero/accounts/51077/counts")["subscriptions"]
    assert [hook["enabled"] for hook in hooks if hook["name"] == "Shipment Update"] == [True]


@pytest.mark.timeout(300)
def test_webhooks_that_brightpearl_forgot_are_made_again_and_their_gap_is_found(
    system: SmokeRun,
) -> None:
    system.control("accounts/demo/webhooks/forget", {})
    make_notes(system, 20)

    all_went_right(system, 20)


@pytest.mark.timeout(300)
def test_an_account_that_moved_to_another_data_centre_is_followed(system: SmokeRun) -> None:
    make_notes(system, 20)
    system.control("accounts/demo/move", {"data_centre": "use1"})
    make_notes(system, 20)

    all_went_right(system, 40)

    with reading(system.environment) as session:
        [row] = session.exec(
            select(VendorConnection).where(VendorConnection.vendor == "brightpearl")
        ).all()
    assert "127.0.0.2" in row.base_url


@pytest.mark.timeout(300)
def test_a_process_told_of_a_wrong_app_breaks_nothing_and_its_work_waits(system: SmokeRun) -> None:
    with_wrong_app(system, "shiphero_push_consumer")
    make_notes(system, 5)
    until(lambda: waits(system) == {"brightpearl_app_refused": 5}, within=60, what="waiting notes")

    with_right_app(system, "shiphero_push_consumer")

    all_went_right(system, 5)
    assert broken_alerts(system) == []
    assert failures(system) == 0


def with_wrong_app(system: SmokeRun, name: str) -> None:
    """Start a process anew that is told of an app which Brightpearl does not know."""
    right, supervisor = system.supervisor.parts[name], system.supervisor
    wrong = {**right.environment, "BRIGHTPEARL_CLIENT_ID": "mistyped"}
    supervisor.kill(name)
    supervisor.parts[name] = replace(right, environment=wrong)
    supervisor.start(name)
    supervisor.parts[name] = right


def with_right_app(system: SmokeRun, name: str) -> None:
    """Start the process as it was."""
    system.supervisor.kill(name)
    system.supervisor.start(name)


def waits(system: SmokeRun) -> Counter[str]:
    """Count the notes that are tried again, by reason."""
    with reading(system.environment) as session:
        rows = session.exec(
            select(SyncLogRow.order_reason_code).where(SyncLogRow.order_stage == RETRYING)
        ).all()
    return Counter(rows)


def failures(system: SmokeRun) -> int:
    """Count what patience was used up on notes' way to ShipHero."""
    with reading(system.environment) as session:
        rows = session.exec(
            select(EventRow.failures).where(EventRow.name == GOODS_OUT_NOTE_CHANGED)
        ).all()
    return sum(rows)


def refreshes(system: SmokeRun) -> int:
    """Count how often Brightpearl was asked for newer tokens."""
    return int(system.control("accounts/demo/counts")["token_calls"].get("token-refresh", 0))


def held(system: SmokeRun) -> int:
    """Count what waits for Brightpearl's connection."""
    with reading(system.environment) as session:
        rows = session.exec(
            select(EventRow.id).where(EventRow.hold_cause == "connection_broken:brightpearl")
        ).all()
    return len(rows)


def broken_alerts(system: SmokeRun) -> list[Alert]:
    """Read the alerts about broken connections, ended ones too."""
    with reading(system.environment) as session:
        found = session.exec(select(Alert).where(col(Alert.kind) == CONNECTION_BROKEN)).all()
    return list(found)
