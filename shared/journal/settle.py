"""Everything that ends a claim: settle, retry, hold. Each is fenced by generation and attempt.

A function here returns False when the row was settled, made due again or claimed by another since
the claim: then nothing is written, because the present state belongs to a later delivery.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_, update
from sqlmodel import Session

from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import Event
from shared.journal.exchanges import columns_of
from shared.journal.judged import JUDGE_AGAIN, present_version
from shared.journal.record import SKIPPED, record_all
from shared.journal.supersede import DEAD, NOT_WAITING, supersede
from shared.journal.verdict import Dead
from shared.outcome import ANY_VERSION, Delivered, Held, Skipped

_E = EVENT.c
_A = ATTEMPT.c

DELIVERED = "delivered"
# How an attempt ended that took longer than its claim; the row had moved on by then.
OVERRAN = "overran"

CRASHES_WORKER = Dead(
    code="crashes_worker",
    reason="Every attempt at this ended with the process dying or took too long, so it is not "
    "tried again.",
)

VendorCalls = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """An event that is done, and the vendor calls that were made for it."""

    event: Event
    outcome: Delivered | Skipped
    vendor_calls: VendorCalls = ()

    @property
    def words(self) -> dict[str, str]:
        """What journal and attempt say of it, by column of the event."""
        if isinstance(self.outcome, Skipped):
            return {
                "outcome": SKIPPED,
                "reason_code": self.outcome.code,
                "reason": self.outcome.reason,
            }
        return {"outcome": DELIVERED, "reason_code": "", "reason": self.outcome.summary}


def settle(
    session: Session,
    event: Event,
    outcome: Delivered | Skipped,
    *,
    now: datetime,
    vendor_calls: VendorCalls = (),
) -> bool:
    """Mark one event as done, as `settle_all` does; False when the row had moved on."""
    settled = Settled(event=event, outcome=outcome, vendor_calls=vendor_calls)
    return bool(settle_all(session, [settled], now=now))


def settle_all(session: Session, done: Sequence[Settled], *, now: datetime) -> set[UUID]:
    """Mark events as done, record their follow-on events, keep what they found: one transaction.

    Gives the ids of those whose rows had not moved on; of the others nothing is written. A
    delivery supersedes dead or held rows about the same subject that were recorded before this
    attempt looked at the vendor.
    """
    ours = _lock(session, [one.event for one in done])
    done = [one for one in done if one.event.id in ours]
    if not done:
        return set()
    close = (
        update(EVENT).where(_E.id == bindparam("of_event")).values(settled_at=now, **NOT_WAITING)
    )
    session.connection().execute(close, [{"of_event": one.event.id, **one.words} for one in done])
    _end_attempts(session, done, now=now)
    record_all(session, [new for one in done for new in one.outcome.follow_ons], now=now)
    for one in done:
        if isinstance(one.outcome, Delivered) and one.outcome.keep is not None:
            one.outcome.keep(session, now)
    supersede(session, [one.event for one in done if isinstance(one.outcome, Delivered)], now=now)
    return ours


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
    # A change of settings waits until this hold can be released.
    present = present_version(session, event.account_id)
    if held.settings_version not in (present, ANY_VERSION):
        again = JUDGE_AGAIN
        return retry(session, event, due_at=now, counts=again.counts, code=again.code,
                     reason=again.reason, now=now, vendor_calls=vendor_calls)  # fmt: skip
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
            **columns_of(vendor_calls),
        )
    )


def _end_attempts(session: Session, done: Sequence[Settled], *, now: datetime) -> None:
    this = (_A.event_id == bindparam("of_event"), _A.number == bindparam("of_number"))
    # Named apart from the columns, which are the names of the values themselves.
    columns = ("result", "reason_code", "reason", "vendor_calls", "exchanges")
    said = {name: bindparam(f"said_{name}", type_=_A[name].type) for name in columns}
    session.connection().execute(
        update(ATTEMPT).where(*this, _A.ended_at.is_(None)).values(ended_at=now, **said),
        [
            {
                "of_event": one.event.id,
                "of_number": one.event.attempt,
                "said_result": one.words["outcome"],
                "said_reason_code": one.words["reason_code"],
                "said_reason": one.words["reason"],
                **{f"said_{name}": it for name, it in columns_of(one.vendor_calls).items()},
            }
            for one in done
        ],
    )


def _lock(session: Session, events: Sequence[Event]) -> set[UUID]:
    """Lock the rows that are claimed as they were, in id order as a claim does."""
    ours = [(event.id, event.generation, event.attempt) for event in events]
    # A claim that ran out leaves the generation as it is; the next claim is another attempt.
    same = tuple_(_E.id, _E.generation, _E.tries).in_(ours)
    found = select(_E.id).where(same, _E.settled_at.is_(None)).order_by(_E.id).with_for_update()
    return set(session.execute(found).scalars())


def _close(
    session: Session, event: Event, outcome: str, *, code: str, reason: str, now: datetime
) -> bool:
    done = {"outcome": outcome, "settled_at": now, "reason_code": code, "reason": reason}
    return _update(session, event, done | NOT_WAITING)


def _update(session: Session, event: Event, values: Mapping[str, Any]) -> bool:
    if not _lock(session, [event]):
        return False
    session.execute(update(EVENT).where(_E.id == event.id).values(**values))
    return True


def _reopen(*, due_at: datetime) -> dict[str, Any]:
    """Give the values that make a row due again and every message about it stale."""
    return NOT_WAITING | {
        "generation": _E.generation + 1,
        "due_at": due_at,
        "published_at": None,
    }
