"""Write down how an attempt ended: journal, sync log and follow-on events in one transaction.

The message is acknowledged after the commit, and what was written is told to log and metrics.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlmodel import Session

from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.events import Event
from shared.journal import settle as journal
from shared.journal.judged import as_it_stands
from shared.journal.verdict import Dead, Hold, Retry, Verdict, WaitForBudget, dead_by_bug
from shared.messaging.result import Result, word_for
from shared.metrics.accounts import AccountLabel, others
from shared.metrics.deliveries import count_attempt, time_delivery
from shared.outcome import ANY_VERSION, Busy, Delivered, Held, Later, Skipped
from shared.tracing.emitting import emit
from shared.tracing.spans import of_attempt

log = structlog.get_logger()
T = TypeVar("T")

# How long our database is given between tries, in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0

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
    label: AccountLabel = others

    def write(self, ends: Sequence[End], *, started: float) -> bool:
        """Write `ends` and tell of them; False when we had to stop before they could be written.

        They are written in one transaction; when one of them cannot be, each has its own.
        """
        written = self.persistently(partial(self._write, _in_order(ends)), grace=self.stop_grace)
        for end in ends:
            own = None if written is None else end.event.id in written
            self._tell(end, seconds=time.monotonic() - started, written=own)
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

    def _write(self, ends: Sequence[End]) -> set[UUID]:
        """Write all that fits the journal still; gives the events of which it did."""
        if len(ends) > 1:
            try:
                return self._write_once(ends, self.follow)
            except OurTrouble:
                raise
            except Exception as error:  # noqa: BLE001 - the one that fails is found and logged below
                log.warning("delivery.written_apart", queue=self.queue, error=type(error).__name__)
        return set().union(*map(self._write_apart, ends))

    def _write_apart(self, end: End) -> set[UUID]:
        try:
            return self._write_once([end], self.follow)
        except OurTrouble:
            raise
        except Exception as error:
            # Without an end it would be done at the vendor again and again, to fail here each time.
            log.exception("delivery.bug", event_id=str(end.event.id))
            return self._write_dead(replace(end, result=dead_by_bug(error)))

    def _write_dead(self, dead: End) -> set[UUID]:
        try:
            return self._write_once([dead], self.follow)
        except OurTrouble:
            raise
        except Exception:  # noqa: BLE001 - logged just before; the journal at least must have it
            return self._write_once([dead], _follow_nothing)

    def _write_once(self, ends: Sequence[End], follow: Follow) -> set[UUID]:
        with our_trouble(), self.open_session() as session:
            written = write_ends(session, ends, now=self.now(), pace=self.pace, follow=follow)
            session.commit()
        return written

    def _tell(self, end: End, *, seconds: float, written: bool | None) -> None:
        word, code = word_for(end.result)
        word = {True: word, False: journal.OVERRAN, None: "unwritten"}[written]
        count_attempt(
            end.event,
            queue=self.queue,
            account=self.label(end.event.account_id),
            result=word,
            code=code,
            seconds=seconds,
        )
        if word == journal.DELIVERED:
            time_delivery(end.event, now=self.now())
        emit(lambda: of_attempt(end.event, queue=self.queue, result=word, code=code,
                                calls=end.vendor_calls, seconds=seconds,
                                ended=self.now()))  # fmt: skip
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


def _in_order(ends: Sequence[End]) -> Sequence[End]:
    # Note ids as numbers sort: others lock several notes' rows in that order too.
    return sorted(ends, key=lambda end: (len(end.event.subject), end.event.subject))


def write_ends(
    session: Session, ends: Sequence[End], *, now: datetime, pace: Pace, follow: Follow
) -> set[UUID]:
    """Settle, retry or hold as `ends` say; gives those whose rows had not moved on.

    Of the others nothing is written but the end of this very attempt, which was no crash. The
    caller commits.
    """
    written: set[UUID] = set()
    done: list[journal.Settled] = []
    ends = [replace(end, result=as_it_stands(session, end.event, end.result)) for end in ends]
    for end in ends:
        if isinstance(end.result, Delivered | Skipped):
            done.append(_settled(end, end.result))
        elif _leave_open(session, end, end.result, now=now, pace=pace):
            written.add(end.event.id)
    # After the holds: those lock the account, which others lock before events.
    written |= journal.settle_all(session, done, now=now)
    for end in ends:
        if end.event.id in written:
            follow(session, end.event, end.result, now)
        else:
            words = "It took longer than its claim; a later attempt counts."
            journal.end_attempt(session, end.event, journal.OVERRAN, "", words, now=now,
                                vendor_calls=end.vendor_calls)  # fmt: skip
    return written


def _settled(end: End, outcome: Delivered | Skipped) -> journal.Settled:
    return journal.Settled(event=end.event, outcome=outcome, vendor_calls=end.vendor_calls)


def _follow_nothing(_session: Session, _event: Event, _result: Result, _now: datetime) -> None:
    pass


def _leave_open(
    session: Session, end: End, result: Held | Busy | Later | Verdict, *, now: datetime, pace: Pace
) -> bool:
    event, calls = end.event, end.vendor_calls
    again: tuple[datetime, bool, str, str]
    match result:
        case Dead():
            return journal.kill(session, event, result, now=now, vendor_calls=calls)
        case Held() | Hold():
            held, code = _held(result)
            return journal.hold(session, event, held, code=code, now=now, vendor_calls=calls)
        case Retry():
            again = (now + pace.after(result.after), result.counts, result.code, result.reason)
        case WaitForBudget():
            again = (result.until, False, result.code, result.reason)
        case Later():
            again = (result.until, False, result.code, result.reason)
        case Busy():
            again = (now + pace.after(result.after), False, "busy", result.reason)
    due_at, counts, code, reason = again
    return journal.retry(
        session, event, due_at=due_at, counts=counts, code=code, reason=reason, now=now,
        vendor_calls=calls,
    )  # fmt: skip


def _held(result: Held | Hold) -> tuple[Held, str]:
    if isinstance(result, Held):
        return result, result.cause.split(":")[0]
    anyhow = Held(cause=result.cause, reason=result.reason, settings_version=ANY_VERSION)
    return anyhow, result.code
