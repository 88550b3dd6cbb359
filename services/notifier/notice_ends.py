"""How telling a notice went, kept with its destination; one that stays away is switched off."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from shared.alerts import destination_off, raise_alert
from shared.db.destination_tables import Destination
from shared.destinations import FAILING, GONE
from shared.events import NOTICE_REQUESTED, Event
from shared.journal.verdict import Dead, Retry
from shared.messaging.result import Result
from shared.outcome import Delivered, Skipped

# So long every single attempt must have failed.
SWITCHED_OFF_AFTER: Final = timedelta(days=5)
# Ends that say nothing about the destination.
UNSAID: Final = frozenset({"destination_removed", "destination_off", "our_trouble", "bug"})


def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Keep a notice's end in its destination's row, in the transaction that ends the attempt."""
    if event.name != NOTICE_REQUESTED:
        return
    if isinstance(result, Delivered):
        _keep(session, event, now, sentence=result.summary, took=True)
    elif isinstance(result, Skipped | Retry | Dead) and result.code not in UNSAID:
        _keep(session, event, now, sentence=result.reason, took=False, code=result.code)


def _keep(
    session: Session, event: Event, now: datetime, *, sentence: str, took: bool, code: str = ""
) -> None:
    row = session.exec(
        select(Destination)
        .where(Destination.account_id == event.account_id, Destination.id == UUID(event.subject))
        .with_for_update()
    ).one_or_none()
    if row is None:
        return
    row.told_at, row.told_well, row.told_sentence = now, took, sentence
    if took:
        row.failing_since = None
    elif code != "test_not_taken":
        row.failing_since = row.failing_since or now
        _judge(session, row, now, code=code)
    session.add(row)


def _judge(session: Session, row: Destination, now: datetime, *, code: str) -> None:
    """Switch it off when it said so itself, or has been away for days."""
    assert row.failing_since is not None
    if row.off_since is not None:
        return
    if code == "destination_gone":
        why, because = GONE, "it answered 410, which says that nothing is wanted there any more"
    elif now - row.failing_since >= SWITCHED_OFF_AFTER:
        why, because = FAILING, f"nothing arrived for {SWITCHED_OFF_AFTER.days} days"
    else:
        return
    row.off_since, row.off_because = now, why
    raise_alert(
        session,
        destination_off(row.account_id, row.id),
        sentence=f"Notices to {row.name} ({row.shown_address}) were switched off: {because}. Put "
        "it right, send a test, and switch it on again.",
        raised_at=now,
    )
