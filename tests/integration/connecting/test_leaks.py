"""No secret of a whole run stands in a table, a log line, an error or a page."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import structlog
from sqlalchemy import text
from sqlmodel import SQLModel, select

from shared.connecting.leaving import disconnect
from shared.connecting.private_app import connect_private_app
from shared.connecting.refreshing import refresh_due_tokens
from shared.connecting.trial import try_connection
from shared.db.account_tables import VendorConnection, WebhookSubscription
from shared.db.journal_tables import AttemptRow
from shared.errors import GoodsoutError
from shared.journal.settle import hold
from shared.messaging.calls_told import told
from shared.outcome import Held
from shared.vendors.calls import recording_calls
from shared.webhooks import at_brightpearl, at_shiphero
from shared.webhooks.registration import Registrar, check_brightpearl, check_shiphero
from tests.integration.connecting.merchant import ACCOUNT, BRIGHTPEARL, SHIPHERO, Merchant
from tests.integration.connecting.visitor import Visitor

STAFF_TOKEN, WRONG = "sandbox-staff-token", "a-wrong-password-of-somebody"
URL = "http://127.0.0.1:1"


@dataclass
class Run:
    """What a run used and what it wrote."""

    merchant: Merchant
    back: str  # from the consent page
    secrets: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def learn(self) -> None:
        """Learn every secret that is stored just now."""
        with self.merchant.session() as session:
            rows = session.exec(select(VendorConnection)).all()
            hooks = session.exec(select(WebhookSubscription)).all()
        opened = [
            self.merchant.box.open_mapping(row.credentials) for row in rows if row.credentials
        ]
        for secrets in opened:
            named = {name: kept for name, kept in secrets.items() if name.endswith("token")}
            self.secrets |= set(named.values())
        sealed = [sealed for hook in hooks for sealed in (hook.path_secret, hook.signing_secret)]
        self.secrets |= {self.merchant.box.open(one) for one in sealed if one}

    def do(self, act: Callable[[], object]) -> None:
        """Do something, write down how it went as an attempt, a log or a page might, and learn."""
        reason = "It went well."
        with recording_calls() as calls:
            try:
                act()
            except GoodsoutError as error:
                self.errors.append("".join(traceback.format_exception(error)) + repr(error.trace))
                reason = str(error)
        self.write_attempt(reason, told(calls, about="501"))
        self.learn()

    def write_attempt(self, reason: str, calls: list[dict[str, Any]]) -> None:
        """Keep an attempt with everything that may be kept of it."""
        event, now = self.merchant.event(), self.merchant.now()
        self.merchant.keep(AttemptRow(event_id=event.id, number=1, worker="w", started_at=now))
        held = Held(cause="x", reason=reason, settings_version=0)
        with self.merchant.session() as session:
            hold(session, event, held, code="x", now=now, vendor_calls=calls)
            session.commit()

    def tables(self) -> Iterator[tuple[str, str]]:
        """Give each table's whole content as the database has it."""
        with self.merchant.engine.connect() as connection:
            for table in SQLModel.metadata.sorted_tables:
                rows = connection.execute(text(f"SELECT * FROM {table.name}")).all()  # noqa: S608 - our own tables
                yield table.name, "\n".join(repr(tuple(row)) for row in rows)

    def found_in(self, written: str) -> set[str]:
        """Give the secrets that stand in a text, as they are or as an address spells them."""
        return {one for one in self.secrets if one in written or quote(one, safe="") in written}


def check_webhooks(merchant: Merchant) -> None:
    registrar = Registrar(
        open_session=merchant.open_session,
        box=merchant.box,
        account_id=ACCOUNT,
        account_code="demo",
        now=merchant.now,
    )
    brightpearl = merchant.connections.brightpearl(ACCOUNT)
    check_brightpearl(registrar, brightpearl, at_brightpearl.Wanted(base_url=URL))
    shiphero = merchant.connections.shiphero(ACCOUNT)
    merchant.vendors.turn(webhook_head_check=False)
    check_shiphero(registrar, shiphero, at_shiphero.Wanted(base_url=URL, label="goodsout-demo"))


def go_through_everything(run: Run) -> None:
    """Connect, work, renew, be refused, be tested, disconnect: each good and each bad end."""
    merchant, vendors = run.merchant, run.merchant.vendors
    connections = merchant.connections
    run.do(lambda: merchant.come_back(run.back))
    run.do(lambda: merchant.come_back(run.back))
    run.do(lambda: merchant.connect_shiphero(password=WRONG))
    run.do(merchant.connect_shiphero)
    run.do(lambda: check_webhooks(merchant))
    vendors.turn(refresh_rotation="keep")
    vendors.control("accounts/demo/tokens/expire")
    run.do(lambda: connections.brightpearl(ACCOUNT).warehouses())
    run.do(lambda: connections.brightpearl(ACCOUNT).goods_out_notes([501]))
    run.do(lambda: connections.shiphero(ACCOUNT).orders_by_key("GO-demo-501"))
    vendors.fault("brightpearl", "wrong_shape", operation="get-goods-out-note")
    run.do(lambda: connections.brightpearl(ACCOUNT).goods_out_notes([501]))
    merchant.ahead = timedelta(days=22)
    run.do(lambda: refresh_due_tokens(connections))
    for kind in ("not_json", "wrong_shape", "drop_after", "outage", "html_502"):
        vendors.fault("brightpearl", kind, operation="get-warehouse", times=3)
        run.do(lambda: connections.brightpearl(ACCOUNT).warehouses())
        vendors.fault("brightpearl", kind, operation="token-refresh")
        vendors.control("accounts/demo/tokens/expire")
        run.do(lambda: connections.brightpearl(ACCOUNT).channels())
    run.do(lambda: private_app(merchant, WRONG))
    run.do(lambda: try_connection(connections, ACCOUNT, BRIGHTPEARL))
    run.do(lambda: try_connection(connections, ACCOUNT, SHIPHERO))
    vendors.control("accounts/demo/tokens/revoke")
    vendors.control("shiphero/accounts/51077/tokens/revoke")
    run.do(lambda: connections.brightpearl(ACCOUNT).warehouses())
    run.do(lambda: connections.shiphero(ACCOUNT).account())
    run.do(lambda: disconnect(connections, ACCOUNT, BRIGHTPEARL, asked_by="ann"))
    run.do(lambda: private_app(merchant, STAFF_TOKEN))


def private_app(merchant: Merchant, token: str) -> None:
    connect_private_app(
        merchant.connections,
        ACCOUNT,
        vendor_account="demo",
        app_name="goodsout",
        staff_token=token,
        data_centre=merchant.vendors.host,
        by="ann",
    )


@pytest.fixture
def run(merchant: Merchant) -> Run:
    # A browser's own lines are not ours: it has been at the consent page before we listen.
    back = merchant.vendors.approve(merchant.begin())
    brought = {parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state")}
    known = {WRONG, STAFF_TOKEN, "sandbox-client-secret", merchant.key}
    return Run(merchant, back, secrets=known | brought)


def test_nothing_secret_is_written_anywhere(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        go_through_everything(run)

    assert len(run.secrets) >= 16
    assert len(run.errors) >= 8
    assert "/graphql" in dict(run.tables())["attempt"]
    assert {name: run.found_in(rows) for name, rows in run.tables() if run.found_in(rows)} == {}
    assert run.found_in(caplog.text + repr(lines)) == set()
    assert run.found_in("\n".join(run.errors)) == set()


def test_nothing_secret_is_shown_on_a_page(run: Run) -> None:
    with suppress(GoodsoutError):
        go_through_everything(run)
    run.merchant.connect_shiphero()
    run.learn()
    visitor = Visitor(run.merchant)  # weeks have passed: an earlier log-in has ended

    pages = visitor.every_page()

    assert len(pages) >= 10
    assert {path: run.found_in(page) for path, page in pages.items() if run.found_in(page)} == {}
