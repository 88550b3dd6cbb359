"""Two merchants with a log-in each, their notes, and a browser-like client for them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from services.portal.app import create_app
from services.portal.people.accounts import hashed, keep_user
from services.portal.settings import PortalSettings
from shared.db.account_tables import Account
from shared.db.engine import session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.secrets import new_key

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "tea-for-two"
KEY = new_key()
FERNLEAF, HARBOUR = UUID(int=1), UUID(int=2)
EMAILS = {FERNLEAF: "ann@fernleaf.example", HARBOUR: "bob@harbour.example"}


class Compiled(BytecodeCache):
    """What templates compile to, for every test's portal of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a template's bucket if it was compiled before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template was compiled to."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def settings(**changed: Any) -> PortalSettings:
    usual: dict[str, Any] = {
        "database_url": "sqlite://",
        "broker_url": "memory://",
        "secret_keys": SecretStr(KEY),
        "secret_key": SecretStr("a-long-enough-secret"),
        "security_password_salt": SecretStr("a-long-enough-salt"),
    }
    return PortalSettings(**(usual | changed))


class Merchants:
    """Fernleaf and Harbour; `now` is the portal's clock."""

    def __init__(self, engine: Engine) -> None:
        """Make both accounts and their log-ins in `engine`'s empty tables."""
        self.engine = engine
        self.now = NOON
        self.open_session = session_maker(engine)
        self.app = self.portal()
        for account_id, code in ((FERNLEAF, "fernleaf"), (HARBOUR, "harbour")):
            self._make(account_id, code)

    def portal(self, **changed: Any) -> Flask:
        """Build the portal over these tables, with `changed` settings."""
        app = create_app(settings(**changed), self.engine, now=lambda: self.now)
        app.jinja_env.bytecode_cache = COMPILED
        # Hashing is slow on purpose, which a test has no use for.
        security = app.extensions["security"]
        cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
        security.pwd_context = security.pwd_context.using(**cheap)
        return app

    def note(self, note_id: int, account_id: UUID = FERNLEAF, **known: Any) -> None:
        """Keep a note; a greater number came in later."""
        known.setdefault("inserted_at", NOON + timedelta(seconds=note_id))
        self.keep(SyncLogRow(account_id=account_id, note_id=note_id, **known))

    def event(self, account_id: UUID = FERNLEAF, **known: Any) -> UUID:
        """Keep an event and give its id."""
        usual: dict[str, Any] = {
            "id": uuid4(),
            "account_id": account_id,
            "name": "goods_out_note.changed",
            "queue": "shiphero_push",
            "lane": 0,
            "payload": {},
            "dedupe_key": uuid4().hex,
            "recorded_at": NOON,
            "due_at": NOON,
        }
        row = EventRow(**(usual | known))
        self.keep(row)
        return row.id

    def keep(self, *rows: SQLModel) -> None:
        """Commit rows."""
        with self.open_session() as session:
            session.add_all(rows)
            session.commit()

    def visitor(self) -> FlaskClient:
        """Give a client that is not logged in."""
        return self.app.test_client()

    def viewer(self, account_id: UUID = FERNLEAF) -> FlaskClient:
        """Give a client that is logged in."""
        client = self.visitor()
        answer = log_in(client, EMAILS[account_id])
        assert answer.status_code == 302
        return client

    def looker(self) -> FlaskClient:
        """Give a client of Fernleaf that is logged in and may only look."""
        email = "eve@fernleaf.example"
        with self.open_session() as session:
            keep_user(
                session,
                account_code="fernleaf",
                email=email,
                password_hash=_password_hash(self.app),
                role="viewer",
                now=NOON,
            )
            session.commit()
        client = self.visitor()
        log_in(client, email)
        return client

    def _make(self, account_id: UUID, code: str) -> None:
        self.keep(Account(id=account_id, code=code, name=code.title(), created_at=NOON))
        with self.open_session() as session:
            keep_user(
                session,
                account_code=code,
                email=EMAILS[account_id],
                password_hash=_password_hash(self.app),
                role="owner",
                now=NOON,
            )
            session.commit()


_hashes: dict[str, str] = {}


def _password_hash(app: Flask) -> str:
    # Every test's portal has the same salt, so once is enough.
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = hashed(app, PASSWORD)
    return _hashes[PASSWORD]


def log_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    token = token_on(client.get("/login"))
    form = {"csrf_token": token, "email": email, "password": password}
    return client.post("/login", data=form)


def token_on(page: TestResponse) -> str:
    found = _TOKEN.search(page.text)
    assert found, "the page has no form with a token"
    return found[1]


def notes_on(page: TestResponse) -> list[int]:
    """Read which notes a page lists, top down."""
    return [int(note) for note in re.findall(r'id="note-(\d+)"', page.text)]


def events_on(page: TestResponse) -> list[UUID]:
    """Read which events a page lists, top down."""
    return [UUID(id_) for id_ in re.findall(r'class="reference" href="/events/([^"]+)"', page.text)]


def link_to(page: TestResponse, rel: str) -> str:
    """Read where Previous ("prev") or Next ("next") leads; "" when it leads nowhere."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page.text)
    return found[1].replace("&amp;", "&") if found else ""
