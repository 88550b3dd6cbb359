"""The only place that acknowledges, retries and catches everything, once for every handler.

A handler gets the events of one account and name as a group, reads what it needs by ID set, and
gives one `Unit` for each thing to make true. Each unit's end is committed by itself, and a
message is acknowledged after its commit. No transaction is open while a vendor is called.
"""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import structlog

from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.events import Event
from shared.journal.claim import Claimed, RowVersion, claim
from shared.journal.settle import CRASHES_WORKER
from shared.journal.verdict import Dead, Retry, verdict_for
from shared.messaging import metrics
from shared.messaging.ending import End, Follow, Result, word_for, write_end
from shared.messaging.envelope import Unreadable, read
from shared.messaging.protocol import Consumer, Incoming
from shared.outcome import Outcome
from shared.vendors.calls import Call, recording_calls

log = structlog.get_logger()
T = TypeVar("T")

# After trouble of our own an event comes back this many seconds later, no attempt used.
OUR_TROUBLE_AFTER = 2.0


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One thing to make true at a vendor; `run` answers for all of `events` (coalesced)."""

    events: tuple[Event, ...]
    run: Callable[[], Outcome]


Handler = Callable[[Sequence[Event]], Iterable[Unit]]


@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    """Sizes and times of a consumer; durations in seconds.

    `claim_lease` is longer than any vendor call's total deadline, else two consumers could work on
    one event.
    """

    batch: int = 50
    gather: float = 0.01
    idle: float = 0.25
    prefetch: int = 200
    groups: int = 4
    units: int = 16
    claim_lease: float = 120.0
    crash_limit: int = 3


@dataclass(kw_only=True)
class Delivery:
    """One consumer process: takes messages, has them handled, writes down how each ended."""

    consumer: Consumer
    queue: str
    handlers: Mapping[str, Handler]
    open_session: OpenSession
    follow: Follow
    settings: DeliverySettings
    worker: str
    now: Now
    pace: Pace
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Open the two pools: groups of one account each, and the vendor calls inside them."""
        self._groups = ThreadPoolExecutor(self.settings.groups, thread_name_prefix="group")
        self._units = ThreadPoolExecutor(self.settings.units, thread_name_prefix="unit")
        self._running: set[Future[None]] = set()

    def run(self) -> None:
        """Take and deliver until `stop` is set, then finish what is in hand."""
        while not self.stop.is_set():
            messages = self.consumer.take(
                up_to=self.settings.batch, wait=self.settings.idle, gather=self.settings.gather
            )
            self._running = {future for future in self._running if not future.done()}
            self._running |= self._start(messages)
        wait(self._running)
        self._units.shutdown()
        self._groups.shutdown()
        self.consumer.close()

    def deliver(self, messages: Sequence[Incoming]) -> None:
        """Deliver one batch and wait until each message's end is written."""
        wait(self._start(messages))

    def _start(self, messages: Sequence[Incoming]) -> set[Future[None]]:
        groups: dict[tuple[UUID, str], dict[RowVersion, Incoming]] = defaultdict(dict)
        for message in messages:
            try:
                told = read(message)
            except Unreadable as unreadable:
                log.warning("delivery.unreadable", queue=self.queue, reason=str(unreadable))
                metrics.UNREADABLE.labels(self.queue).inc()
                self.consumer.reject(message)
                continue
            version = RowVersion(event_id=told.event_id, generation=told.generation)
            group = groups[(told.account_id, told.name)]
            if version in group:
                self.consumer.ack(message)
            else:
                group[version] = message
        started = {self._groups.submit(self._deliver_group, group) for group in groups.values()}
        for future in started:
            future.add_done_callback(_complain)
        return started

    def _deliver_group(self, messages: Mapping[RowVersion, Incoming]) -> None:
        claimed = self._persistently(partial(self._claim, list(messages)))
        if claimed is None:
            return
        by_event = {version.event_id: message for version, message in messages.items()}
        ours = {event.id for event in claimed.events}
        for event_id, message in by_event.items():
            if event_id not in ours:
                metrics.STALE.labels(self.queue).inc()
                self.consumer.ack(message)
        if not claimed.events:
            return
        with recording_calls() as reads:
            started = time.monotonic()
            try:
                units = tuple(self.handlers[claimed.events[0].name](claimed.events))
            except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes a verdict
                self._end_all(claimed.events, by_event, error, reads, started)
                return
        shared_calls = [asdict(call) for call in reads]
        running = [
            self._units.submit(self._run_unit, unit, by_event, shared_calls) for unit in units
        ]
        wait(running)

    def _claim(self, versions: Sequence[RowVersion]) -> Claimed:
        with our_trouble(), self.open_session() as session:
            claimed = claim(
                session,
                versions,
                worker=self.worker,
                now=self.now(),
                lease=timedelta(seconds=self.settings.claim_lease),
                crash_limit=self.settings.crash_limit,
            )
            for event in claimed.crashed:
                self.follow(session, event, CRASHES_WORKER, self.now())
            session.commit()
        return claimed

    def _run_unit(
        self, unit: Unit, messages: Mapping[UUID, Incoming], shared_calls: Sequence[dict[str, Any]]
    ) -> None:
        started = time.monotonic()
        with recording_calls() as calls:
            try:
                result: Outcome | BaseException = unit.run()
            except Exception as error:  # noqa: BLE001 - the one catch-all for handlers
                result = error
        self._end_all(unit.events, messages, result, calls, started, shared_calls)

    def _end_all(
        self,
        events: Sequence[Event],
        messages: Mapping[UUID, Incoming],
        result: Outcome | BaseException,
        calls: Sequence[Call],
        started: float,
        shared_calls: Sequence[dict[str, Any]] = (),
    ) -> None:
        vendor_calls = [*shared_calls, *(asdict(call) for call in calls)]
        for event in events:
            end = End(event=event, result=self._result(event, result), vendor_calls=vendor_calls)
            written = self._persistently(partial(self._write, end))
            if written is not None:
                self.consumer.ack(messages[event.id])
            self._tell(end, seconds=time.monotonic() - started, written=bool(written))

    def _result(self, event: Event, result: Outcome | BaseException) -> Result:
        if not isinstance(result, BaseException):
            return result
        if isinstance(result, OurTrouble):
            return Retry(
                after=OUR_TROUBLE_AFTER, counts=False, code=result.code, reason=str(result)
            )
        verdict = verdict_for(result, failures=event.failures, jitter=random.random())
        if isinstance(verdict, Dead) and verdict.code == "bug":
            log.error("delivery.bug", event_id=str(event.id), exc_info=result)
        return verdict

    def _write(self, end: End) -> bool:
        with our_trouble(), self.open_session() as session:
            written = write_end(session, end, now=self.now(), pace=self.pace, follow=self.follow)
            session.commit()
        return written

    def _persistently(self, work: Callable[[], T]) -> T | None:
        """Do `work` until our own database answers; None when we are told to stop before."""
        pause = 0.2
        while True:
            try:
                return work()
            except OurTrouble as trouble:
                log.warning("delivery.our_trouble", queue=self.queue, reason=str(trouble))
                if self.stop.wait(pause):
                    return None
                pause = min(pause * 2, 5.0)

    def _tell(self, end: End, *, seconds: float, written: bool) -> None:
        word, code = word_for(end.result)
        metrics.ATTEMPTS.labels(end.event.name, word, code).inc()
        metrics.ATTEMPT_SECONDS.labels(end.event.name).observe(seconds)
        log.info(
            "delivery.attempted",
            event_id=str(end.event.id),
            event_name=end.event.name,
            account=str(end.event.account_id),
            subject=end.event.subject,
            attempt=end.event.attempt,
            result=word if written else "stale",
            reason_code=code,
            seconds=round(seconds, 3),
        )


def _complain(future: Future[None]) -> None:
    # Nothing is lost: the row's claim runs out and the sweeper brings it back. But it is a bug.
    if (error := future.exception()) is not None:
        log.error("delivery.bug", exc_info=error)
