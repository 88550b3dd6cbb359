"""What stands now of a cause: only what still asks for somebody is told of."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlmodel import Session, col

from shared import differences
from shared.alerts import ORDER_CANCELED
from shared.db.journal_tables import EVENT
from shared.db.note_tables import SYNC_LOG
from shared.db.portal_tables import Difference
from shared.db.vendor_tables import Alert
from shared.issues.marks import muted_notes
from shared.journal.dead import open_dead
from shared.notes.state import CANCEL_REFUSED, FAILED, HELD
from shared.notifications import DEAD_LETTERS, DIFFERENCES_FOUND, ORDERS_FAILING
from shared.reasons.listed import UNLISTED

_S, _E = SYNC_LOG.c, EVENT.c
SHOWN: Final = 5
LONGEST: Final = 300  # characters of what is said of one
ASKING: Final = (HELD, FAILED, CANCEL_REFUSED)


def standing(session: Session, account_id: UUID, kind: str, cause: str) -> set[str]:
    """Give the subjects of what stands: notes, events or differences, as they were noted."""
    if kind == DEAD_LETTERS:
        mine = (*open_dead(account_id), _E.reason_code == cause)
        return {str(one) for one in session.execute(select(_E.id).where(*mine)).scalars()}
    if kind == DIFFERENCES_FOUND:
        return differences.subjects(session, account_id, cause)
    if cause == ORDER_CANCELED:
        return set(session.execute(_canceled(account_id)).scalars())
    failing = select(_S.note_id).where(*_fails(account_id, cause))
    return {str(one) for one in session.execute(failing).scalars()}


def muted_subjects(
    session: Session, account_id: UUID, kind: str, cause: str, *, now: datetime
) -> set[str]:
    """Give the subjects that people do not want to be told of for a while."""
    if kind != ORDERS_FAILING:
        return set()
    return {str(one) for one in muted_notes(session, account_id, cause, now=now)}


def named(session: Session, account_id: UUID, kind: str, subjects: Collection[str]) -> list[str]:
    """Name the first few of `subjects` as a person knows them; an event's id tells nobody much."""
    if kind == DEAD_LETTERS:
        return []
    notes = sorted({differences.note_of(one) for one in subjects if _is_of_note(one)})[:SHOWN]
    if not notes:
        return sorted(subjects)[:SHOWN]
    mine = select(_S.note_id, _S.order_id, _S.customer_reference).where(
        _S.account_id == account_id, _S.note_id.in_(notes)
    )
    known = {row.note_id: row for row in session.execute(mine)}
    return [_name(note, known.get(note)) for note in notes]


def example(session: Session, account_id: UUID, kind: str, subjects: Collection[str]) -> str:
    """Give what is said of the first of `subjects`, "" where nothing is."""
    if not subjects:
        return ""
    first = min(subjects, key=lambda one: (len(one), one))
    if kind == DEAD_LETTERS:
        said = select(_E.reason).where(_E.account_id == account_id, _E.id == UUID(first))
    elif kind == DIFFERENCES_FOUND:
        said = (
            select(col(Difference.sentence))
            .where(col(Difference.account_id) == account_id, col(Difference.subject) == first)
            .order_by(col(Difference.found_at).desc())
        )
    else:
        reason = case((_S.order_stage.in_(ASKING), _S.order_reason), else_=_S.shipment_reason)
        said = select(reason).where(_S.account_id == account_id, _S.note_id == int(first))
    found = session.execute(said.limit(1)).scalar() or ""
    return found if len(found) <= LONGEST else f"{found[:LONGEST]}…"


def _name(note_id: int, row: Sequence[object] | None) -> str:
    _, order_id, reference = row or (note_id, None, "")
    if order_id is None:
        return f"note {note_id}"
    return f"{order_id} ({reference})" if reference else str(order_id)


def _is_of_note(subject: str) -> bool:
    return subject.partition(":")[0].isdecimal()


def _fails(account_id: UUID, code: str) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions of a note of which a side waits for a person for this reason."""
    order = and_(_S.order_stage.in_(ASKING), _S.order_reason_code.in_(_written(code)))
    shipment = and_(
        _S.shipment_stage.in_((HELD, FAILED)), _S.shipment_reason_code.in_(_written(code))
    )
    # By its state the database's index finds the few that ask for somebody.
    asks = (_S.account_id == account_id, _S.state == "needs_you")
    return (*asks, or_(order, shipment))


def _written(code: str) -> tuple[str, ...]:
    # A stage without a code is told of as something unexpected.
    return (code, "") if code == UNLISTED else (code,)


def _canceled(account_id: UUID) -> Any:
    return select(col(Alert.subject)).where(
        col(Alert.account_id) == account_id,
        col(Alert.kind) == ORDER_CANCELED,
        col(Alert.ended_at).is_(None),
    )
