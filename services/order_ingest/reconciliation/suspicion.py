"""Notes under suspicion of having been deleted: the rows, and when a person has to decide.

Everything here runs in the transaction that settles the event.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from shared import differences
from shared.alerts import raise_alert
from shared.db.engine import insert_for
from shared.db.vendor_tables import MissingNote
from shared.missing_notes import many_missing

# More at once than a merchant deletes by hand; design, "The journal".
MOST_AT_ONCE = 5
MOST_PERCENT = 2
NAMED = 10


def too_many(suspected: int, *, open_notes: int) -> bool:
    """Say whether so many missing notes are more likely our mistake, or the vendor's.

    A single one may always be looked up: among fewer than fifty it would be over 2 % by itself.
    """
    return suspected > min(MOST_AT_ONCE, max(1, open_notes * MOST_PERCENT // 100))


def suspect(
    session: Session, account_id: UUID, note_ids: Collection[int], *, now: datetime
) -> None:
    """Put notes under suspicion; one that is already stays as it is."""
    for note_id in sorted(note_ids):
        new = MissingNote(account_id=account_id, note_id=note_id, suspected_at=now)
        insert = insert_for(session)(MissingNote).values(new.model_dump())
        session.execute(insert.on_conflict_do_nothing())


def leave_to_a_person(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Have every missing note of the account wait, and say so once."""
    missing = session.execute(
        update(MissingNote)
        .where(col(MissingNote.account_id) == account_id)
        .values(waits_for_person=True)
        .returning(col(MissingNote.note_id))
    )
    note_ids = sorted(missing.scalars())
    if note_ids:
        raise_alert(
            session,
            many_missing(account_id),
            sentence=f"Brightpearl does not show {len(note_ids)} notes that are at ShipHero "
            f"({_some(note_ids)}). So many at once are not taken as deleted: look whether they "
            "are still in Brightpearl, and decide on the page Reconciliation.",
            raised_at=now,
        )
    found = {
        str(one): f"Brightpearl does not show note {one}, whose order is at ShipHero."
        for one in note_ids
    }
    differences.see(session, account_id, differences.MISSING, found, now=now)


def count_empty_look(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> None:
    """Remember that the note was looked for by itself and not shown."""
    row = session.get(MissingNote, (account_id, note_id), with_for_update=True)
    if row is not None:
        row.empty_looks, row.looked_at = row.empty_looks + 1, now
        session.add(row)


def _some(note_ids: list[int]) -> str:
    shown = ", ".join(str(one) for one in note_ids[:NAMED])
    return shown if len(note_ids) <= NAMED else f"{shown} and others"
