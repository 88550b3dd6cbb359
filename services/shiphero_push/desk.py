"""What one account's goods-out notes are pushed with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.accounts import AccountSettings
from shared.catalogue.products import KnownProduct
from shared.clock import Now
from shared.notes.correcting import Kept
from shared.notes.known import Link
from shared.notes.persons import PersonDigests
from shared.notes.shadow import ShadowBook
from shared.notes.store import NoteStore
from shared.pushing.transform import needs_custom_fields
from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.account_models import Product as ShipHeroProduct
from shared.vendors.shiphero.account_models import StockedProduct
from shared.vendors.shiphero.models import OrderRef, ShipHeroOrder
from shared.vendors.shiphero.new_order import NewOrder, OrderChange
from shared.vendors.shiphero.new_product import NewProduct

# A lost create is repeated only after this many empty look-ups (design, "Exactly-once effect").
EMPTY_LOOKUPS = 5


class ReadsNotes(Protocol):
    """What this handler asks of Brightpearl."""

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Read notes by ID set."""
        ...

    def sales_orders(
        self, ids: Iterable[int], *, custom_fields: bool = False
    ) -> Mapping[int, SalesOrder]:
        """Read sales orders by ID set, with their custom fields where asked."""
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

    def orders_by_number(self, order_number: str) -> tuple[ShipHeroOrder, ...]:
        """Find the orders of this number, whoever made them."""
        ...

    def has_order(self, partner_order_id: str) -> bool:
        """Say whether any order bears our key."""
        ...

    def products_like(self, sku: str) -> tuple[StockedProduct, ...]:
        """Find the product with this SKU, and those that nearly have it."""
        ...

    def create_product(self, new: NewProduct) -> ShipHeroProduct:
        """Make a product; raises AlreadyThere where its SKU is."""
        ...

    def add_product_to_warehouse(self, sku: str, *, warehouse_id: str) -> None:
        """Give a product a row in a warehouse."""
        ...

    def order(self, order_id: str) -> ShipHeroOrder | None:
        """Read one order with its shipments."""
        ...

    def update_order(self, change: OrderChange) -> OrderRef:
        """Change an order's header; again does no harm."""
        ...

    def cancel_order(self, order_id: str, *, reason: str) -> OrderRef:
        """Cancel an order, never by force."""
        ...


class KnowsProducts(Protocol):
    """What is known of products without a request."""

    def products(self, ids: Iterable[int]) -> Mapping[int, KnownProduct]:
        """Give those that are known to be as they were within the last day."""
        ...

    def remember(self, products: Iterable[Product], *, fetched_at: datetime) -> None:
        """Keep what had to be read."""
        ...

    def shiphero_skus(self, skus: Collection[str]) -> set[str]:
        """Pick those SKUs that ShipHero is known to have."""
        ...

    def shiphero_skus_like(self, sku: str) -> list[str]:
        """Name those of ShipHero's that differ from it by case or outer spaces alone."""
        ...

    def remember_skus(self, skus: Collection[str], *, fetched_at: datetime) -> None:
        """Keep that ShipHero has them."""
        ...

    def forget_skus(self, skus: Collection[str]) -> None:
        """Have them looked up before they are relied upon again."""
        ...


class KnowsCorrections(Protocol):
    """What people put right of notes on the way."""

    def of(self, note_ids: Collection[int]) -> Mapping[int, Kept]:
        """Read those of a group of notes."""
        ...

    def give_way(self, fields_by_note: Mapping[int, Iterable[str]]) -> None:
        """Keep that corrections count no more."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one account's notes are pushed with."""

    settings: AccountSettings
    notes: NoteStore
    shadow: ShadowBook
    brightpearl: ReadsNotes
    shiphero: MakesOrders
    catalogue: KnowsProducts
    persons: PersonDigests
    corrections: KnowsCorrections
    now: Now
    # How long an intended order is looked for before the create may be repeated.
    patience: timedelta

    def sales_orders(self, ids: Collection[int]) -> Mapping[int, SalesOrder]:
        """Read sales orders by ID set, with their custom fields where a setting names one."""
        custom_fields = needs_custom_fields(self.settings)
        return self.brightpearl.sales_orders(ids, custom_fields=custom_fields) if ids else {}

    def has_looked_enough(self, link: Link) -> bool:
        """Say whether an intended order was looked for often and long enough to be given up."""
        waited = self.now() - link.intended_at
        return link.empty_lookups >= EMPTY_LOOKUPS and waited >= self.patience
