"""What happens after an error: a pure decision, so that its table can be tested row by row."""

from dataclasses import dataclass
from datetime import datetime

from shared.errors import (
    ConnectionBroken,
    OurTrouble,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
)

MINUTE = 60.0
HOUR = 60 * MINUTE

# Patience with a vendor: seconds until the next try, by how often it failed before. After the
# list every 12 hours, until 72 hours are spent.
RETRY_AFTER = (5.0, 30.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR) + (12 * HOUR,) * 4

# A create whose answer was lost is looked for: at least five times within a quarter of an hour
# before it may be repeated (design, "Exactly-once effect").
CHECK_AFTER = (5.0, 25.0, 90.0, 3 * MINUTE, 10 * MINUTE)

CHECKS_AT_MOST = 30

# Any other error is a bug.
JUDGED = (Transient, Throttled, Permanent, UnknownOutcome, ConnectionBroken)


@dataclass(frozen=True, kw_only=True)
class Retry:
    """Due again after `after` seconds of our pace; `counts` says whether patience is used up.

    `checking`: a write's answer was lost, and the next attempt looks whether it happened.
    """

    after: float
    counts: bool
    code: str
    reason: str
    checking: bool = False


@dataclass(frozen=True, kw_only=True)
class WaitForBudget:
    """Due again when the vendor's window opens; no patience is used."""

    until: datetime
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Wait until the cause is removed.

    `version` is that of the credentials which were refused, None where it is not known.
    """

    cause: str
    code: str
    reason: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Dead:
    """Settle as dead, with a reason and a remedy, waiting for a person."""

    code: str
    reason: str


Verdict = Retry | WaitForBudget | Hold | Dead


def verdict_for(error: BaseException, *, failures: int, jitter: float) -> Verdict:
    """Decide from the error's class and how often the event failed before.

    `jitter` in [0, 1) stretches a retry by up to a tenth, never shortens it. A vendor's own
    "wait until" wins when later. OurTrouble never comes here: it settles nothing.
    """
    if isinstance(error, OurTrouble):
        raise TypeError("trouble of our own has no verdict; the message comes back") from error
    if not isinstance(error, JUDGED):
        return dead_by_bug(error)
    code, reason = error.code, str(error)
    match error:
        case Throttled():
            return WaitForBudget(until=error.until, code=code, reason=reason)
        case UnknownOutcome() if failures < CHECKS_AT_MOST:
            after = CHECK_AFTER[min(failures, len(CHECK_AFTER) - 1)]
            return Retry(after=after, counts=True, code=code, reason=reason, checking=True)
        case ConnectionBroken():
            cause = f"connection_broken:{error.vendor}"
            return Hold(cause=cause, code=code, reason=reason, version=error.version)
        case Transient() if failures < len(RETRY_AFTER):
            after = max(RETRY_AFTER[failures] * (1 + jitter / 10), error.retry_after or 0.0)
            return Retry(after=after, counts=True, code=code, reason=reason)
        case Transient():
            return Dead(code=code, reason=f"{reason} Given up after {failures + 1} attempts.")
        case UnknownOutcome():
            return Dead(code=code, reason=f"{reason} Looked {failures + 1} times; please look too.")
        case Permanent():
            return Dead(code=code, reason=reason)


def dead_by_bug(error: BaseException) -> Dead:
    """Settle as dead at once: repeating a bug would only repeat it."""
    return Dead(code="bug", reason=f"Goodsout failed by itself ({type(error).__name__}).")
