"""Gives Prometheus the figures that only the database knows; a scrape never burdens it.

Figures are read when a scrape finds them old, one reading after the other in one thread, each
cut off by PostgreSQL after its time. A scrape waits for a few seconds at most: what is late is
there at the next one, and what has become too old is left out rather than told as if it were new.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client.core import Metric
from sqlalchemy import text
from sqlmodel import Session

from services.notifier.figures.budgets import BUDGETS
from services.notifier.figures.families import Moment, Reading, gauge
from services.notifier.figures.flow import FLOW
from services.notifier.figures.journal_metrics import JOURNAL
from services.notifier.figures.ledger import LEDGER
from services.notifier.figures.standing import STANDING
from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.deadline import Deadline
from shared.errors import OurTrouble
from shared.metrics.accounts import shown_accounts

READINGS: Final = (JOURNAL, BUDGETS, STANDING, FLOW, LEDGER)
# Seconds. Prometheus gives up a scrape after ten.
SCRAPE_WAITS: Final = 3.0
QUERY_LASTS: Final = 3.0
# What could not be read anew is told for so many of its times, and for a minute at least.
TIMES_TOLD, TOLD_AT_LEAST = 3, 60.0

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Kept:
    metrics: Sequence[Metric]
    read_at: float
    seconds: float


class Figures:
    """A collector for the clock's `/metrics`; every clock tells the same, so queries take the max.

    `most` is how many accounts have series of their own; `pace` shrinks how old figures become.
    """

    def __init__(
        self,
        open_reading: OpenSession,
        *,
        now: Now,
        most: int,
        pace: Pace,
        readings: Sequence[Reading] = READINGS,
        waits: float = SCRAPE_WAITS,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_reading = open_reading
        self._now = now
        self._most = most
        self._pace = pace
        self._readings = readings
        self._elapsed = elapsed
        self._deadline = Deadline(seconds=waits, threads=1)
        self._kept: dict[str, _Kept] = {}
        self._tried_at: dict[str, float] = {}

    def collect(self) -> Iterator[Metric]:
        """Read what is old, for as long as a scrape may wait, and give all that is new enough."""
        try:
            self._deadline.run(self._read_all)
        except OurTrouble as trouble:
            log.warning("figures.late", reason=str(trouble))
        fresh = {one.name: kept for one in self._readings if (kept := self._fresh(one))}
        for kept in fresh.values():
            yield from kept.metrics
        yield gauge(
            "goodsout_reading_up",
            "Whether figures of the database are new enough to be told: 1 or 0.",
            ["reading"],
            {(one.name,): float(one.name in fresh) for one in self._readings},
        )
        yield gauge(
            "goodsout_reading_seconds",
            "How long figures of the database took to be read.",
            ["reading"],
            {(name,): kept.seconds for name, kept in fresh.items()},
        )

    def _read_all(self) -> None:
        for one in self._readings:
            age = self._elapsed() - self._tried_at.get(one.name, float("-inf"))
            if age >= self._pace.after(one.every).total_seconds():
                self._read(one)

    def _read(self, reading: Reading) -> None:
        began = self._tried_at[reading.name] = self._elapsed()
        try:
            with our_trouble(), self._open_reading() as session:
                _bound(session)
                at = Moment(now=self._now(), shown=shown_accounts(session, self._most))
                metrics = reading.read(session, at)
        except OurTrouble as trouble:
            log.warning("figures.our_trouble", kind=reading.name, reason=str(trouble))
            return
        ended = self._elapsed()
        self._kept[reading.name] = _Kept(metrics=metrics, read_at=ended, seconds=ended - began)

    def _fresh(self, reading: Reading) -> _Kept | None:
        kept = self._kept.get(reading.name)
        told_for = max(TIMES_TOLD * reading.every, TOLD_AT_LEAST)
        return kept if kept and self._elapsed() - kept.read_at <= told_for else None


def _bound(session: Session) -> None:
    """Have PostgreSQL itself cut off whatever takes too long; SQLite has no such thing."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL statement_timeout = {int(QUERY_LASTS * 1000)}"))
