"""Fetches over a database of their own and fakes of both vendors, one event after the other."""

from collections import deque
from typing import Any
from uuid import uuid4

from sqlmodel import SQLModel, select

from services.order_ingest.fetching.fetched import Desk
from services.order_ingest.fetching.handler import fetch_one
from services.order_ingest.fetching.runs import follow_fetch
from shared.catalogue.parts import Part
from shared.catalogue.progress import PartProgress, fetch_progress
from shared.db.account_tables import Account
from shared.db.vendor_tables import Product
from shared.errors import GoodsoutError
from shared.events import REFERENCE_REQUESTED, Event, NewEvent
from shared.messaging.result import result_of
from shared.outcome import Delivered, Outcome
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.unit.core.notebook import ACCOUNT, Notebook, an_event


class Fetching:
    """Settles one event at a time; `waiting` are those that were asked for and not settled."""

    def __init__(self, book: Notebook) -> None:
        self.book = book
        self.brightpearl, self.shiphero = FakeBrightpearl(), FakeShipHero()
        self.waiting: deque[Event] = deque()

    @property
    def desk(self) -> Desk:
        """What the handler works with."""
        return Desk(
            account_id=ACCOUNT,
            brightpearl=lambda: self.brightpearl,
            shiphero=lambda: self.shiphero,
            open_reading=self.book.open_reading,
            now=lambda: self.book.now,
        )

    def ask(self, part: str = "all") -> None:
        """Ask for a run."""
        event = an_event(
            name=REFERENCE_REQUESTED,
            subject=part,
            payload={"part": part},
            recorded_at=self.book.now,
        )
        self.waiting.append(event)

    def settle(self) -> Outcome:
        """Handle the event that waits longest and write its end."""
        event = self.waiting.popleft()
        outcome = fetch_one(event, desk=self.desk)
        self.write(event, outcome)
        return outcome

    def write(self, event: Event, outcome: Outcome) -> None:
        """Write an end, and let its follow-on events wait."""
        with self.book.session() as session:
            if isinstance(outcome, Delivered):
                if outcome.keep is not None:
                    outcome.keep(session, self.book.now)
                self.waiting.extend(self._recorded(one) for one in outcome.follow_ons)
            follow_fetch(session, event, outcome, self.book.now)
            session.commit()

    def fail(self) -> GoodsoutError:
        """Handle the event that waits longest, which a vendor refuses, and write its end."""
        event = self.waiting.popleft()
        try:
            fetch_one(event, desk=self.desk)
        except GoodsoutError as error:
            with self.book.session() as session:
                follow_fetch(session, event, result_of(event, error), self.book.now)
                session.commit()
            return error
        raise AssertionError("nothing failed")

    def run(self, part: str = "all") -> list[Outcome]:
        """Ask for a run and settle everything it leads to."""
        self.ask(part)
        return self.go_on()

    def go_on(self) -> list[Outcome]:
        """Settle until nothing waits."""
        outcomes = []
        while self.waiting:
            outcomes.append(self.settle())
        return outcomes

    def progress(self, part: Part) -> PartProgress:
        """Read how a part stands."""
        with self.book.session() as session:
            return {one.part: one for one in fetch_progress(session, ACCOUNT)}[part]

    def account(self) -> Account:
        """Read the account."""
        with self.book.session() as session:
            return session.get_one(Account, ACCOUNT)

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """Read a table."""
        with self.book.session() as session:
            return list(session.exec(select(table)))

    def product_ids(self) -> list[int]:
        """Read which products are kept."""
        return sorted(row.product_id for row in self.rows(Product))

    def _recorded(self, new: NewEvent) -> Event:
        return an_event(
            id=uuid4(),
            name=new.name,
            subject=new.subject,
            payload=new.payload,
            lane=new.lane,
            recorded_at=self.book.now,
        )
