"""What one account's goods-out notes are pushed with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.accounts import AccountSettings
from shared.catalogue.products import KnownProduct
from shared.clock import Now
from shared.notes.store import NoteStore
from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.models import OrderRef, ShipHeroOrder
from shared.vendors.shiphero.new_order import NewOrder


class ReadsNotes(Protocol):
    """What this handler asks of Brightpearl."""

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Read notes by ID set."""
        ...

    def sales_orders(self, ids: Iterable[int]) -> Mapping[int, SalesOrder]:
        """Read sales orders by ID set."""
        ...

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Read products by ID set."""
        ...


class MakesOrders(Protocol):
    """What this handler asks of ShipHero."""

    def create_order(self, new: NewOrder) -> OrderRef:
        """Make an order; twice makes two."""
        ...

    def orders_by_key(self, partner_order_id: str) -> tuple[ShipHeroOrder, ...]:
        """Find the orders that bear our key."""
        ...


class KnowsProducts(Protocol):
    """What is known of products without a request."""

    def products(self, ids: Iterable[int]) -> Mapping[int, KnownProduct]:
        """Give those that are known to be as they were within the last day."""
        ...

    def remember(self, products: Iterable[Product], *, fetched_at: datetime) -> None:
        """Keep what had to be read."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one account's notes are pushed with."""

    settings: AccountSettings
    notes: NoteStore
    brightpearl: ReadsNotes
    shiphero: MakesOrders
    catalogue: KnowsProducts
    now: Now
    # How long an intended order is looked for before the create may be repeated.
    patience: timedelta
