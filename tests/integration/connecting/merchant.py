"""A merchant with two Goodsout accounts and a clock of their own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from shared.clock import utc_now
from shared.connecting.consent import begin_brightpearl, finish_brightpearl
from shared.connecting.shiphero import connect_shiphero
from shared.connections import BRIGHTPEARL, SHIPHERO, Allowances, Connections
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import reading_session_maker, session_maker
from shared.db.journal_tables import EventRow
from shared.events import GOODS_OUT_NOTE_CHANGED, ROUTES, Event
from shared.journal.verdict import verdict_for
from shared.messaging.ending import Follow
from shared.messaging.result import Result
from shared.process import noticing_broken_connections
from shared.secrets import SecretBox, new_key
from shared.vendors.http import Patience
from tests.integration.connecting.vendors import Vendors
from tests.unit.connecting.settings import vendor_settings

ACCOUNT, OTHER = UUID(int=1), UUID(int=2)
ANN, BEN = "1", "2"  # people of the portal
USER, PASSWORD = "demo@sandbox.test", "sandbox"


class Merchant:
    """Connects `demo` of the sandbox; `ahead` is how far the clock is turned."""

    other = OTHER

    def __init__(self, engine: Engine, vendors: Vendors) -> None:
        self.engine, self.vendors = engine, vendors
        self.key = new_key()
        self.box = SecretBox(self.key)
        self.ahead = timedelta(0)
        self.open_session = session_maker(engine)
        self.connections = self.process()
        for account_id, code in ((ACCOUNT, "demo"), (OTHER, "other")):
            self.keep(Account(id=account_id, code=code, name=code, created_at=utc_now()))

    def now(self) -> datetime:
        """Tell the time."""
        return utc_now() + self.ahead

    def process(self, *, allowances: Allowances | None = None, **settings: Any) -> Connections:
        """Give the connections of one more process."""
        given = {
            "brightpearl_oauth_url": f"{self.vendors.url}/oauth",
            "brightpearl_hosts": f"{self.vendors.host},{self.vendors.second_host}",
            "shiphero_url": self.vendors.url,
        }
        return Connections(
            session_maker(self.engine),
            reading_session_maker(self.engine),
            self.box,
            now=self.now,
            patience=Patience(total=10),
            vendor_settings=vendor_settings(**{**given, **settings}),
            allowances=allowances,
        )

    def begin(self, account_id: UUID = ACCOUNT, *, code: str = "demo", who: str = ANN) -> str:
        """Ask for consent; gives the consent page's address."""
        return begin_brightpearl(self.connections, account_id, vendor_account=code, asked_by=who)

    def come_back(self, to: str, account_id: UUID = ACCOUNT, *, who: str = ANN) -> str:
        """Come back from the consent page."""
        given = parse_qs(urlsplit(to).query)
        return finish_brightpearl(
            self.connections,
            account_id,
            state=given["state"][0],
            code=given["code"][0],
            asked_by=who,
            by=who,
        )

    def connect_brightpearl(self, account_id: UUID = ACCOUNT, *, code: str = "demo") -> None:
        """Go all the way."""
        self.come_back(self.vendors.approve(self.begin(account_id, code=code)), account_id)

    def connect_shiphero(self, username: str = USER, password: str = PASSWORD) -> bool:
        """Connect with a user and password."""
        return connect_shiphero(
            self.connections, ACCOUNT, username=username, password=password, by=ANN
        )

    def row(self, vendor: str = BRIGHTPEARL, account_id: UUID = ACCOUNT) -> VendorConnection:
        """Read a connection's row."""
        with self.session() as session:
            return session.get_one(VendorConnection, (account_id, vendor))

    def secrets(self, vendor: str = BRIGHTPEARL) -> Mapping[str, str]:
        """Open a connection's credentials."""
        return self.box.open_mapping(self.row(vendor).credentials)

    def events(self, name: str) -> list[EventRow]:
        """Read the journal's rows of one name, the oldest first."""
        with self.session() as session:
            rows = session.exec(select(EventRow).where(EventRow.name == name))
            return sorted(rows, key=lambda row: row.id)

    def held(self) -> list[str]:
        """Tell what events wait for."""
        with self.session() as session:
            return [
                str(cause)
                for cause in session.exec(
                    select(EventRow.hold_cause).where(col(EventRow.hold_cause).is_not(None))
                )
            ]

    def hold(self, cause: str) -> UUID:
        """Keep an event that waits."""
        return self._row(hold_cause=cause, hold_version=1)

    def event(self) -> Event:
        """Keep an event that is claimed, and give it."""
        event_id = self._row(tries=1)
        return Event(
            id=event_id,
            account_id=ACCOUNT,
            name=GOODS_OUT_NOTE_CHANGED,
            subject="501",
            payload={},
            generation=1,
            attempt=1,
            failures=0,
            recorded_at=utc_now(),
        )

    def refused(self, error: Exception) -> Result:
        """Say what becomes of an event whose handler raised `error`."""
        return verdict_for(error, failures=0, jitter=0.0)

    def noticing(self, follow: Follow) -> Follow:
        """Do what a consumer does beside `follow` when an attempt has ended."""
        return noticing_broken_connections(follow)

    def keep(self, *rows: SQLModel) -> None:
        """Commit rows."""
        with self.session() as session:
            session.add_all(rows)
            session.commit()

    def session(self) -> Session:
        """Open a session."""
        return self.open_session()

    def _row(self, **fields: Any) -> UUID:
        event_id = uuid4()
        self.keep(
            EventRow(
                id=event_id,
                account_id=ACCOUNT,
                name=GOODS_OUT_NOTE_CHANGED,
                queue=ROUTES[GOODS_OUT_NOTE_CHANGED].value,
                lane=0,
                subject="501",
                payload={},
                dedupe_key=str(event_id),
                recorded_at=utc_now(),
                due_at=utc_now(),
                **fields,
            )
        )
        return event_id


__all__ = ["ACCOUNT", "ANN", "BEN", "BRIGHTPEARL", "OTHER", "SHIPHERO", "Merchant"]
