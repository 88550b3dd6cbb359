"""A delivery over a real journal, with a consumer in memory and a handler told what to do."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from shared.clock import Pace
from shared.events import GOODS_OUT_NOTE_CHANGED, Event
from shared.journal.due import Due
from shared.messaging.delivery import Delivery, DeliverySettings, Handler, Unit
from shared.messaging.ending import Follow
from shared.messaging.envelope import Notice, to_outgoing
from shared.messaging.protocol import Incoming
from shared.messaging.result import Result
from shared.notes.progress import move, standing_after
from shared.notes.state import ORDER
from shared.outcome import Delivered, Outcome
from tests.fakes.broker import FakeConsumer, incoming
from tests.integration.journal.books import MORNING, Books

DONE = Delivered(reference="SH-1", summary="Order WEB-4001 at ShipHero.")


def message_about(row: Due) -> Incoming:
    """Build what a consumer gets of a published row."""
    notice = Notice(
        event_id=row.id, name=row.name, subject=row.subject, account_id=row.account_id,
        generation=row.generation,
    )  # fmt: skip
    return incoming(to_outgoing(notice, time=MORNING))


def one_by_one(run: Callable[[Event], Outcome]) -> Handler:
    """Make a handler of one unit an event."""

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        return [Unit(events=(event,), run=partial(run, event)) for event in events]

    return handle


def delivering(into: list[Event]) -> Handler:
    """Make a handler that delivers each event and notes it in `into`."""

    def deliver(event: Event) -> Outcome:
        into.append(event)
        return DONE

    return one_by_one(deliver)


def failing(error: BaseException) -> Callable[..., Any]:
    """Make a function that raises `error`, whatever it is called with."""

    def fail(*_: object) -> Any:
        raise error

    return fail


def follow_order(session: Session, event: Event, result: Result, now: Any) -> None:
    """Keep the order side of the sync log in step, as shiphero_push does."""
    standing = standing_after(result)
    if standing is not None:
        move(session, event, int(event.subject), ORDER, standing, now=now)


@dataclass
class FlakyDatabase:
    """Opens sessions of `books`, but not the next `fails` times."""

    books: Books
    fails: int = 0
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> Session:
        """Open a session, or fail as a database does that went away."""
        with self._lock:
            if self.fails > 0:
                self.fails -= 1
                self.refused += 1
                raise OperationalError("SELECT 1", {}, RuntimeError("the server went away"))
        return self.books.open_session()


@dataclass
class Desk:
    """What a delivery is made of in these tests."""

    books: Books
    consumer: FakeConsumer = field(default_factory=FakeConsumer)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Stand a database beside the books that can be told to fail."""
        self.database = FlakyDatabase(self.books)

    @contextmanager
    def delivery(
        self,
        handler: Handler,
        *,
        follow: Follow = follow_order,
        name: str = GOODS_OUT_NOTE_CHANGED,
        **settings: Any,
    ) -> Iterator[Delivery]:
        """Open a delivery whose handler for `name` is `handler`, and close its threads after."""
        delivery = Delivery(
            consumer=self.consumer,
            queue="shiphero_push",
            handlers={name: handler},
            open_session=self.database,
            follow=follow,
            settings=DeliverySettings(**settings),
            worker="one",
            now=self.books.clock,
            pace=Pace(),
            stop=self.stop,
        )
        yield delivery
        self.stop.set()
        delivery.run()

    def deliver(self, handler: Handler, **given: Any) -> list[Incoming]:
        """Publish what is due and deliver it in one batch; gives the messages."""
        messages = [message_about(row) for row in self.books.publish()]
        with self.delivery(handler, **given) as delivery:
            delivery.deliver(messages)
        return messages

    def ends(self, id_: UUID) -> list[tuple[int, str, str]]:
        """Give number, result and reason code of each ended attempt."""
        return [
            (attempt.number, attempt.result, attempt.reason_code)
            for attempt in self.books.attempts(id_)
            if attempt.ended_at is not None
        ]
