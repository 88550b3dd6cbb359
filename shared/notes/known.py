"""What we know of a note: which order it became, and what the sync log shows of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.db.note_tables import OrderLink


@dataclass(frozen=True, kw_only=True)
class Link:
    """This note is, or is meant to become, that ShipHero order."""

    key: str
    order_number: str
    intended_at: datetime
    empty_lookups: int
    shiphero_order_id: str


@dataclass(frozen=True, kw_only=True)
class NoteFacts:
    """What the sync log shows of a note and its sales order; empty where not known."""

    order_id: int
    sequence: int | None
    customer_reference: str = ""
    total: Decimal | None = None
    currency: str = ""
    warehouse_id: int | None = None
    brightpearl_method: str = ""


def link_of(row: OrderLink) -> Link:
    """Read a row."""
    return Link(
        key=row.key,
        order_number=row.order_number,
        intended_at=row.intended_at,
        empty_lookups=row.empty_lookups,
        shiphero_order_id=row.shiphero_order_id,
    )
