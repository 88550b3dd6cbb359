"""Write down how an attempt ended: journal, sync log and follow-on events in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from shared.clock import Pace
from shared.events import Event
from shared.journal import settle as journal
from shared.journal.verdict import BUSY_AFTER, Dead, Hold, Retry, Verdict, WaitForBudget
from shared.outcome import Busy, Delivered, Held, Outcome, Skipped

Result = Outcome | Verdict

# Called in the transaction that ends the attempt, so that a page never disagrees with the journal.
Follow = Callable[[Session, Event, Result, datetime], None]


@dataclass(frozen=True, kw_only=True)
class End:
    """How one attempt ended, ready to be written."""

    event: Event
    result: Result
    vendor_calls: Sequence[Mapping[str, Any]] = ()


def write_end(session: Session, end: End, *, now: datetime, pace: Pace, follow: Follow) -> bool:
    """Settle, retry or hold as `end` says; the caller commits.

    False when the row had moved on since the claim: then nothing is written.
    """
    if not _write_to_journal(session, end, now=now, pace=pace):
        return False
    follow(session, end.event, end.result, now)
    return True


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
