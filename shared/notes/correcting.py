"""A note's corrections as they are kept: sealed, given way, taken back, erased with other old data.

They are made only before the note's order is, so whatever stands of them goes out with it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from shared.accounts import CORRECTION_ERASED, SHADOW_MODE, SHIPPING_METHOD_UNMAPPED
from shared.db.account_tables import Account
from shared.db.correction_tables import NoteCorrection
from shared.db.engine import OpenSession, our_trouble
from shared.db.journal_tables import EVENT
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.events import GOODS_OUT_NOTE_CHANGED, NewEvent
from shared.journal.record import record
from shared.journal.release import make_due, wait_for_holds
from shared.notes.links import present_link
from shared.notes.retrying import Answer, retry_note
from shared.notes.state import CANCELED, FAILED, SKIPPED
from shared.notes.stopping import BEFORE_ORDER
from shared.pushing.corrections import FIELDS, Correction, Corrections
from shared.secrets import SecretBox

_E = EVENT.c

# Where a note stands that may be corrected: nothing of it is known to be at ShipHero.
CORRECTABLE: Final = BEFORE_ORDER | {FAILED}
# How a field's former value is called beside the new one, inside what is sealed.
WAS: Final = "was:"
LOOKED_AT: Final = "It is looked at anew, with what was corrected."
SENT_AGAIN: Final = "It is sent so once somebody presses “Send again”."


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One note's corrections as they count: without those that have given way.

    `is_erased` says that there were some whose values are gone, `is_unreadable` that no key of
    ours opens them.
    """

    corrections: Corrections = field(default_factory=dict)
    is_erased: bool = False
    is_unreadable: bool = False


NONE: Final = Kept()


@dataclass(frozen=True)
class CorrectionBook:
    """One account's corrections. Every call is a transaction of its own."""

    open_session: OpenSession
    open_reading: OpenSession
    account_id: UUID
    box: SecretBox

    def of(self, note_ids: Collection[int]) -> Mapping[int, Kept]:
        """Read those of a group of notes; of most notes there are none."""
        if not note_ids:
            return {}
        these = select(NoteCorrection).where(
            col(NoteCorrection.account_id) == self.account_id,
            col(NoteCorrection.note_id).in_(note_ids),
        )
        with our_trouble(), self.open_reading() as session:
            rows = session.execute(these).scalars().all()
        return {row.note_id: opened(row, self.box) for row in rows}

    def give_way(self, fields_by_note: Mapping[int, Iterable[str]]) -> None:
        """Keep that corrections count no more, because Brightpearl's own values changed."""
        if not fields_by_note:
            return
        with our_trouble(), self.open_session() as session:
            for note_id, fields in sorted(fields_by_note.items()):
                _give_way(session, self.account_id, note_id, fields)
            session.commit()


def opened(row: NoteCorrection, box: SecretBox) -> Kept:
    """Open a row; a field that has given way counts no more."""
    if row.erased_at is not None:
        return Kept(is_erased=set(row.fields) > set(row.given_way))
    try:
        values = box.open_mapping(row.sealed)
    except ValueError:
        return Kept(is_unreadable=True)
    counting = (name for name in FIELDS if name in row.fields and name not in row.given_way)
    return Kept(
        corrections={
            name: Correction(value=values.get(name, ""), was=values.get(f"{WAS}{name}", ""))
            for name in counting
        }
    )


def why_not_correct(row: SyncLogRow, link: OrderLink | None) -> str:
    """Say why a note cannot be corrected on the way; "" where it can."""
    if row.deleted_at is not None:
        return "The note was deleted in Brightpearl."
    if row.order_stage == CANCELED:
        return ""  # nothing is sent of it until a person presses "Send again"
    if link is not None and link.shiphero_order_id:
        return (
            "Its order is at ShipHero. Change it in Brightpearl: Goodsout tells ShipHero, while "
            "that can be."
        )
    if row.order_stage in CORRECTABLE:
        return ""
    if row.order_stage == SKIPPED:
        return "The note is not sent to ShipHero."
    return "Goodsout still looks whether ShipHero has its order. It goes on by itself."


def correct(
    session: Session,
    row: NoteCorrection,
    corrections: Corrections,
    box: SecretBox,
    *,
    now: datetime,
) -> Answer | None:
    """Keep corrections in place of earlier ones, and have the note tried again with them.

    `row` says whose they are, why and by whom. None where it is too late; the caller commits, or
    takes all of it back.
    """
    answer = _try_again(session, row.account_id, row.note_id, now=now)
    if not _mark(session, row.account_id, row.note_id, corrected_at=row.made_at):
        return None
    row.fields = [name for name in FIELDS if name in corrections]
    row.given_way, row.erased_at = [], None
    row.sealed = box.seal_mapping(
        {name: one.value for name, one in corrections.items()}
        | {f"{WAS}{name}": one.was for name, one in corrections.items()}
    )
    session.merge(row)
    return answer


def take_back(
    session: Session, account_id: UUID, note_id: int, *, now: datetime
) -> Sequence[str] | None:
    """Remove a note's corrections and have it tried as Brightpearl has it; gives their fields.

    None where there are none, or it is too late; the caller commits, or takes all of it back.
    """
    _try_again(session, account_id, note_id, now=now)
    if not _mark(session, account_id, note_id, corrected_at=None):
        return None
    row = session.get(NoteCorrection, (account_id, note_id))
    if row is None:
        return None
    session.delete(row)
    return row.fields


def _try_again(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> Answer:
    """Have the note looked at anew, whatever of its data it had waited for or failed by.

    What is being done about it just now is done once more: it was read without the corrections.
    """
    row = session.get(SyncLogRow, (account_id, note_id))
    if row is not None and row.order_stage == CANCELED:
        return Answer(done=False, sentences=(SENT_AGAIN,))
    wait_for_holds(session, account_id)
    answer = retry_note(session, account_id, note_id, now=now)
    open_rows = (
        _E.account_id == account_id,
        _E.subject == str(note_id),
        _E.name == GOODS_OUT_NOTE_CHANGED,
        _E.settled_at.is_(None),
    )
    freed = make_due(session, *open_rows, _by_its_data(note_id), now=now)
    if answer.done:
        return answer
    if not freed and not session.execute(select(_E.id).where(*open_rows)).first():
        _look(session, account_id, note_id, now=now)
    return Answer(done=True, sentences=(LOOKED_AT,))


def _by_its_data(note_id: int) -> ColumnElement[bool]:
    """Say that an open event waits for nothing, or for something that a correction may mend."""
    return or_(
        _E.hold_cause.is_(None),
        _E.hold_cause == SHADOW_MODE,
        _E.hold_cause == f"{CORRECTION_ERASED}:{note_id}",
        _E.hold_cause.startswith(f"{SHIPPING_METHOD_UNMAPPED}:"),
    )


def _look(session: Session, account_id: UUID, note_id: int, *, now: datetime) -> None:
    """Ask for a look at a note about which nothing is open or dead any more."""
    code = session.get_one(Account, account_id).code
    look = NewEvent(
        account_id=account_id,
        name=GOODS_OUT_NOTE_CHANGED,
        subject=str(note_id),
        dedupe_key=f"{code}:corrected:{note_id}:{now:%Y%m%dT%H%M%S%f}",
    )
    record(session, look, now=now)


def _mark(
    session: Session, account_id: UUID, note_id: int, *, corrected_at: datetime | None
) -> bool:
    """Mark the note's row, or take the mark away; False where it is too late for corrections.

    The row is locked after the events, as whoever ends an attempt locks them.
    """
    row = session.get(SyncLogRow, (account_id, note_id), with_for_update=True)
    if row is None or why_not_correct(row, present_link(session, account_id, note_id)):
        return False
    row.corrected_at = corrected_at
    session.add(row)
    return True


def _give_way(session: Session, account_id: UUID, note_id: int, fields: Iterable[str]) -> None:
    log_row = session.get(SyncLogRow, (account_id, note_id), with_for_update=True)
    row = session.get(NoteCorrection, (account_id, note_id), with_for_update=True)
    if row is None:
        return
    gone = {*row.given_way, *fields}
    row.given_way = [name for name in row.fields if name in gone]
    session.add(row)
    if log_row is not None and len(row.given_way) == len(row.fields):
        log_row.corrected_at = None
        session.add(log_row)
