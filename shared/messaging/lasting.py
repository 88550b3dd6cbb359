"""Claims last as long as the work that they are for, within reason."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.events import Event
from shared.journal.claim import extend

log = structlog.get_logger()

# A claim is extended when a third of it is over, and ends for good after so many leases: what
# takes longer hangs.
PARTS = 3
MOST_LEASES = 5


@dataclass(kw_only=True)
class Lasting:
    """A thread that extends the claims of what is worked on, so that slow work is not done twice.

    `lease` is in seconds.
    """

    open_session: OpenSession
    now: Now
    lease: float
    _working: dict[int, tuple[Sequence[Event], int]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _over: threading.Event = field(default_factory=threading.Event, init=False)

    @contextmanager
    def work_on(self, events: Sequence[Event]) -> Iterator[None]:
        """Extend the claims of these events until the block ends."""
        key = id(events)
        with self._lock:
            self._working[key] = (events, 0)
        try:
            yield
        finally:
            with self._lock:
                del self._working[key]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the thread until the block ends."""
        thread = threading.Thread(target=self._run, name="lasting", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def extend(self) -> None:
        """Extend the claims of what was being worked on at the last look already."""
        with self._lock:
            looked_at = list(self._working.items())
            for key, (events, looks) in looked_at:
                self._working[key] = (events, looks + 1)
        lasting = [
            event
            for _, (events, looks) in looked_at
            if 0 < looks <= MOST_LEASES * PARTS
            for event in events
        ]
        if lasting:
            with our_trouble(), self.open_session() as session:
                extend(session, lasting, now=self.now(), lease=timedelta(seconds=self.lease))
                session.commit()

    def _run(self) -> None:
        while not self._over.wait(self.lease / PARTS):
            try:
                self.extend()
            except OurTrouble as trouble:
                # The claim may run out: then another does the work, and this end is not written.
                log.warning("delivery.claims_not_extended", reason=str(trouble))
