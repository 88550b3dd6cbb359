"""A ShipHero account, its warehouses, customers and webhooks, as read (contract §9, §10, §11)."""

from typing import Annotated

from pydantic import Field

from shared.vendors.shiphero.models import MaybeTime, Nodes, Reading


class Warehouse(Reading):
    """A building; `identifier` is its name and not unique across child accounts."""

    id: str
    legacy_id: int | None = None
    identifier: str = ""
    account_id: str = ""
    profile: str = ""


class CustomerAccount(Reading):
    """A customer of a 3PL."""

    id: str
    legacy_id: int | None = None
    email: str = ""
    status: str = ""


class Account(Reading):
    """Who we are; with `is_3pl` a `customer_account_id` has to be chosen."""

    id: str = ""
    legacy_id: int | None = None
    email: str = ""
    is_3pl: bool = False
    is_multi_warehouse: bool = False
    warehouses: tuple[Warehouse, ...] = ()
    customers: Annotated[tuple[CustomerAccount, ...], Nodes] = ()


class Product(Reading):
    """A product of ShipHero's; the SKU is what everything refers to."""

    id: str = ""
    sku: str
    name: str = ""


class WarehouseProduct(Reading):
    """A product's row in one warehouse."""

    warehouse_id: str = ""


class StockedProduct(Product):
    """A product with its rows in warehouses, as told where one SKU is asked for."""

    warehouse_products: tuple[WarehouseProduct, ...] = ()


class Webhook(Reading):
    """A subscription; `enabled` and `health` are None where ShipHero does not tell (newer)."""

    id: str = ""
    legacy_id: int | None = None
    account_id: str = ""
    shop_name: str = ""
    name: str = ""
    url: str = ""
    source: str = ""
    enabled: bool | None = None
    health: str | None = None
    created_at: MaybeTime = None


class CreatedWebhook(Webhook):
    """A subscription just made: the only time its secret is told (contract §10)."""

    shared_signature_secret: str = Field(default="", repr=False)


class Tokens(Reading):
    """An answer of the token endpoint; `expires_in` seconds, 28 days (contract §1).

    A refresh brings no `refresh_token`: then it is None and the old one stays good.
    """

    access_token: str = Field(repr=False, min_length=1)
    refresh_token: str | None = Field(default=None, repr=False)
    expires_in: int
    scope: str = ""
    token_type: str = "Bearer"  # noqa: S105 - a kind of token, not one
