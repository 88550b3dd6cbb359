"""Everything that ends a claim: settle, retry, hold. Each is fenced by generation and attempt.

A function here returns False when the row was settled, made due again or claimed by another since
the claim: then nothing is written, because the present state belongs to a later delivery.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from shared.db.account_tables import Account
from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import Event
from shared.journal.record import record_all
from shared.journal.verdict import Dead
from shared.outcome import Delivered, Held, Skipped

_E = EVENT.c
_A = ATTEMPT.c

DELIVERED, SKIPPED, SUPERSEDED, DEAD = "delivered", "skipped", "superseded", "dead"
# How an attempt ended that took longer than its claim; the row had moved on by then.
OVERRAN = "overran"

CRASHES_WORKER = Dead(
    code="crashes_worker",
    reason="Every attempt at this ended with the process dying or took too long, so it is not "
    "tried again.",
)

# A hold that no setting caused, such as refused credentials, is judged by no version.
ANY_VERSION = 0

VendorCalls = Sequence[Mapping[str, Any]]


def settle(
    session: Session,
    event: Event,
    outcome: Delivered | Skipped,
    *,
    now: datetime,
    vendor_calls: VendorCalls = (),
) -> bool:
    """Mark the event as done, record its follow-on events, keep what it found: one transaction.

    A delivery supersedes dead or held rows about the same subject that were recorded before this
    attempt looked at the vendor.
    """
    code = outcome.code if isinstance(outcome, Skipped) else ""
    reason = outcome.reason if isinstance(outcome, Skipped) else outcome.summary
    word = SKIPPED if isinstance(outcome, Skipped) else DELIVERED
    if not _close(session, event, word, code=code, reason=reason, now=now):
        return False
    end_attempt(session, event, word, code, reason, now=now, vendor_calls=vendor_calls)
    record_all(session, outcome.follow_ons, now=now)
    if isinstance(outcome, Delivered) and outcome.keep is not None:
        outcome.keep(session, now)
    if word == DELIVERED:
        _supersede(session, event, now=now)
    return True


def kill(
    session: Session,
    event: Event,
    dead: Dead,
    *,
    now: datetime,
    vendor_calls: VendorCalls = (),
) -> bool:
    """Settle the event as a dead letter, waiting for a person."""
    if not _close(session, event, DEAD, code=dead.code, reason=dead.reason, now=now):
        return False
    end_attempt(session, event, DEAD, dead.code, dead.reason, now=now, vendor_calls=vendor_calls)
    return True


def retry(
    session: Session,
    event: Event,
    *,
    due_at: datetime,
    counts: bool,
    code: str,
    reason: str,
    now: datetime,
    vendor_calls: VendorCalls = (),
) -> bool:
    """Make the event due again at `due_at`, with a new generation; its message becomes stale."""
    again = _reopen(due_at=due_at) | {"reason_code": code, "reason": reason}
    if counts:
        again["failures"] = _E.failures + 1
    if not _update(session, event, again):
        return False
    end_attempt(session, event, "retry", code, reason, now=now, vendor_calls=vendor_calls)
    return True


def hold(
    session: Session,
    event: Event,
    held: Held,
    *,
    code: str,
    now: datetime,
    vendor_calls: VendorCalls = (),
) -> bool:
    """Let the event wait for `held.cause`; uses no patience.

    When the settings were changed since they were judged by, the event is due at once instead,
    so that a setting saved meanwhile is never missed.
    """
    # Locking the account's row makes a change of settings wait until this hold can be released.
    present = session.execute(
        select(col(Account.settings_version))
        .where(col(Account.id) == event.account_id)
        .with_for_update(read=True)
    ).scalar_one()
    if held.settings_version not in (present, ANY_VERSION):
        words = "The settings changed while this was judged; it is judged again."
        return retry(session, event, due_at=now, counts=False, code="settings_changed",
                     reason=words, now=now, vendor_calls=vendor_calls)  # fmt: skip
    waiting = _reopen(due_at=now) | {
        "hold_cause": held.cause,
        "hold_version": present,
        "reason_code": code,
        "reason": held.reason,
    }
    if not _update(session, event, waiting):
        return False
    end_attempt(session, event, "held", code, held.reason, now=now, vendor_calls=vendor_calls)
    return True


def end_attempt(
    session: Session,
    event: Event,
    result: str,
    code: str,
    reason: str,
    *,
    now: datetime,
    vendor_calls: VendorCalls = (),
) -> None:
    """Close this claim's attempt row with how it went, unless it was closed before."""
    session.execute(
        update(ATTEMPT)
        .where(_A.event_id == event.id, _A.number == event.attempt, _A.ended_at.is_(None))
        .values(
            ended_at=now,
            result=result,
            reason_code=code,
            reason=reason,
            vendor_calls=[dict(call) for call in vendor_calls],
        )
    )


def _close(
    session: Session, event: Event, outcome: str, *, code: str, reason: str, now: datetime
) -> bool:
    done = {"outcome": outcome, "settled_at": now, "reason_code": code, "reason": reason}
    return _update(session, event, done | _UNCLAIMED)


def _update(session: Session, event: Event, values: Mapping[str, Any]) -> bool:
    # A claim that ran out leaves the generation as it is; the next claim is another attempt.
    ours = (_E.generation == event.generation, _E.tries == event.attempt)
    changed = session.execute(
        update(EVENT)
        .where(_E.id == event.id, *ours, _E.settled_at.is_(None))
        .values(**values)
        .returning(_E.id)
    )
    return changed.first() is not None


_UNCLAIMED: dict[str, Any] = {
    "claimed_by": None,
    "claimed_until": None,
    "publishing_until": None,
    "hold_cause": None,
    "hold_version": None,
}


def _reopen(*, due_at: datetime) -> dict[str, Any]:
    """Give the values that make a row due again and every message about it stale."""
    return _UNCLAIMED | {
        "generation": _E.generation + 1,
        "due_at": due_at,
        "published_at": None,
    }


def _supersede(session: Session, event: Event, *, now: datetime) -> None:
    if not event.subject:
        return  # about nothing that another event could be about too
    looked_at = select(_A.started_at).where(_A.event_id == event.id, _A.number == event.attempt)
    same = (
        _E.account_id == event.account_id,
        _E.subject == event.subject,
        _E.name == event.name,
        _E.id != event.id,
        _E.recorded_at <= looked_at.scalar_subquery(),
    )
    stuck = or_(_E.outcome == DEAD, _E.hold_cause.is_not(None))
    values = _UNCLAIMED | {"outcome": SUPERSEDED, "settled_at": now}
    session.execute(update(EVENT).where(*same, stuck).values(**values))
