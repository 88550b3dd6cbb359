"""The real sandbox and our real endpoints: what is registered is really delivered."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from pydantic import SecretStr
from sqlmodel import select
from werkzeug.serving import make_server

from deploy.embedded.free_ports import free_port
from deploy.embedded.parts import python
from services.order_ingest.app import create_app as create_order_ingest
from services.shipment_return.app import create_app as create_shipment_return
from shared.db.journal_tables import EventRow
from shared.secrets import SecretBox, new_key
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from shared.webhooks import at_brightpearl, at_shiphero
from shared.webhooks.edge import EdgeSettings
from shared.webhooks.registration import (
    Checked,
    Registrar,
    check_brightpearl,
    check_shiphero,
    label_of,
)
from tests.integration.journal.books import Books
from tests.servers.forge import forged
from tests.waiting import until


@dataclass(frozen=True)
class Sandbox:
    """A sandbox's control API."""

    address: str

    def control(self, path: str, body: Mapping[str, Any] | None = None, method: str = "") -> Any:
        """Call it; a body makes it a POST."""
        verb = method or ("GET" if body is None else "POST")
        url = f"{self.address}/control/{path}"
        answer = requests.request(verb, url, json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def is_up(self) -> bool:
        """Say whether it answers."""
        try:
            return bool(self.control("health"))
        except requests.ConnectionError:
            return False


@contextmanager
def a_sandbox(folder: Path) -> Iterator[Sandbox]:
    """Start a sandbox of our own; its delays are a fiftieth."""
    port = free_port()
    settings = {
        "SANDBOX_PORT": str(port),
        "SANDBOX_SMTP_PORT": "0",
        "SANDBOX_SECOND_HOST": "none",
        "SANDBOX_TIME_SCALE": "0.02",
    }
    process = forged(python("sandbox"), {**os.environ, **settings}, folder / "log")
    try:
        sandbox = Sandbox(f"http://127.0.0.1:{port}")
        until(sandbox.is_up, within=30, what="the sandbox to answer")
        yield sandbox
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Serve one of our endpoints and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Post:
    """An account whose webhooks both vendors of the sandbox can really deliver."""

    def __init__(self, books: Books, sandbox: Sandbox, addresses: tuple[str, str]) -> None:
        self.books, self.sandbox = books, sandbox
        self.for_brightpearl, self.for_shiphero = addresses
        self.registrar: Registrar
        app = StaffApp(app_ref="demo_goodsout", staff_token="sandbox-staff-token")
        self.brightpearl = Brightpearl(
            brightpearl_http(), app, base_url=f"{sandbox.address}/public-api/demo"
        )
        tokens = ShipHeroTokens(shiphero_http(), base_url=sandbox.address)
        got = tokens.exchange_password("demo@sandbox.test", "sandbox")
        bearer = BearerToken(
            access_token=got.access_token, refresh_token=got.refresh_token, tokens=tokens
        )
        self.shiphero = ShipHero(shiphero_http(), bearer, base_url=sandbox.address)

    def check_brightpearl(self) -> Checked:
        """Check and settle."""
        wanted = at_brightpearl.Wanted(base_url=self.for_brightpearl)
        return self._settled(check_brightpearl(self.registrar, self.brightpearl, wanted))

    def check_shiphero(self) -> Checked:
        """Check and settle."""
        label = label_of("acme", self.books.account)
        wanted = at_shiphero.Wanted(base_url=self.for_shiphero, label=label)
        return self._settled(check_shiphero(self.registrar, self.shiphero, wanted))

    def make_note(self) -> int:
        """Have a person in Brightpearl make a goods-out note."""
        made = self.sandbox.control("sales-orders", {"count": 1, "notes": 1, "lines": 1})
        note_id: int = made["orders"][0]["noteIds"][0]
        return note_id

    def events(self, name: str) -> Sequence[EventRow]:
        """Read the journal's events of a name."""
        with self.books.session() as session:
            return session.exec(select(EventRow).where(EventRow.name == name)).all()

    def _settled(self, checked: Checked) -> Checked:
        with self.books.session() as session:
            checked.keep(session, self.books.clock())
        return checked


@contextmanager
def a_post(books: Books, sandbox: Sandbox) -> Iterator[Post]:
    """Serve both endpoints over the journal of `books`, and play with a fresh sandbox."""
    key = new_key()
    given: dict[str, Any] = {
        "database_url": "sqlite://",
        "broker_url": "memory://",
        "secret_keys": SecretStr(key),
        "keep_deadline": 20.0,
    }
    settings = EdgeSettings(**given)
    sandbox.control("reset", {})
    with (
        listening(create_order_ingest(settings, books.engine)) as order_ingest,
        listening(create_shipment_return(settings, books.engine)) as shipment_return,
    ):
        post = Post(books, sandbox, (order_ingest, shipment_return))
        post.registrar = Registrar(
            open_session=books.open_session,
            box=SecretBox(key),
            account_id=books.account,
            account_code="acme",
            now=books.clock,
        )
        yield post
        sandbox.control("reset", {})
