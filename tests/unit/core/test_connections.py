"""One client for each account and vendor, made anew when its row changes."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.accounts import cause_is_present
from shared.connections import BRIGHTPEARL, SHIPHERO, Connections, mark_broken
from shared.db.account_tables import VendorConnection
from shared.errors import ConnectionBroken, OurTrouble
from shared.journal.verdict import Hold, verdict_for
from shared.messaging.result import Result
from shared.outcome import Delivered
from shared.process import noticing_broken_connections
from shared.secrets import SecretBox, new_key
from shared.vendors.http import Patience
from tests.unit.connecting.settings import vendor_settings
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, an_event
from tests.unit.vendors.wire import Reply, Sent, Wire

ACCOUNTS = {BRIGHTPEARL: "demo", SHIPHERO: "97016"}
CREDENTIALS = {
    BRIGHTPEARL: {"app_ref": "demo_goodsout", "staff_token": "staff-1"},
    SHIPHERO: {"access_token": "access-1", "refresh_token": "refresh-1"},
}
EMPTY = {"data": {"orders": {"data": {"pageInfo": {"hasNextPage": False}, "edges": []}}}}


class Desk:
    """The connections of the account `demo`, over a wire without a network."""

    def __init__(self, book: Notebook) -> None:
        self.book = book
        self.box = SecretBox(new_key())
        self.connections = Connections(
            book.open_session,
            book.open_reading,
            self.box,
            now=lambda: book.now,
            patience=Patience(),
            vendor_settings=vendor_settings(),
            wait=lambda seconds: book.wait(seconds=seconds),
        )

    def connect(self, vendor: str, **fields: Any) -> None:
        """Keep a connection."""
        given: dict[str, Any] = {
            "account_id": ACCOUNT,
            "vendor": vendor,
            "vendor_account": ACCOUNTS[vendor],
            "base_url": "https://vendor.example",
            "credentials": self.box.seal_mapping(CREDENTIALS[vendor]),
            "updated_at": NOON,
        }
        self.book.keep(VendorConnection(**{**given, **fields}))

    def change(self, vendor: str, **fields: Any) -> None:
        """Change a connection, as reconnecting does."""
        with self.book.session() as session:
            row = session.get_one(VendorConnection, (ACCOUNT, vendor))
            for name, value in fields.items():
                setattr(row, name, value)
            session.commit()

    def row(self, vendor: str) -> VendorConnection:
        """Read a connection's row."""
        with self.book.session() as session:
            return session.get_one(VendorConnection, (ACCOUNT, vendor))

    def end(self, result: Result) -> None:
        """End an attempt as a consumer does."""
        follow = noticing_broken_connections(lambda *_given: None)
        with self.book.session() as session:
            follow(session, an_event(), result, self.book.now)
            session.commit()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    book = Notebook(tmp_path)
    yield Desk(book)
    book.engine.dispose()


def test_a_client_is_kept_until_its_row_changes(desk: Desk) -> None:
    desk.connect(BRIGHTPEARL)
    first = desk.connections.brightpearl(ACCOUNT)

    assert desk.connections.brightpearl(ACCOUNT) is first
    desk.change(BRIGHTPEARL, updated_at=NOON + timedelta(seconds=1))
    assert desk.connections.brightpearl(ACCOUNT) is not first


def test_the_vendors_clients_are_kept_apart(desk: Desk) -> None:
    desk.connect(BRIGHTPEARL)
    desk.connect(SHIPHERO)

    assert type(desk.connections.brightpearl(ACCOUNT)).__name__ == "Brightpearl"
    assert type(desk.connections.shiphero(ACCOUNT)).__name__ == "ShipHero"
    assert desk.connections.brightpearl_account(ACCOUNT) == "demo"


@pytest.mark.parametrize(
    ("vendor", "written"), [(BRIGHTPEARL, "Brightpearl"), (SHIPHERO, "ShipHero")]
)
def test_an_account_that_is_not_connected_is_held(desk: Desk, vendor: str, written: str) -> None:
    with pytest.raises(ConnectionBroken, match=f"{written} is not connected yet") as raised:
        getattr(desk.connections, vendor)(ACCOUNT)

    assert raised.value.vendor == vendor


def test_a_connection_that_was_marked_broken_is_not_used(desk: Desk) -> None:
    desk.connect(SHIPHERO, broken_since=NOON)

    with pytest.raises(ConnectionBroken, match="refused our credentials since 02 Mar 12:00 UTC"):
        desk.connections.shiphero(ACCOUNT)


def test_credentials_that_fit_no_key_are_our_trouble(desk: Desk) -> None:
    desk.connect(SHIPHERO, credentials=SecretBox(new_key()).seal("{}"))

    with pytest.raises(OurTrouble, match="fits none of SECRET_KEYS"):
        desk.connections.shiphero(ACCOUNT)


def answer_by_token(sent: Sent) -> Reply:
    if sent.url.endswith("/auth/refresh"):
        return Reply({"access_token": "access-2", "expires_in": 2419200})
    known = sent.headers["Authorization"] == "Bearer access-2"
    return Reply(EMPTY) if known else Reply(status=401)


def test_a_refreshed_token_is_kept_sealed_and_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.connect(SHIPHERO)
    wire = Wire(answer_by_token)
    desk.connections.ways.shiphero_http = wire.http("shiphero")
    client = desk.connections.shiphero(ACCOUNT)
    desk.book.wait(seconds=5)

    client.orders_by_key("GO-demo-1")
    client.orders_by_key("GO-demo-2")
    desk.connections.shiphero(ACCOUNT).orders_by_key("GO-demo-3")

    row = desk.row(SHIPHERO)
    kept = desk.box.open_mapping(row.credentials)
    assert kept == {"access_token": "access-2", "refresh_token": "refresh-1"}
    assert "access-2" not in row.credentials + caplog.text
    assert row.updated_at == NOON + timedelta(seconds=5)
    assert [sent.url.rpartition("/")[2] for sent in wire.sent] == [
        "graphql", "refresh", "graphql", "graphql", "graphql",
    ]  # fmt: skip


def test_another_process_takes_the_refreshed_token_from_the_row(desk: Desk) -> None:
    desk.connect(SHIPHERO)
    wire = Wire(answer_by_token)
    desk.connections.ways.shiphero_http = wire.http("shiphero")
    desk.connections.shiphero(ACCOUNT)  # made with the old token
    refreshed = {"access_token": "access-2", "refresh_token": "refresh-1"}
    later = NOON + timedelta(seconds=1)
    desk.change(SHIPHERO, credentials=desk.box.seal_mapping(refreshed), updated_at=later)

    desk.connections.shiphero(ACCOUNT).orders_by_key("GO-demo-1")

    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("vendor", "call", "given"),
    [(BRIGHTPEARL, "goods_out_notes", [[1]]), (SHIPHERO, "account", [])],
)
def test_refused_credentials_are_held_under_their_vendor(
    desk: Desk, vendor: str, call: str, given: list[Any]
) -> None:
    desk.connect(vendor)
    wire = Wire(Reply(status=401))
    setattr(desk.connections.ways, f"{vendor}_http", wire.http(vendor))
    client = getattr(desk.connections, vendor)(ACCOUNT)

    with pytest.raises(ConnectionBroken) as raised:
        getattr(client, call)(*given)
    verdict = verdict_for(raised.value, failures=0, jitter=0)

    assert raised.value.vendor == vendor
    assert isinstance(verdict, Hold)
    assert verdict.cause == f"connection_broken:{vendor}"


def test_a_refusal_marks_the_connection_as_broken_once(desk: Desk) -> None:
    desk.connect(SHIPHERO)
    hold = Hold(cause="connection_broken:shiphero", code="connection_broken", reason="first")

    desk.end(hold)
    desk.book.wait(minutes=5)
    desk.end(Hold(cause=hold.cause, code=hold.code, reason="second"))

    row = desk.row(SHIPHERO)
    assert (row.broken_since, row.broken_reason) == (NOON, "first")


def test_other_ends_leave_the_connection_alone(desk: Desk) -> None:
    desk.connect(SHIPHERO)

    desk.end(Delivered(reference="SH-1"))

    assert desk.row(SHIPHERO).broken_since is None


def test_a_vendor_that_was_never_connected_cannot_be_marked(desk: Desk) -> None:
    with desk.book.session() as session:
        mark_broken(session, ACCOUNT, SHIPHERO, version=1, reason="none", now=NOON)
        session.commit()
        assert cause_is_present(session, ACCOUNT, "connection_broken:shiphero")


def test_the_cause_is_gone_when_the_account_is_reconnected(desk: Desk) -> None:
    desk.connect(SHIPHERO, broken_since=NOON)
    with desk.book.session() as session:
        before = cause_is_present(session, ACCOUNT, "connection_broken:shiphero")
    desk.change(SHIPHERO, broken_since=None)

    with desk.book.session() as session:
        after = cause_is_present(session, ACCOUNT, "connection_broken:shiphero")

    assert (before, after) == (True, False)
