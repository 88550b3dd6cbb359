"""Pick, out of many notes of an account, those of which something is known. Read only."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from shared.db.note_tables import OrderLink, SyncLogRow
from shared.notes.known import Link, link_of
from shared.notes.state import DONE


def shipped_among(session: Session, account_id: UUID, note_ids: Collection[int]) -> set[int]:
    """Pick those that are shipped in Brightpearl, by us or seen by us."""
    shipped = or_(col(SyncLogRow.shipped_at).is_not(None), SyncLogRow.shipment_stage == DONE)
    return _among(session, account_id, note_ids, shipped)


def deleted_among(session: Session, account_id: UUID, note_ids: Collection[int]) -> set[int]:
    """Pick those that Brightpearl told were deleted."""
    return _among(session, account_id, note_ids, col(SyncLogRow.deleted_at).is_not(None))


def leased_among(
    session: Session, account_id: UUID, note_ids: Collection[int], *, now: datetime
) -> set[int]:
    """Pick those that somebody works on just now."""
    return _among(session, account_id, note_ids, col(SyncLogRow.leased_until) >= now)


def sent_among(session: Session, account_id: UUID, note_ids: Collection[int]) -> dict[int, Link]:
    """Give the links of those that are known to be ShipHero orders: the present ones."""
    if not note_ids:
        return {}
    found = select(OrderLink).where(
        OrderLink.account_id == account_id, col(OrderLink.note_id).in_(note_ids)
    )
    present = {row.note_id: row for row in session.exec(found.order_by(col(OrderLink.generation)))}
    return {one: link_of(row) for one, row in present.items() if row.shiphero_order_id}


def _among(
    session: Session, account_id: UUID, note_ids: Collection[int], which: ColumnElement[bool]
) -> set[int]:
    if not note_ids:
        return set()
    found = select(SyncLogRow.note_id).where(
        SyncLogRow.account_id == account_id, col(SyncLogRow.note_id).in_(note_ids), which
    )
    return set(session.exec(found))
