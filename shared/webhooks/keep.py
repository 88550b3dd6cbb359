"""Keep a proved webhook: its event row and the edge's own count, in one short transaction."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import Session

from shared.connecting.follow_ons import RECONCILIATIONS
from shared.db.engine import insert_for
from shared.db.journal_tables import EDGE_COUNT
from shared.events import NewEvent
from shared.journal.record import record, record_skipped
from shared.journal.waiting import waiting
from shared.outcome import Skipped
from shared.webhooks.subscriptions import Subscription


def keep(
    session: Session,
    event: NewEvent,
    *,
    source: str,
    now: datetime,
    skipped: Skipped | None = None,
) -> bool:
    """Record the event and count the webhook; False when it is a repetition. The caller commits.

    With `skipped` nobody is to look at it: it is kept as settled.
    """
    if skipped is None:
        is_new = record(session, event, now=now) is not None
    else:
        is_new = record_skipped(session, event, skipped, now=now) is not None
    _count(session, event.account_id, source, is_new=is_new, now=now)
    return is_new


def ask_for_comparison(
    session: Session, found: Subscription, *, source: str, traceparent: str, now: datetime
) -> bool:
    """Have the vendor's own list compared, because a webhook was too large to be kept.

    A request that waits for its turn stands for this one too; an earlier one may have been
    answered already. False when nothing was recorded.
    """
    name, code = RECONCILIATIONS[source], found.account_code
    if waiting(session, found.account_id, name, [code], now=now):
        return False
    event = NewEvent(
        account_id=found.account_id,
        name=name,
        subject=code,
        dedupe_key=f"{code}:{source}:too-large:{now.isoformat()}",
        payload={"because": "a webhook was over 1 MiB"},
        traceparent=traceparent,
    )
    return record(session, event, now=now) is not None


def raw_body(body: bytes) -> dict[str, Any]:
    """Put a webhook's body into a payload as it came, whatever bytes it is made of."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body": body.decode("latin-1"), "encoding": "latin-1"}


def body_digest(body: bytes) -> str:
    """Tell two bodies apart, for dedupe keys."""
    return sha256(body).hexdigest()[:32]


def _count(session: Session, account_id: UUID, source: str, *, is_new: bool, now: datetime) -> None:
    kept, repeated = (1, 0) if is_new else (0, 1)
    statement = insert_for(session)(EDGE_COUNT).values(
        account_id=account_id, day=now.date(), source=source, kept=kept, repeated=repeated
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "day", "source"],
            set_={
                "kept": EDGE_COUNT.c.kept + kept,
                "repeated": EDGE_COUNT.c.repeated + repeated,
            },
        )
    )
