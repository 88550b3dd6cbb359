"""A person asks for repairs: each is an event in the journal, whose handler looks before it writes.

The portal repairs nothing itself. A difference ends when a later comparison no longer shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from services.portal.reconciliation.view import REQUESTS
from shared.audit import record_act
from shared.db.account_tables import Account
from shared.db.portal_tables import Difference
from shared.differences import (
    KINDS,
    MISSING,
    NEVER_SENT,
    NOT_CANCELED,
    NOT_WRITTEN_BACK,
    WITHOUT_NOTE,
    note_of,
)
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    SHIPMENT_SUSPECTED,
    Lane,
    NewEvent,
)
from shared.journal.record import record_all
from shared.missing_notes import clear
from shared.watermarks import WHOLE

AT_MOST: Final = 1000

# By kind, the event whose handler puts it right. What a person decides is not here.
EVENTS: Final[Mapping[str, str]] = {
    NEVER_SENT: GOODS_OUT_NOTE_CHANGED,
    WITHOUT_NOTE: GOODS_OUT_NOTE_CHANGED,
    NOT_WRITTEN_BACK: SHIPMENT_SUSPECTED,
    NOT_CANCELED: GOODS_OUT_NOTE_DESTROYED,
}
DELETED, EXIST = "deleted", "exist"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Open differences of one kind: one by its id, or all found until then, the oldest first."""

    kind: str
    id: UUID | None = None
    found_until: datetime | None = None


def chosen_rows(session: Session, account_id: UUID, chosen: Chosen) -> Sequence[Difference]:
    """Give what was chosen and is open; one more than AT_MOST at most."""
    query = select(Difference).where(
        Difference.account_id == account_id,
        Difference.kind == chosen.kind,
        col(Difference.ended_at).is_(None),
    )
    if chosen.id is not None:
        query = query.where(Difference.id == chosen.id)
    if chosen.found_until is not None:
        query = query.where(col(Difference.found_at) <= chosen.found_until)
    oldest = query.order_by(col(Difference.found_at), col(Difference.id))
    return session.exec(oldest.limit(AT_MOST + 1)).all()


def repair(session: Session, account_id: UUID, chosen: Chosen, *, who: str, now: datetime) -> int:
    """Have each looked at, behind live work; gives how many. Asked twice in a minute it is once."""
    rows = chosen_rows(session, account_id, chosen)[:AT_MOST]
    if not rows:
        return 0
    asked = _events(session, account_id, rows, name=EVENTS[chosen.kind], now=now)
    record_all(session, asked, now=now)
    _mark(session, account_id, rows, who=who, now=now)
    _record(session, account_id, rows, "looked at again", who=who, now=now)
    return len(rows)


def decide(
    session: Session, account_id: UUID, chosen: Chosen, answer: str, *, who: str, now: datetime
) -> int:
    """Take a person's word on missing notes: they are deleted, or they exist; gives how many.

    A deleted note's order is cancelled by the handler of deletions, unless something has shipped.
    """
    rows = chosen_rows(session, account_id, chosen)[:AT_MOST]
    if not rows:
        return 0
    if answer == DELETED:
        gone = _events(session, account_id, rows, name=GOODS_OUT_NOTE_DESTROYED, now=now)
        record_all(session, gone, now=now)
    _mark(session, account_id, rows, who=who, now=now)
    clear(session, account_id, [note_of(row.subject) for row in rows], now=now)
    said = "said that they were deleted" if answer == DELETED else "said that they exist"
    _record(session, account_id, rows, said, who=who, now=now)
    return len(rows)


def compare_now(session: Session, account_id: UUID, *, who: str, now: datetime) -> bool:
    """Have both vendors' lists compared at once, the open notes included; once a minute at most.

    False before a go-live is set: then there is nothing to compare.
    """
    account = session.get_one(Account, account_id)
    if account.go_live_at is None:
        return False
    code = account.code
    asked = [
        NewEvent(
            account_id=account_id,
            name=name,
            subject=code,
            dedupe_key=f"{code}:{name}:asked-{now:%Y-%m-%dT%H:%M}",
            payload={"because": "a person", WHOLE: True},
        )
        for name in REQUESTS.values()
    ]
    if record_all(session, asked, now=now):
        record_act(session, account_id, who=who, act="compared", subject="both vendors", now=now)
    return True


def _events(
    session: Session, account_id: UUID, rows: Sequence[Difference], *, name: str, now: datetime
) -> list[NewEvent]:
    code = session.get_one(Account, account_id).code
    return [
        NewEvent(
            account_id=account_id,
            name=name,
            subject=str(note_of(row.subject)),
            dedupe_key=f"{code}:repair:{row.id}:{now:%Y-%m-%dT%H:%M}",
            # Never live: an order might be there already, and is looked for before a create.
            lane=Lane.BACKFILL,
        )
        for row in rows
    ]


def _mark(
    session: Session, account_id: UUID, rows: Sequence[Difference], *, who: str, now: datetime
) -> None:
    these = (
        col(Difference.account_id) == account_id,
        col(Difference.id).in_([row.id for row in rows]),
    )
    asked = {"repair_asked_at": now, "repair_asked_by": who}
    session.execute(update(Difference).where(*these).values(**asked))


def _record(
    session: Session,
    account_id: UUID,
    rows: Sequence[Difference],
    said: str,
    *,
    who: str,
    now: datetime,
) -> None:
    first = rows[0]
    one = f"note {note_of(first.subject)}"
    record_act(
        session,
        account_id,
        who=who,
        act="repaired",
        subject=one if len(rows) == 1 else f"{len(rows)} differences",
        before=KINDS[first.kind].title,
        after=said,
        now=now,
    )


def may_be_asked(kind: str) -> bool:
    """Say whether a person may ask for a repair of this kind."""
    return kind in EVENTS or kind == MISSING
