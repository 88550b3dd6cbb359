"""How an attempt ended, as a value: what was answered or raised, and the word for it."""

import random

import structlog

from shared.errors import OurTrouble
from shared.events import Event
from shared.journal.verdict import Dead, Hold, Retry, Verdict, WaitForBudget, verdict_for
from shared.outcome import Busy, Delivered, Held, Later, Outcome, Skipped

log = structlog.get_logger()

# After trouble of our own an event comes back this many seconds later, no attempt used.
OUR_TROUBLE_AFTER = 2.0

Result = Outcome | Verdict

END_WORDS = {
    Hold: "held",
    Retry: "retry",
    WaitForBudget: "wait_for_budget",
    Later: "later",
    Dead: "dead",
}


def result_of(event: Event, came: Result | BaseException) -> Result:
    """Turn what a handler answered or raised into what is written down."""
    if not isinstance(came, BaseException):
        return came
    if isinstance(came, OurTrouble):
        after = came.retry_after or OUR_TROUBLE_AFTER
        return Retry(after=after, counts=False, code=came.code, reason=str(came))
    verdict = verdict_for(came, failures=event.failures, jitter=random.random())
    if isinstance(verdict, Dead) and verdict.code == "bug":
        log.error("delivery.bug", event_id=str(event.id), exc_info=came)
    return verdict


def word_for(result: Result) -> tuple[str, str]:
    """Give the result's word and reason code, for the attempt's log line and its count."""
    match result:
        case Delivered():
            return "delivered", ""
        case Skipped():
            return "skipped", result.code
        case Held():
            return "held", result.cause.split(":")[0]
        case Busy():
            return "busy", "busy"
        case Hold() | Retry() | WaitForBudget() | Later() | Dead():
            return END_WORDS[type(result)], result.code
