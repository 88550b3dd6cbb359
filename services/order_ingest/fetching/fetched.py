"""What one page brought, and what pages are fetched with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from shared.clock import Now
from shared.db.engine import OpenSession
from shared.db.vendor_tables import FetchProgress
from shared.vendors.brightpearl.account_models import (
    AccountConfiguration,
    Channel,
    FoundProduct,
    Product,
    ShippingMethod,
    Warehouse,
)
from shared.vendors.brightpearl.search import Page
from shared.vendors.shiphero.account_models import Account as ShipHeroAccount
from shared.vendors.shiphero.account_models import Product as ShipHeroProduct
from shared.vendors.shiphero.api import Page as ShipHeroPage

# Writes a page's rows; the row is the run's, as it was before the page.
Write = Callable[[Session, FetchProgress], None]


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One page: `done` things of the list, `left` after it (None: not told), `write` keeps them.

    `cursor` is where the run stands after it; `more` says that a page follows there. `summary` is
    for the journal.
    """

    done: int
    left: int | None
    write: Write
    cursor: str = ""
    more: bool = False
    summary: str = ""


class ReadsProducts(Protocol):
    """What the fetch of products asks of Brightpearl."""

    def found_products(
        self, *, updated_from: datetime | None = None, first: int = 1
    ) -> Page[FoundProduct]:
        """Find up to 500 products from row `first` on, ascending by id."""
        ...

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Read products by ID set."""
        ...


class ReadsLists(ReadsProducts, Protocol):
    """What a fetch asks of Brightpearl."""

    def account_configuration(self) -> AccountConfiguration:
        """Read the account's settings."""
        ...

    def warehouses(self) -> tuple[Warehouse, ...]:
        """Read all warehouses."""
        ...

    def shipping_methods(self) -> tuple[ShippingMethod, ...]:
        """Read all shipping methods."""
        ...

    def channels(self) -> tuple[Channel, ...]:
        """Read all sales channels."""
        ...


class ReadsShipHero(Protocol):
    """What a fetch asks of ShipHero."""

    def account(self) -> ShipHeroAccount:
        """Read who we are, with the warehouses."""
        ...

    def products_page(self, *, after: str | None = None) -> ShipHeroPage[ShipHeroProduct]:
        """Read one page of products."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What one account's lists are fetched with.

    A client is asked for when a page needs it: one vendor may be connected without the other.
    """

    account_id: UUID
    brightpearl: Callable[[], ReadsLists]
    shiphero: Callable[[], ReadsShipHero]
    open_reading: OpenSession
    now: Now
