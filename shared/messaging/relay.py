"""The relay: publishes what is due, stamps what the broker confirmed, brings back what was lost."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.journal.due import Due, claim_due, put_back, stamp_published
from shared.journal.release import CauseIsPresent, sweep
from shared.messaging.envelope import Notice, to_outgoing
from shared.messaging.gathering import Gathering
from shared.messaging.protocol import Outgoing, Publisher, PublishResult
from shared.metrics import publishing
from shared.tracing.emitting import emit
from shared.tracing.spans import Span, of_publishing

log = structlog.get_logger()

# After trouble of our own the relay looks again this many seconds later.
PAUSE_AFTER_TROUBLE = 0.5
# What the broker refused is not pressed on it again at once.
PAUSE_AFTER_REFUSAL = 0.5
# A row that the broker returned has no queue: only a person can mend the topology.
PAUSE_AFTER_RETURN = 30.0


@dataclass(frozen=True, kw_only=True)
class RelaySettings:
    """How much the relay takes and how long it waits; durations in seconds.

    `publish_lease`: a row published longer ago, unsettled and unclaimed, is sent again. `gather`:
    how long a busy account's events wait for company.
    """

    batch: int = 1000
    window: int = 500
    poll: float = 0.05
    confirm_timeout: float = 10.0
    publish_lease: float = 300.0
    sweep_every: float = 5.0
    gather: float = 0.0


class Relay:
    """One relay process; several may run side by side."""

    def __init__(
        self,
        *,
        open_session: OpenSession,
        publisher: Publisher,
        cause_is_present: CauseIsPresent,
        settings: RelaySettings,
        now: Now,
        pace: Pace,
    ) -> None:
        self._open_session = open_session
        self._publisher = publisher
        self._cause_is_present = cause_is_present
        self._settings = settings
        self._now = now
        self._pace = pace
        self._gathering = Gathering(pause=pace.after(settings.gather))
        publishing.begin_at_zero(tuple(result.value for result in PublishResult))

    def run(self, stop: threading.Event, wait: Callable[[float], None]) -> None:
        """Publish and sweep until `stop` is set; `wait` pauses up to its seconds, or a hint."""
        sweep_at = self._now()
        while not stop.is_set():
            try:
                published = self.publish_due()
                if self._now() >= sweep_at:
                    self.sweep()
                    sweep_at = self._now() + timedelta(seconds=self._settings.sweep_every)
            except OurTrouble as trouble:
                log.warning("relay.our_trouble", reason=str(trouble))
                stop.wait(PAUSE_AFTER_TROUBLE)
                continue
            if published < self._settings.batch:
                wait(self._settings.poll)

    def publish_due(self) -> int:
        """Publish one batch of due rows; returns how many were taken.

        Raises OurTrouble when the database or the broker does not answer; the rows are then due
        again.
        """
        # A relay that dies here leaves its rows to the next one after this long.
        lease = timedelta(seconds=self._settings.confirm_timeout * 2)
        now = self._now()
        with our_trouble(), self._open_session() as session:
            rows = claim_due(
                session,
                now=now,
                limit=self._settings.batch,
                window=self._settings.window,
                lease=lease,
                waits=partial(self._gathering.waits, now=now),
            )
            session.commit()
        self._gathering.left({(row.queue, row.account_id) for row in rows}, now=now)
        if rows:
            self._publish(rows)
        publishing.LAST_LOOK.set_to_current_time()
        return len(rows)

    def sweep(self) -> None:
        """Bring back rows that a broker, a process or a release lost."""
        with our_trouble(), self._open_session() as session:
            swept = sweep(
                session,
                now=self._now(),
                publish_lease=timedelta(seconds=self._settings.publish_lease),
                cause_is_present=self._cause_is_present,
            )
            session.commit()
        if swept.lost or swept.abandoned or swept.forgotten:
            log.warning("relay.swept", lost=swept.lost, abandoned=swept.abandoned,
                        forgotten=swept.forgotten)  # fmt: skip
            publishing.SWEPT.labels("lost").inc(swept.lost)
            publishing.SWEPT.labels("abandoned").inc(swept.abandoned)
            publishing.SWEPT.labels("forgotten").inc(swept.forgotten)

    def _publish(self, rows: Sequence[Due]) -> None:
        began = self._now()
        messages, unsendable = _pack(rows, time=began)
        publishing.BATCH.observe(len(rows))
        try:
            with publishing.CONFIRM_SECONDS.time():
                results = self._publisher.publish(
                    list(messages.values()), timeout=self._settings.confirm_timeout
                )
        except OurTrouble:
            self._write_back({PublishResult.REFUSED: rows}, pause=0.0)
            raise
        by_result: dict[PublishResult, list[Due]] = {result: [] for result in PublishResult}
        for row, result in zip(messages, results, strict=True):
            by_result[result].append(row)
        by_result[PublishResult.RETURNED] += unsendable
        self._count(by_result)
        emit(partial(_spans, by_result, began=began, ended=self._now()))
        if returned := by_result[PublishResult.RETURNED]:
            log.error("relay.returned", count=len(returned), queue=returned[0].queue)
        self._write_back(by_result, pause=PAUSE_AFTER_REFUSAL)

    def _count(self, by_result: Mapping[PublishResult, Sequence[Due]]) -> None:
        now = self._now()
        for result, those in by_result.items():
            # By queue first: finding a label's count again for each row would cost the most.
            for queue, rows in _by_queue(those).items():
                publishing.PUBLISHED.labels(queue, result.value).inc(len(rows))
                if result is PublishResult.CONFIRMED:
                    lag = publishing.LAG_SECONDS.labels(queue)
                    for row in rows:
                        lag.observe((now - row.due_at).total_seconds())

    def _write_back(
        self, by_result: Mapping[PublishResult, Sequence[Due]], *, pause: float
    ) -> None:
        now = self._now()
        refused, returned = self._pace.after(pause), self._pace.after(PAUSE_AFTER_RETURN)
        with our_trouble(), self._open_session() as session:
            stamp_published(session, by_result.get(PublishResult.CONFIRMED, ()), now=now)
            put_back(session, by_result.get(PublishResult.REFUSED, ()), due_at=now + refused)
            put_back(session, by_result.get(PublishResult.RETURNED, ()), due_at=now + returned)
            session.commit()


def _spans(
    by_result: Mapping[PublishResult, Sequence[Due]], *, began: datetime, ended: datetime
) -> Iterator[Span]:
    for result, rows in by_result.items():
        for row in rows:
            yield of_publishing(row.traceparent, queue=row.queue, event_id=str(row.id),
                                result=result.value, began=began, ended=ended)  # fmt: skip


def _by_queue(rows: Sequence[Due]) -> Mapping[str, Sequence[Due]]:
    sorted_out: dict[str, list[Due]] = defaultdict(list)
    for row in rows:
        sorted_out[row.queue].append(row)
    return sorted_out


def _pack(rows: Sequence[Due], *, time: datetime) -> tuple[dict[Due, Outgoing], list[Due]]:
    """Wrap each row; one that cannot be wrapped, such as a newer version's, stops no other."""
    messages: dict[Due, Outgoing] = {}
    unsendable: list[Due] = []
    for row in rows:
        try:
            messages[row] = to_outgoing(_notice(row), time=time)
        except (KeyError, ValueError) as error:
            log.warning("relay.unsendable", event_id=str(row.id), error=type(error).__name__)
            unsendable.append(row)
    return messages, unsendable


def _notice(row: Due) -> Notice:
    return Notice(
        event_id=row.id,
        name=row.name,
        subject=row.subject,
        account_id=row.account_id,
        generation=row.generation,
        traceparent=row.traceparent,
    )
