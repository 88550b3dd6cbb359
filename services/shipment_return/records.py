"""What we know of a note before a vendor is asked, and what is kept once its parcels were told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from services.shipment_return.parcels import Tally
from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.notes.key import NoteKey, read_key
from shared.notes.progress import row_of
from shared.notes.search_keys import add_tracking
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.shiphero.models import ShipHeroOrder


@dataclass(frozen=True, kw_only=True)
class Known:
    """One note as our own tables have it.

    `told` are the parcels that Brightpearl was told of, None while the note is not shipped there by
    us; `key` and `shiphero_order_id` are those of its present order. `is_canceled` says that its
    cancellation is known and told.
    """

    note_id: int
    order_id: int | None = None
    sequence: int | None = None
    key: NoteKey | None = None
    order_number: str = ""
    shiphero_order_id: str = ""
    order_stage: str = ""
    shipment_stage: str = ""
    tracking: str = ""
    told: Tally | None = None
    is_deleted: bool = False
    is_canceled: bool = False

    @property
    def number(self) -> str:
        """What people see: order id and sequence, or the note's own id where they are not known."""
        return f"{self.order_id}/{self.sequence}" if self.sequence else str(self.note_id)


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A note that is shipped in Brightpearl, the parcels it was told of, and the order's own."""

    note: GoodsOutNote
    tally: Tally
    order: ShipHeroOrder


class Records:
    """One account's notes, as this service needs them; every call is a transaction of its own."""

    def __init__(
        self, open_session: OpenSession, open_reading: OpenSession, account_id: UUID, *, now: Now
    ) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._account_id = account_id
        self._now = now

    def known(self, note_ids: Collection[int]) -> Mapping[int, Known]:
        """Give what we know of each of the notes, little of those that we never heard of."""
        with our_trouble(), self._open_reading() as session:
            rows = session.exec(
                select(SyncLogRow).where(
                    SyncLogRow.account_id == self._account_id, col(SyncLogRow.note_id).in_(note_ids)
                )
            )
            links = session.exec(
                select(OrderLink)
                .where(OrderLink.account_id == self._account_id)
                .where(col(OrderLink.note_id).in_(note_ids))
                .order_by(col(OrderLink.generation))
            )
            present = {link.note_id: link for link in links}
            found = {row.note_id: _known(row, present.get(row.note_id)) for row in rows}
        return {one: found.get(one) or Known(note_id=one) for one in note_ids}

    def returned(self, done: Sequence[Returned]) -> None:
        """Commit that notes are shipped in Brightpearl, and which orders they became.

        The push may not have recorded that yet, or never will: a shipment names its note.
        """
        with our_trouble(), self._open_session() as session:
            for one in sorted(done, key=lambda one: one.note.id):
                row = row_of(session, self._account_id, one.note.id, now=self._now())
                row.tracking, row.parcels_told = one.note.shipping.reference, one.tally.written()
                row.shipped_at = row.shipped_at or self._now()
                add_tracking(session, self._account_id, row.note_id, one.tally.tracking)
                row.order_id = row.order_id or one.note.order_id or None
                row.sequence = row.sequence or one.note.sequence
                self._adopt(session, row, one.order)
            session.commit()

    def told(self, note_id: int, tally: Tally) -> None:
        """Commit that Brightpearl was told how a shipped note's parcels changed."""
        with our_trouble(), self._open_session() as session:
            row = row_of(session, self._account_id, note_id, now=self._now())
            row.parcels_told, row.tracking = tally.written(), ", ".join(sorted(tally.tracking))
            add_tracking(session, self._account_id, note_id, tally.tracking)
            session.commit()

    def _adopt(self, session: Session, row: SyncLogRow, order: ShipHeroOrder) -> None:
        key = read_key(order.partner_order_id)
        if key is None:
            return
        link = session.get(OrderLink, (self._account_id, key.note_id, key.generation))
        if link is not None and link.shiphero_order_id:
            return
        if link is None:
            link = OrderLink(
                account_id=self._account_id,
                note_id=key.note_id,
                generation=key.generation,
                key=str(key),
                order_number=order.order_number,
                intended_at=self._now(),
            )
        link.order_number = link.order_number or order.order_number
        link.shiphero_order_id, link.adopted, link.linked_at = order.id, True, self._now()
        session.add(link)
        sent = order.shipping_lines
        row.shiphero_order_id = order.id
        row.synced_at = row.synced_at or self._now()
        row.shipping_method_sent = row.shipping_method_sent or " / ".join(
            filter(None, (sent.title, sent.carrier, sent.method))
        )


def mark_canceled(session: Session, account_id: UUID, key: NoteKey, *, now: datetime) -> None:
    """Remember that an order's cancellation is known and told; the caller commits."""
    link = session.get(OrderLink, (account_id, key.note_id, key.generation))
    if link is not None:
        link.canceled_at = link.canceled_at or now
        session.add(link)


def _known(row: SyncLogRow, link: OrderLink | None) -> Known:
    return Known(
        note_id=row.note_id,
        order_id=row.order_id,
        sequence=row.sequence,
        key=read_key(link.key) if link else None,
        order_number=link.order_number if link else "",
        shiphero_order_id=link.shiphero_order_id if link else "",
        order_stage=row.order_stage,
        shipment_stage=row.shipment_stage,
        tracking=row.tracking,
        told=Tally.read(row.parcels_told),
        is_deleted=row.deleted_at is not None,
        is_canceled=link is not None and link.canceled_at is not None,
    )
