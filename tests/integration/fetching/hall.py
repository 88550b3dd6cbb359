"""A merchant with many products at both vendors of the sandbox, and a process that fetches them."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Event as Stop
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from services.order_ingest.consumer import follow
from services.order_ingest.fetching.announced import ProductDesk, read_announced_products
from services.order_ingest.fetching.fetched import Desk
from services.order_ingest.fetching.handler import fetch_reference
from shared.catalogue.parts import Part
from shared.catalogue.progress import PartProgress, fetch_progress
from shared.clock import Pace
from shared.db.engine import OpenSession, reading_session_maker
from shared.events import PRODUCTS_ANNOUNCED, REFERENCE_REQUESTED, Event, Queue
from shared.messaging.delivery import Delivery, DeliverySettings
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.fakes.broker import FakeConsumer
from tests.integration.delivery.desk import message_about
from tests.integration.journal.books import Books
from tests.integration.registration.served import Sandbox

PRODUCTS = 1200


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Killer:
    """Ends the process at every so many commits, right before one or right after it."""

    every: int = 0
    commits: int = 0
    kills: int = 0

    @contextmanager
    def around_commit(self) -> Iterator[None]:
        """Count a commit, and perhaps let it be the last thing that is done, or not done."""
        self.commits += 1
        dies = self.every > 0 and self.commits % self.every == 0
        self.kills += dies
        before = self.kills % 2 == 0
        if dies and before:
            raise Killed
        yield
        if dies:
            raise Killed


@dataclass
class Merchant:
    """An account of the sandbox's, with clients as our processes have them."""

    sandbox: Sandbox
    code: str = field(default_factory=lambda: f"m{secrets.token_hex(4)}")
    products: int = PRODUCTS

    def __post_init__(self) -> None:
        """Open the account at both vendors."""
        new = {"code": self.code, "products": self.products}
        made = self.sandbox.control("accounts", new)
        app = StaffApp(app_ref=made["app_ref"], staff_token=made["staff_token"])
        base_url = f"{self.sandbox.address}/public-api/{self.code}"
        self.brightpearl = Brightpearl(brightpearl_http(), app, base_url=base_url)
        bearer = BearerToken(
            access_token=made["shiphero"]["access_token"],
            refresh_token=made["shiphero"]["refresh_token"],
            tokens=ShipHeroTokens(shiphero_http(), base_url=self.sandbox.address),
        )
        self.shiphero = ShipHero(shiphero_http(), bearer, base_url=self.sandbox.address)

    def control(self, path: str, body: dict[str, Any] | None = None, method: str = "") -> Any:
        """Have something happen to the account."""
        return self.sandbox.control(f"accounts/{self.code}/{path}", body, method)

    def refuse(self, operation: str) -> None:
        """Have Brightpearl refuse a call for good."""
        fault = {"vendor": "brightpearl", "kind": "status", "status": 400, "times": 1}
        self.sandbox.control("faults", {**fault, "operation": operation, "account": self.code})

    def product_ids(self) -> list[int]:
        """Read which products Brightpearl has."""
        found, first = list[int](), 1
        while first:
            page = self.brightpearl.found_products(first=first)
            found += [one.product_id for one in page.rows]
            first = page.next_first or 0
        return found


class Hall:
    """Settles what was asked for, event by event; every session's commit may be the last."""

    def __init__(self, books: Books, merchant: Merchant, *, open_killed: OpenSession) -> None:
        self.books, self.merchant = books, merchant
        self.open_killed = open_killed

    def ask(self, part: str = "all") -> None:
        """Ask for a run."""
        payload = {"part": part}
        self.books.announce(part, name=REFERENCE_REQUESTED, payload=payload)

    def deliver(self, *, at_once: int = 100) -> int:
        """Have a new process handle what is due; says how much that was."""
        due = self.books.publish(limit=at_once)
        stop = Stop()
        delivery = Delivery(
            consumer=FakeConsumer(),
            queue=Queue.ORDER_INGEST,
            handlers={
                REFERENCE_REQUESTED: partial(fetch_reference, desk=self._desk),
                PRODUCTS_ANNOUNCED: partial(read_announced_products, desk=self._product_desk),
            },
            open_session=self.open_killed,
            follow=follow,
            settings=DeliverySettings(batch=at_once),
            worker="one",
            now=self.books.clock,
            pace=Pace(),
            stop=stop,
        )
        delivery.deliver([message_about(row) for row in due])
        stop.set()
        delivery.run()
        return len(due)

    def go_on(self, *, until: Callable[[], bool] | None = None) -> None:
        """Deliver until nothing is due, or until something is true."""
        while self.deliver() and not (until and until()):
            self.books.clock.pass_(seconds=1)

    def go_on_after_kills(self) -> None:
        """Deliver and sweep until nothing is open any more."""
        while any(row.settled_at is None for row in self.books.rows()):
            self.deliver()
            self.books.clock.pass_(minutes=6)
            self.books.sweep()

    def progress(self) -> dict[Part, PartProgress]:
        """Read how each part stands."""
        with self.books.session() as session:
            return {one.part: one for one in fetch_progress(session, self.books.account)}

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """Read a table."""
        with self.books.session() as session:
            return list(session.exec(select(table)))

    def forget(self, row: SQLModel) -> None:
        """Have a row be gone, as if it had never been fetched."""
        with self.books.session() as session:
            session.delete(row)

    def _desk(self, event: Event) -> Desk:
        return Desk(
            account_id=event.account_id,
            brightpearl=lambda: self.merchant.brightpearl,
            shiphero=lambda: self.merchant.shiphero,
            open_reading=reading_session_maker(self.books.engine),
            now=self.books.clock,
        )

    def _product_desk(self, event: Event) -> ProductDesk:
        return ProductDesk(
            account_id=event.account_id,
            account_code=lambda: self.merchant.code,
            brightpearl=lambda: self.merchant.brightpearl,
            now=self.books.clock,
        )


def sessions_that_end(engine: Engine, killer: Killer) -> OpenSession:
    """Give sessions whose commits `killer` stands beside."""

    class EndingSession(Session):
        def commit(self) -> None:
            with killer.around_commit():
                super().commit()

    return lambda: EndingSession(engine, expire_on_commit=False)
