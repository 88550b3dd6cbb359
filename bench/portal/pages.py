"""The portal over a seeded database, and the addresses that are asked of it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine

from bench.portal.seed import BIG, MARKET, OTHERS, Seeded, every_opened
from services.portal.app import create_app
from services.portal.log.stage_filter import STAGE_FILTERS
from services.portal.log.wanted import STATES
from services.portal.people.accounts import hashed, keep_user
from services.portal.settings import PortalSettings
from shared.clock import utc_now
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.engine import open_engine, session_maker
from shared.db.migrate import migrate
from shared.notes.persons import PersonDigests
from shared.secrets import new_key

LIST, NOTE = "list", "note"
PASSWORD: Final = "bench-with-tea"  # noqa: S105 - of a database that is gone in a minute
EMAIL: Final = "bench@fernleaf.example"
DEEP: Final = 30  # pages

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_FILES = re.compile(r'(?:rel="stylesheet" href|<script src)="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Served:
    """The portal and its database."""

    flask: Flask
    engine: Engine
    settings: PortalSettings

    @property
    def digests(self) -> PersonDigests:
        """What the portal finds customers by."""
        return PersonDigests(self.settings.secret_keys.get_secret_value())

    def anew(self) -> Flask:
        """Build the portal once more, as after a restart: it remembers nothing."""
        return create_app(self.settings, self.engine)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A page, by one address or several in turn, and what must stand on it."""

    name: str
    kind: str
    addresses: Sequence[str]
    shows: str = 'id="note-'


@contextmanager
def served(url: str) -> Iterator[Served]:
    """Migrate the database and build the portal, row-level security and all, with its accounts."""
    engine = open_engine(url)
    migrate(engine)
    settings = PortalSettings(
        database_url=url,
        broker_url="memory://",
        secret_keys=SecretStr(new_key()),
        secret_key=SecretStr("a-long-enough-secret"),
        security_password_salt=SecretStr("a-long-enough-salt"),
    )
    app = create_app(settings, engine)
    with session_maker(engine)() as session:
        for one in (BIG, *OTHERS):
            code = f"bench{one.int}"
            session.add(Account(id=one, code=code, name=code.title(), created_at=utc_now()))
            session.flush()
            session.add_all(
                WarehouseMapping(account_id=one, brightpearl_warehouse_id=number,
                                 brightpearl_name=f"Warehouse {number}", decision="mapped")
                for number in range(1, 6)
            )  # fmt: skip
            session.add_all(
                ShippingMethodMapping(account_id=one, brightpearl_method_id=number,
                                      brightpearl_name=f"Method {number}", title="RM24")
                for number in range(1, 13)
            )  # fmt: skip
        keep_user(
            session,
            account_code="bench1",
            email=EMAIL,
            password_hash=hashed(app, PASSWORD),
            role="owner",
            now=utc_now(),
        )
        session.commit()
    yield Served(flask=app, engine=engine, settings=settings)
    engine.dispose()


def logged_in(app: Flask) -> FlaskClient:
    """Give a client that is logged in to the account with very many notes."""
    client = app.test_client()
    found = _TOKEN.search(client.get("/login").text)
    assert found
    form = {"csrf_token": found[1], "email": EMAIL, "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 302
    return client


def asked(client: FlaskClient, seeded: Seeded) -> Sequence[Asked]:
    """List what is measured."""
    notes = range(seeded.first + 1, seeded.last, every_opened(seeded.rows))
    numbers = [note - seeded.first for note in notes]
    return [
        _list("the log as it opens", ""),
        *(
            _list(f"state {state}", f"state={state}", shows=shown)
            for state in STATES
            for shown in ('id="note-' if state not in ("handled", "shadow") else "empty-box",)
        ),
        *(_list(f"stage {stage}", f"stage={stage}", shows="") for stage in STAGE_FILTERS),
        _list("whose turn it is", "turn=you"),
        _page("the views with their counts", ["/sync-log/views?state=needs_you"], shows="views"),
        _list("state needs you, a reason", "state=needs_you&reason=sku_unknown"),
        _list("a reason in any state", "reason=before_go_live"),
        _list("order status Failed", "status=Failed"),
        _list("a warehouse and a method", "warehouse=2&method=Method 2"),
        _list("a warehouse without notes", "warehouse=5", shows="empty-box"),
        _list("a week long ago", "from=2026-03-02&to=2026-03-08", shows=""),
        *(_search(what, texts) for what, texts in _searches(notes, numbers)),
        _list("a list of 200 ids", f"list={'+'.join(str(note) for note in list(notes)[:40] * 5)}"),
        _page(f"page {DEEP} of the log", _deep(client, "")),
        _page("half down the log", [f"/sync-log?sort=total&next=a450.0-{seeded.first}"]),
        *(
            _list(f"sorted by {sort}, {way or 'desc'}", f"sort={sort}&dir={way}")
            for sort in ("inserted", "synced", "total")
            for way in ("", "asc")
        ),
        *(
            _page(f"page {DEEP} sorted by {sort}", _deep(client, f"sort={sort}"))
            for sort in ("synced", "total")
        ),
        _list("needs you, sorted by total", "state=needs_you&sort=total"),
        _page("what needs attention", ["/attention"], shows="issue-what"),
        _page("the same a moment later", ["/attention/live"], shows="issue-what"),
        _page("one line of it", ["/attention/issue?way=shiphero&reason=sku_unknown"]),
        Asked(name="a note's details", kind=NOTE, shows="",
              addresses=[f"/sync-log/{note}" for note in notes]),
        Asked(name="details of the newest notes", kind=NOTE, shows="",
              addresses=[f"/sync-log/{seeded.last - back}" for back in range(40)]),
    ]  # fmt: skip


def _searches(notes: range, numbers: Sequence[int]) -> Iterator[tuple[str, Sequence[object]]]:
    shipped = [n for n in numbers if n % 997 and n % 1499 and n % 1999 and n % 50 and n % 701]
    yield "a note id", notes
    yield "an order id", [40000 + n // 2 for n in numbers]
    yield "order/sequence", [f"{40000 + n // 2}/{1 + n % 2}" for n in numbers]
    yield "a reference", [f"shop-{n}" for n in numbers]
    yield "the beginning of many references", ["SHOP-", "shop-1", "SHOP-9"]
    yield "a SKU of few notes", [f"SKU-{n % 20000}" for n in numbers]
    yield "a SKU of every third note", ["TEA-0", "tea-1", "Tea-2"]
    yield "a customer of every third note", [MARKET]
    yield "a tracking number", [f"JD{10000000 + n}" for n in shipped[:-2]]
    yield "a ShipHero order id", [f"SH-{100_000 + n}" for n in shipped]


def _page(name: str, addresses: Sequence[str], shows: str = 'id="note-') -> Asked:
    return Asked(name=name, kind=LIST, addresses=addresses, shows=shows)


def _search(what: str, texts: Sequence[object]) -> Asked:
    return Asked(
        name=f"search: {what}", kind=LIST, addresses=[f"/sync-log?q={text}" for text in texts]
    )


def _list(name: str, query: str, shows: str = 'id="note-') -> Asked:
    # An empty value would be answered by a shorter address.
    filled = "&".join(part for part in query.split("&") if not part.endswith("="))
    return Asked(name=name, kind=LIST, addresses=[f"/sync-log?{filled}"], shows=shows)


def _deep(client: FlaskClient, query: str) -> Sequence[str]:
    address = f"/sync-log?{query}"
    for _ in range(DEEP - 1):
        found = _NEXT.search(client.get(address).text)
        assert found, address
        address = found[1].replace("&amp;", "&")
    return [address]


def first_page_bytes(app: Flask, client: FlaskClient) -> int:
    """Count what a browser fetches for the first page: HTML, style sheets and scripts."""
    page = client.get("/sync-log")
    files = _FILES.findall(page.text)
    return len(page.data) + sum(len(app.test_client().get(file).data) for file in files)
