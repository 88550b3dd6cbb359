"""Connect a demo account to the sandbox, as a merchant would; safe to repeat."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import requests
from sqlmodel import select

from deploy.embedded.demo_destinations import add_destinations
from deploy.embedded.demo_map import map_demo
from deploy.embedded.parts import python
from deploy.embedded.registered import wait_until_registered
from deploy.embedded.supervisor import Launch, launched
from shared.budgets.book import BudgetBook
from shared.clock import utc_now
from shared.connecting.consent import begin_brightpearl, finish_brightpearl
from shared.connecting.settings import VendorSettings
from shared.connecting.shiphero import connect_shiphero
from shared.connections import BRIGHTPEARL, SHIPHERO, Connections
from shared.db.account_tables import (
    Account,
    VendorConnection,
)
from shared.db.engine import (
    OpenSession,
    open_engine,
    reading_session_maker,
    session_maker,
)
from shared.errors import ConnectionBroken, Throttled
from shared.journal.record import new_id
from shared.secrets import SecretBox
from shared.vendors.http import Patience

EMAIL = "demo@goodsout.example"
PASSWORD = "goodsout-demo"  # noqa: S105 - of the demo account, printed at every start

LONGEST_WAIT = timedelta(minutes=2)
WHO = "demo"  # who asks for the connection, in the place of a log-in


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """A pair of accounts in the sandbox; `code` is Brightpearl's and ours."""

    code: str
    name: str
    shiphero_user: str
    shiphero_password: str


# What the sandbox has on its first day (sandbox/README.md).
DEMO = Merchant(
    code="demo",
    name="Demo Tea & Home Ltd",
    shiphero_user="demo@sandbox.test",
    shiphero_password="sandbox",  # noqa: S106 - of the sandbox, as above
)


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What a merchant's account is connected with."""

    merchant: Merchant
    open_session: OpenSession
    connections: Connections
    account_id: UUID
    sandbox: str


def connect_demo(environment: Mapping[str, str], *, launch: Launch = launched) -> None:
    """Connect the demo account, give it a log-in, and wait for its webhooks.

    The webhooks are registered by the running consumers, which this therefore needs. Where the
    sandbox is, `SHIPHERO_URL` says.
    """
    account_id = connect_merchant(environment, DEMO)
    engine = open_engine(environment["DATABASE_URL"])
    add_destinations(
        session_maker(engine),
        account_id,
        SecretBox(environment["SECRET_KEYS"]),
        sandbox=_settings(environment).shiphero_url,
    )
    engine.dispose()
    _give_log_in(environment, launch)
    wait_until_registered(environment)


def connect_merchant(environment: Mapping[str, str], merchant: Merchant) -> UUID:
    """Make an account, connect it to the sandbox and map it; its webhooks come by themselves."""
    settings = _settings(environment)
    engine = open_engine(environment["DATABASE_URL"])
    opening = session_maker(engine)
    connections = Connections(
        opening,
        reading_session_maker(engine),
        SecretBox(environment["SECRET_KEYS"]),
        now=utc_now,
        patience=Patience(total=10),
        vendor_settings=settings,
        allowances=BudgetBook(opening, now=utc_now),
    )
    demo = Demo(
        merchant=merchant,
        open_session=opening,
        connections=connections,
        account_id=_account(opening, merchant),
        sandbox=settings.shiphero_url,
    )
    _connect(demo)
    _when_allowed(partial(map_demo, connections, demo.account_id))
    engine.dispose()
    return demo.account_id


def _when_allowed(act: Callable[[], None]) -> None:
    """Do it once the vendor allows: the first fetch, which runs already, spends the same budget."""
    give_up = utc_now() + LONGEST_WAIT
    while True:
        try:
            return act()
        except Throttled as full:
            if full.until > give_up:
                raise
            time.sleep(max(0.05, (full.until - utc_now()).total_seconds()))


def _settings(environment: Mapping[str, str]) -> VendorSettings:
    names = VendorSettings.model_fields
    return VendorSettings.model_validate(
        {name: environment[name.upper()] for name in names if name.upper() in environment}
    )


def _account(open_session: OpenSession, merchant: Merchant) -> UUID:
    with open_session() as session:
        known = session.exec(select(Account).where(Account.code == merchant.code)).first()
        account = known or Account(
            id=new_id(),
            code=merchant.code,
            name=merchant.name,
            created_at=utc_now(),
            order_sync_on=True,
            shipment_sync_on=True,
            go_live_at=utc_now() - timedelta(minutes=5),
            time_zone="Europe/London",
        )
        session.add(account)
        session.commit()
    return account.id


def _connect(demo: Demo) -> None:
    """Connect what is not connected, or to a sandbox that is elsewhere or new since."""
    if not _works(demo, BRIGHTPEARL):
        _approve(demo)
    if not _works(demo, SHIPHERO):
        connect_shiphero(
            demo.connections,
            demo.account_id,
            username=demo.merchant.shiphero_user,
            password=demo.merchant.shiphero_password,
            by=WHO,
        )


def _works(demo: Demo, vendor: str) -> bool:
    with demo.open_session() as session:
        row = session.get(VendorConnection, (demo.account_id, vendor))
    if row is None or urlsplit(row.base_url).port != urlsplit(demo.sandbox).port:
        return False
    try:
        if vendor == BRIGHTPEARL:
            demo.connections.brightpearl(demo.account_id).warehouses()
        else:
            demo.connections.shiphero(demo.account_id).account()
    except ConnectionBroken:
        return False
    return True


def _approve(demo: Demo) -> None:
    """Go through Brightpearl's consent page as a person's browser would."""
    address = begin_brightpearl(
        demo.connections, demo.account_id, vendor_account=demo.merchant.code, asked_by=WHO
    )
    with requests.Session() as browser:
        browser.trust_env = False
        answer = browser.get(f"{address}&decision=approve", allow_redirects=False, timeout=10)
    brought = parse_qs(urlsplit(answer.headers["Location"]).query)
    finish_brightpearl(
        demo.connections,
        demo.account_id,
        state=brought["state"][0],
        code=brought["code"][0],
        asked_by=WHO,
        by=WHO,
    )


def _give_log_in(environment: Mapping[str, str], launch: Launch) -> None:
    command = python(
        "services.portal.people.make_user",
        *("--account", DEMO.code, "--email", EMAIL, "--password-from-env", "DEMO_PASSWORD"),
        "--staff",  # whoever tries it out sees the operator's area too
    )
    made = launch(command, {**environment, "DEMO_PASSWORD": PASSWORD}, Path(os.devnull))
    if code := made.wait():
        raise subprocess.CalledProcessError(code, command)
