"""Write down how an attempt ended: journal, sync log and follow-on events in one transaction.

The message is acknowledged after the commit, and what was written is told to log and metrics.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlmodel import Session

from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.events import Event
from shared.journal import settle as journal
from shared.journal.verdict import (
    BUSY_AFTER,
    Dead,
    Hold,
    Retry,
    Verdict,
    WaitForBudget,
    dead_by_bug,
    verdict_for,
)
from shared.messaging import metrics
from shared.outcome import Busy, Delivered, Held, Outcome, Skipped
from shared.vendors.calls import Call

log = structlog.get_logger()
T = TypeVar("T")

# After trouble of our own an event comes back this many seconds later, no attempt used.
OUR_TROUBLE_AFTER = 2.0
# How long our database is given between tries, in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0

Result = Outcome | Verdict

# Called in the transaction that ends the attempt, so that a page never disagrees with the journal.
Follow = Callable[[Session, Event, Result, datetime], None]


@dataclass(frozen=True, kw_only=True)
class End:
    """How one attempt ended, ready to be written."""

    event: Event
    result: Result
    vendor_calls: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Writes ends down, as often as it takes for our own database to answer.

    After `stop` was set it goes on for `stop_grace` seconds: an end that is not written is an
    attempt that looks as if its process had died.
    """

    queue: str
    open_session: OpenSession
    follow: Follow
    now: Now
    pace: Pace
    stop: threading.Event
    stop_grace: float

    def write(self, end: End, *, started: float) -> bool:
        """Write `end` and tell of it; False when it could not be written before we had to stop."""
        written = self.persistently(partial(self._write, end), grace=self.stop_grace)
        self._tell(end, seconds=time.monotonic() - started, written=written)
        return written is not None

    def persistently(self, work: Callable[[], T], *, grace: float = 0.0) -> T | None:
        """Do `work` until our database answers; None when we are told to stop before."""
        pause, give_up_at = FIRST_PAUSE, None
        while True:
            try:
                return work()
            except OurTrouble as trouble:
                log.warning("delivery.our_trouble", queue=self.queue, reason=str(trouble))
            if self.stop.wait(pause):
                give_up_at = give_up_at or time.monotonic() + grace
                if time.monotonic() >= give_up_at:
                    return None
                time.sleep(FIRST_PAUSE)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _write(self, end: End) -> bool:
        try:
            return self._write_once(end, self.follow)
        except OurTrouble:
            raise
        except Exception as error:
            # Without an end it would be done at the vendor again and again, to fail here each time.
            log.exception("delivery.bug", event_id=str(end.event.id))
            return self._write_dead(replace(end, result=dead_by_bug(error)))

    def _write_dead(self, dead: End) -> bool:
        try:
            return self._write_once(dead, self.follow)
        except OurTrouble:
            raise
        except Exception:  # noqa: BLE001 - logged just before; the journal at least must have it
            return self._write_once(dead, _follow_nothing)

    def _write_once(self, end: End, follow: Follow) -> bool:
        with our_trouble(), self.open_session() as session:
            written = write_end(session, end, now=self.now(), pace=self.pace, follow=follow)
            session.commit()
        return written

    def _tell(self, end: End, *, seconds: float, written: bool | None) -> None:
        word, code = word_for(end.result)
        word = {True: word, False: journal.OVERRAN, None: "unwritten"}[written]
        metrics.ATTEMPTS.labels(end.event.name, word, code).inc()
        metrics.ATTEMPT_SECONDS.labels(end.event.name).observe(seconds)
        log.info(
            "delivery.attempted",
            event_id=str(end.event.id),
            event_name=end.event.name,
            account=str(end.event.account_id),
            subject=end.event.subject,
            attempt=end.event.attempt,
            result=word,
            reason_code=code,
            seconds=round(seconds, 3),
        )


def result_of(event: Event, came: Result | BaseException) -> Result:
    """Turn what a handler answered or raised into what is written down."""
    if not isinstance(came, BaseException):
        return came
    if isinstance(came, OurTrouble):
        return Retry(after=OUR_TROUBLE_AFTER, counts=False, code=came.code, reason=str(came))
    verdict = verdict_for(came, failures=event.failures, jitter=random.random())
    if isinstance(verdict, Dead) and verdict.code == "bug":
        log.error("delivery.bug", event_id=str(event.id), exc_info=came)
    return verdict


def told(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Lay vendor calls out for an attempt's JSON."""
    return [{**asdict(call), "started": call.started.isoformat()} for call in calls]


def write_end(session: Session, end: End, *, now: datetime, pace: Pace, follow: Follow) -> bool:
    """Settle, retry or hold as `end` says; the caller commits.

    False when the row had moved on since the claim: then nothing is written but the end of this
    very attempt, which was no crash.
    """
    if not _write_to_journal(session, end, now=now, pace=pace):
        words = "It took longer than its claim; a later attempt counts."
        journal.end_attempt(session, end.event, journal.OVERRAN, "", words, now=now,
                            vendor_calls=end.vendor_calls)  # fmt: skip
        return False
    follow(session, end.event, end.result, now)
    return True


def _follow_nothing(_session: Session, _event: Event, _result: Result, _now: datetime) -> None:
    pass


def _write_to_journal(session: Session, end: End, *, now: datetime, pace: Pace) -> bool:
    event, result, calls = end.event, end.result, end.vendor_calls
    again: tuple[datetime, bool, str, str]
    match result:
        case Delivered() | Skipped():
            return journal.settle(session, event, result, now=now, vendor_calls=calls)
        case Dead():
            return journal.kill(session, event, result, now=now, vendor_calls=calls)
        case Held() | Hold():
            held, code = _held(result)
            return journal.hold(session, event, held, code=code, now=now, vendor_calls=calls)
        case Retry():
            again = (now + pace.after(result.after), result.counts, result.code, result.reason)
        case WaitForBudget():
            again = (result.until, False, result.code, result.reason)
        case Busy():
            again = (now + pace.after(BUSY_AFTER), False, "busy", result.reason)
    due_at, counts, code, reason = again
    return journal.retry(
        session, event, due_at=due_at, counts=counts, code=code, reason=reason, now=now,
        vendor_calls=calls,
    )  # fmt: skip


def _held(result: Held | Hold) -> tuple[Held, str]:
    if isinstance(result, Held):
        return result, result.cause.split(":")[0]
    anyhow = Held(cause=result.cause, reason=result.reason, settings_version=journal.ANY_VERSION)
    return anyhow, result.code


def word_for(result: Result) -> tuple[str, str]:
    """Give the result's word and reason code, for the attempt's log line and its count."""
    match result:
        case Delivered():
            return "delivered", ""
        case Skipped():
            return "skipped", result.code
        case Held():
            return "held", result.cause.split(":")[0]
        case Hold():
            return "held", result.code
        case Retry():
            return "retry", result.code
        case WaitForBudget():
            return "wait_for_budget", result.code
        case Busy():
            return "busy", "busy"
        case Dead():
            return "dead", result.code
