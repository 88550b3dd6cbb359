"""Whatever happens in whatever order, no event is lost and none is settled twice.

A journal on SQLite against a model: relays, brokers and consumers die, and messages come twice,
late and out of order.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlmodel import Session

from shared.db.engine import open_engine
from shared.db.migrate import migrate
from shared.events import Event
from shared.journal.due import Due, put_back
from shared.journal.planned import try_now
from shared.journal.release import release, replay
from shared.journal.settle import hold, kill, retry, settle
from shared.journal.verdict import Dead
from shared.outcome import Delivered, Held, Skipped
from tests.integration.journal.books import Books

CAUSE = "order_sync_off"


@dataclass
class Told:
    """What the model knows of one event; `claimed` is generation and attempt of its last claim."""

    outcome: str | None = None
    generation: int = 1
    claimed: tuple[int, int] = (0, 0)


class JournalMachine(RuleBasedStateMachine):
    """Every step is one that a relay, a broker, a consumer, a sweep or a person may take."""

    messages = Bundle("messages")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'journal.sqlite'}")
        migrate(self.engine)
        self.books = Books(self.engine)
        self.told: dict[UUID, Told] = {}

    def teardown(self) -> None:
        """Leave the folder."""
        self.engine.dispose()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        """Begin with one event."""
        self.record("501")

    @rule(subject=st.sampled_from(["501", "502"]))
    def record(self, subject: str) -> None:
        """Keep a webhook."""
        self.told[self.books.announce(subject)] = Told()

    @rule(target=messages, limit=st.integers(1, 3))
    def publish(self, limit: int) -> Any:
        """Let a relay publish and stamp."""
        return multiple(*self.books.publish(limit=limit))

    @rule(target=messages)
    def publish_and_die(self) -> Any:
        """Let a relay publish, and die before it stamps."""
        return multiple(*self.books.take_due())

    @rule()
    def find_the_broker_down(self) -> None:
        """Let a relay take rows and put them back."""
        rows = self.books.take_due()
        with self.books.session() as session:
            put_back(session, rows, due_at=self.books.clock())

    @rule(_message=consumes(messages))
    def lose_a_message(self, _message: Due) -> None:
        """Let the broker lose what it confirmed."""

    @rule(target=claims, message=messages)
    def claim(self, message: Due) -> Any:
        """Let a consumer claim; the message may come again."""
        claimed = self.books.claim([message])
        for event in (*claimed.events, *claimed.crashed):
            self.told[event.id].claimed = (event.generation, event.attempt)
        dead = Dead(code="crashes_worker", reason="")
        for event in claimed.crashed:
            self._settle(event, "dead", lambda s, e: kill(s, e, dead, now=self.books.clock()))
        return multiple(*claimed.events)

    @rule(_event=consumes(claims))
    def crash(self, _event: Event) -> None:
        """Let a consumer die with its claim."""

    @rule(event=claims)
    def deliver(self, event: Event) -> None:
        """Let a handler succeed."""
        done = Delivered(reference="SH-1")
        self._settle(event, "delivered", lambda s, e: settle(s, e, done, now=self.books.clock()))

    @rule(event=claims)
    def skip(self, event: Event) -> None:
        """Let a handler find nothing to do."""
        skipped = Skipped(code="echo", reason="")
        self._settle(event, "skipped", lambda s, e: settle(s, e, skipped, now=self.books.clock()))

    @rule(event=claims)
    def refuse(self, event: Event) -> None:
        """Let a handler fail for good."""
        dead = Dead(code="refused", reason="")
        self._settle(event, "dead", lambda s, e: kill(s, e, dead, now=self.books.clock()))

    @rule(event=claims, minutes=st.integers(0, 9))
    def fail(self, event: Event, minutes: int) -> None:
        """Let a handler fail for now."""
        now = self.books.clock()
        later = now + timedelta(minutes=minutes)
        self._end(event, lambda s, e: retry(s, e, due_at=later, counts=True, code="", reason="",
                                            now=now))  # fmt: skip

    @rule(event=claims, version=st.integers(1, 3))
    def hold(self, event: Event, version: int) -> None:
        """Let a handler find a setting in the way."""
        held = Held(cause=CAUSE, reason="", settings_version=version)
        self._end(event, lambda s, e: hold(s, e, held, code=CAUSE, now=self.books.clock()))

    @rule()
    def release(self) -> None:
        """Let a person remove the cause."""
        with self.books.session() as session:
            release(session, self.books.account, CAUSE, now=self.books.clock())

    @rule(pick=st.integers(0, 50))
    def try_now(self, pick: int) -> None:
        """Let a person press "try now"."""
        with self.books.session() as session:
            try_now(session, self._pick(pick), now=self.books.clock())

    @rule(pick=st.integers(0, 50))
    def replay(self, pick: int) -> None:
        """Let a person replay."""
        with self.books.session() as session:
            new = replay(session, self._pick(pick), now=self.books.clock())
        if new is not None:
            self.told[new] = Told()

    @rule(minutes=st.integers(1, 7))
    def wait(self, minutes: int) -> None:
        """Let time go by."""
        self.books.clock.pass_(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        """Let a relay sweep."""
        self.books.sweep()

    @invariant()
    def no_event_is_gone_and_generations_only_grow(self) -> None:
        """Every recorded row is there, with a generation that never fell."""
        rows = {row.id: row for row in self.books.rows()}
        assert rows.keys() == self.told.keys()
        for id_, row in rows.items():
            told = self.told[id_]
            assert row.generation >= told.generation
            told.generation = row.generation

    @invariant()
    def what_was_settled_stays_settled(self) -> None:
        """Only a dead letter may change, and only to superseded."""
        for row in self.books.rows():
            told = self.told[row.id]
            superseded = row.outcome == "superseded" and told.outcome in (None, "dead")
            assert row.outcome == told.outcome or superseded
            assert (row.settled_at is None) == (row.outcome is None)
            told.outcome = row.outcome

    @invariant()
    def nothing_is_lost(self) -> None:
        """Find each unsettled row held, or published in the end by a sweep and a relay."""
        open_rows = {row.id for row in self.books.rows() if row.settled_at is None}
        held = {row.id for row in self.books.rows() if row.hold_cause is not None}
        with self.books.open_session() as session:
            found = self.books.due_in_the_end(session)
            session.rollback()
        assert found == open_rows - held

    def _pick(self, number: int) -> UUID:
        ids = list(self.told)
        return ids[number % len(ids)]

    def _settle(self, event: Event, outcome: str, end: Callable[[Session, Event], bool]) -> None:
        if self._end(event, end):
            assert self.told[event.id].outcome is None
            self.told[event.id].outcome = outcome

    def _end(self, event: Event, end: Callable[[Session, Event], bool]) -> bool:
        """End a claim; only the last one, of the present generation, may write anything."""
        before, told = self.books.row(event.id), self.told[event.id]
        with self.books.session() as session:
            written = end(session, event)
        mine = (event.generation, event.attempt) == told.claimed
        present = event.generation == before.generation and before.settled_at is None
        assert written == (mine and present)
        return written


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
