"""What we know of a note: which order it became, and what the sync log shows of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from shared.db.note_tables import OrderLink, SyncLogRow

# Facts that stand in tables of their own.
SEARCH_KEYS: Final = frozenset({"skus", "persons"})


@dataclass(frozen=True, kw_only=True)
class Link:
    """This note is, or is meant to become, that ShipHero order.

    `sent` is what ShipHero was told last in the order's header, field by field, empty where it is
    not known; `is_canceled` says that the order's end is known and told.
    """

    key: str
    order_number: str
    intended_at: datetime
    empty_lookups: int
    shiphero_order_id: str
    sent: Mapping[str, str] = field(default_factory=dict)
    is_canceled: bool = False

    @property
    def is_intended(self) -> bool:
        """Whether an order was, or was about to be, created: not so while it is only asked for."""
        return bool(self.order_number)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of a note: that Brightpearl has deleted it, that a person has it wait."""

    deleted: bool = False
    stopped: bool = False


def said_of(row: SyncLogRow | None) -> Said:
    """Read a row of the sync log; nothing was said of a note that has none."""
    if row is None:
        return Said()
    return Said(deleted=row.deleted_at is not None, stopped=row.stopped_at is not None)


@dataclass(frozen=True, kw_only=True)
class NoteFacts:
    """What the sync log shows and finds of a note and its sales order; empty where not known."""

    order_id: int
    sequence: int | None
    customer_reference: str = ""
    total: Decimal | None = None
    currency: str = ""
    warehouse_id: int | None = None
    brightpearl_method: str = ""
    channel: str = ""
    # What the note takes, as ShipHero is told; for searching, where the case does not matter.
    skus: frozenset[str] = frozenset()
    # Whose it is, as digests of `shared.notes.persons`; for searching.
    persons: frozenset[str] = frozenset()


def shown(facts: NoteFacts) -> dict[str, Any]:
    """Give what stands in the sync log's row, by column."""
    return {name: value for name, value in asdict(facts).items() if name not in SEARCH_KEYS}


def link_of(row: OrderLink) -> Link:
    """Read a row."""
    return Link(
        key=row.key,
        order_number=row.order_number,
        intended_at=row.intended_at,
        empty_lookups=row.empty_lookups,
        shiphero_order_id=row.shiphero_order_id,
        sent=row.sent,
        is_canceled=row.canceled_at is not None,
    )
