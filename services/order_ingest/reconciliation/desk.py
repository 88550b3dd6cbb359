"""What one account's comparison with Brightpearl is made with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from services.order_ingest.reconciliation.books import Books
from services.order_ingest.settings import OrderIngestSettings
from shared.accounts import MAPPED
from shared.clock import Now
from shared.events import Event
from shared.process import ConsumerParts
from shared.vendors.brightpearl.account_models import FoundNote
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.search import Page

LOOKS_APART: Final = 60.0  # seconds of our pace


class ListsNotes(Protocol):
    """What a comparison asks of Brightpearl."""

    def notes_page(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        first: int = 1,
        shipped: bool | None = None,
        transfer: bool | None = None,
    ) -> Page[FoundNote]:
        """Find up to 500 notes."""
        ...

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Read notes by ID set."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one account is compared with; `code` begins its dedupe keys.

    All open notes are gone through once in `sweep_every`, and two looks for a missed one lie
    `apart`. Notes of `mapped_warehouses`, by Brightpearl's ids, are those to be sent.
    """

    code: str
    go_live_at: datetime | None
    brightpearl: ListsNotes
    books: Books
    overlap: timedelta
    now: Now
    sweep_every: timedelta = timedelta(hours=1)
    apart: timedelta = timedelta(seconds=LOOKS_APART)
    mapped_warehouses: frozenset[int] = frozenset()


def desk_of(parts: ConsumerParts[OrderIngestSettings], event: Event) -> Desk:
    """Wire the desk of the event's account."""
    account = parts.account(event.account_id)
    return Desk(
        code=account.code,
        go_live_at=account.go_live_at,
        brightpearl=parts.connections.brightpearl(event.account_id),
        books=Books(parts.open_reading, event.account_id, parts.now),
        overlap=timedelta(seconds=parts.settings.reconcile_overlap),
        sweep_every=timedelta(seconds=parts.settings.open_notes_every),
        apart=parts.settings.pace.after(LOOKS_APART),
        now=parts.now,
        mapped_warehouses=frozenset(
            id_ for id_, one in account.warehouses.items() if one.decision == MAPPED
        ),
    )
