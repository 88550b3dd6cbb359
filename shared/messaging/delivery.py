"""The only place that acknowledges, retries and catches everything, once for every handler.

A handler gets the events of one account and name as a group, reads what it needs by ID set, and
gives one `Unit` for each thing to make true. Each unit's end is committed by itself, and a
message is acknowledged after its commit. No transaction is open while a vendor is called.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from shared.budgets.lane import spending_as
from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.events import Event
from shared.journal.claim import Claimed, RowVersion, claim
from shared.journal.settle import CRASHES_WORKER
from shared.messaging.calls_told import note_of, told
from shared.messaging.delivery_settings import DeliverySettings
from shared.messaging.ending import End, Ends, Follow
from shared.messaging.grouping import Group, grouped
from shared.messaging.lasting import Lasting
from shared.messaging.protocol import Consumer, Incoming
from shared.messaging.result import Result, result_of
from shared.messaging.units import (
    NOT_BEGUN,
    Came,
    Handler,
    Unit,
    befalls_all,
    by_lane,
    by_thread,
    calls_of,
    ends_of,
    unanswered,
)
from shared.metrics import deliveries
from shared.metrics.accounts import AccountLabel, others
from shared.vendors.calls import Call, recording_calls

__all__ = ["Delivery", "DeliverySettings", "Handler", "Unit"]

log = structlog.get_logger()

# An event, what came of it, and the vendor calls made for it.
Ended = tuple[Event, Result | BaseException, Sequence[Call]]


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
    label: AccountLabel = others
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Open the threads that work on groups of one account each."""
        self._groups = ThreadPoolExecutor(self.settings.groups, thread_name_prefix="group")
        self._threads = max(1, self.settings.units // self.settings.groups)
        self._running: set[Future[None]] = set()
        self._lasting = Lasting(
            open_session=self.open_session, now=self.now, lease=self.settings.claim_lease
        )
        self._ends = Ends(
            queue=self.queue,
            open_session=self.open_session,
            follow=self.follow,
            now=self.now,
            pace=self.pace,
            stop=self.stop,
            stop_grace=self.settings.stop_grace,
            label=self.label,
        )
        deliveries.begin_at_zero(self.queue)

    def run(self) -> None:
        """Take and deliver until `stop` is set, then finish what was begun."""
        with self._lasting.running():
            while not self.stop.is_set():
                messages = self.consumer.take(
                    up_to=self.settings.batch, wait=self.settings.idle, gather=self.settings.gather
                )
                self._running = {future for future in self._running if not future.done()}
                self._running |= self._start(messages)
            wait(self._running)
        self._groups.shutdown()
        self.consumer.close()

    def deliver(self, messages: Sequence[Incoming]) -> None:
        """Deliver one batch and wait until each message's end is written."""
        wait(self._start(messages))

    def _start(self, messages: Sequence[Incoming]) -> set[Future[None]]:
        if messages:
            deliveries.TAKEN.labels(self.queue).observe(len(messages))
        groups = grouped(messages, consumer=self.consumer, queue=self.queue)
        return {_watched(self._groups.submit(self._deliver_group, group)) for group in groups}

    def _deliver_group(self, messages: Group) -> None:
        if self.stop.is_set():
            return  # not begun: the broker gives these messages to another
        claimed = self._ends.persistently(partial(self._claim, list(messages)))
        if claimed is None:
            return
        started = time.monotonic()
        ours = {_version(event) for event in (*claimed.events, *claimed.crashed)}
        stale = messages.keys() - ours - set(claimed.suspects)
        deliveries.STALE.labels(self.queue).inc(len(stale))
        for version in stale:
            self.consumer.ack(messages[version])
        self._end([(event, CRASHES_WORKER, ()) for event in claimed.crashed], messages, started)
        claimed_at = self.now()
        with self._lasting.work_on(claimed.events):
            for lane, events in by_lane(claimed.events):
                with spending_as(lane):
                    self._handle(events, messages, claimed_at=claimed_at)
        for version in claimed.suspects:
            self._deliver_group({version: messages[version]})

    def _claim(self, versions: Sequence[RowVersion]) -> Claimed:
        with our_trouble(), self.open_session() as session:
            claimed = claim(
                session,
                versions,
                worker=self.worker,
                now=self.now(),
                lease=timedelta(seconds=self.settings.claim_lease),
                crash_limit=self.settings.crash_limit,
                up_to=self.settings.batch,
            )
            session.commit()
        return claimed

    def _handle(self, events: Sequence[Event], messages: Group, *, claimed_at: datetime) -> None:
        started = time.monotonic()
        with recording_calls() as reads:
            try:
                units = tuple(self.handlers[events[0].name](events))
                raised: Exception | None = None
            except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes a verdict
                raised = error
        if raised is None:
            self._run_units(events, units, messages, reads, claimed_at)
        elif len(events) > 1 and not befalls_all(raised):
            # One of them may be the cause: halving finds it without asking for each alone.
            half = len(events) // 2
            for some in (events[:half], events[half:]):
                self._handle(some, messages, claimed_at=claimed_at)
        else:
            self._end([(event, raised, reads) for event in events], messages, started)

    def _run_units(
        self,
        events: Sequence[Event],
        units: Sequence[Unit],
        messages: Group,
        reads: Sequence[Call],
        claimed_at: datetime,
    ) -> None:
        begin_by = claimed_at + timedelta(seconds=self.settings.claim_lease / 2)
        # Each group has threads of its own: an account's hundred never stand before another's one.
        with ThreadPoolExecutor(self._threads, thread_name_prefix="unit") as pool:
            for some in by_thread(units):
                # The lane on which vendors are called goes along into the thread.
                run = copy_context().run
                _watched(pool.submit(run, self._run_in_turn, some, messages, reads, begin_by))
        missed = unanswered(events, units)
        ended = [(event, missed[event.id], reads) for event in events if event.id in missed]
        self._end(ended, messages, time.monotonic())

    def _run_in_turn(
        self, units: Sequence[Unit], messages: Group, reads: Sequence[Call], begin_by: datetime
    ) -> None:
        started = time.monotonic()
        ended = [end for unit in units for end in self._run_unit(unit, reads, begin_by)]
        self._end(ended, messages, started)

    def _run_unit(self, unit: Unit, reads: Sequence[Call], begin_by: datetime) -> Iterator[Ended]:
        came: Came
        with recording_calls() as calls:
            try:
                came = unit.run() if self._may_begin(begin_by) else NOT_BEGUN
            except Exception as error:  # noqa: BLE001 - the one catch-all for handlers
                came = error
        ends = ends_of(unit, came)
        for event in unit.events:
            yield event, ends[event.id], [*reads, *calls_of(event, came, calls)]

    def _may_begin(self, begin_by: datetime) -> bool:
        # A unit that waited for a thread until its claim is half over might outlive it.
        return not self.stop.is_set() and self.now() <= begin_by

    def _end(self, ended: Sequence[Ended], messages: Group, started: float) -> None:
        ends = [
            End(
                event=event,
                result=result_of(event, came),
                vendor_calls=told(calls, note_of(event)),
            )
            for event, came, calls in ended
        ]
        if not ends or not self._ends.write(ends, started=started):
            return
        for event, _, _ in ended:
            # One that came along with the others has its message elsewhere; there it is stale now.
            if (message := messages.get(_version(event))) is not None:
                self.consumer.ack(message)


def _version(event: Event) -> RowVersion:
    return RowVersion(event_id=event.id, generation=event.generation)


def _watched(future: Future[None]) -> Future[None]:
    future.add_done_callback(_complain)
    return future


def _complain(future: Future[None]) -> None:
    # Nothing is lost: the row's claim runs out and the sweeper brings it back. But it is a bug.
    if (error := future.exception()) is not None:
        log.error("delivery.bug", exc_info=error)
