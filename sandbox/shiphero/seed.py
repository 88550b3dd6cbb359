"""What stands in ShipHero on the first day: one merchant, and one 3PL with two customers."""

from collections.abc import Sequence
from decimal import Decimal

from sandbox.catalogue import ARTICLES, Article
from sandbox.shiphero.ids import global_id
from sandbox.shiphero.product_mutations import make_product
from sandbox.shiphero.tokens import keep_token
from sandbox.store import Change, Document
from sandbox.world import World

REFRESH_TOKEN = "sandbox-refresh-token"  # noqa: S105 - made up, in the documentation
USERNAME, PASSWORD = "demo@sandbox.test", "sandbox"
ACCOUNT = 51_077
# An access token that needs no log-in, for a first look by hand.
ACCESS_TOKEN = "sandbox-access-token"  # noqa: S105 - made up, in the documentation

THREE_PL_USERNAME = "3pl@sandbox.test"
THREE_PL_REFRESH_TOKEN = "sandbox-3pl-refresh-token"  # noqa: S105 - made up
THREE_PL_ACCESS_TOKEN = "sandbox-3pl-access-token"  # noqa: S105 - made up
THREE_PL = 51_200
CUSTOMERS = (51_201, 51_202)

_GRAMS_PER_OUNCE = Decimal("28.349523125")
_WAREHOUSES = (
    (80_751, ACCOUNT, "Primary", "Milton Keynes"),
    (80_752, ACCOUNT, "North", "Warrington"),
    (80_761, THREE_PL, "Primary", "Daventry"),
)


def seed_shiphero(world: World, change: Change) -> None:
    """Fill accounts, users, warehouses and products."""
    _account(world, change, ACCOUNT, USERNAME)
    _account(world, change, THREE_PL, THREE_PL_USERNAME, is_3pl=True)
    for number in CUSTOMERS:
        _account(world, change, number, f"customer-{number}@sandbox.test", parent=THREE_PL)
    for number, account, identifier, city in _WAREHOUSES:
        warehouse = {"legacy_id": number, "account": account, "identifier": identifier}
        address = {"name": f"{identifier} warehouse", "city": city, "country": "GB"}
        change.put("sh_warehouse", number, {**warehouse, "address": address})
    users = (
        (USERNAME, ACCOUNT, REFRESH_TOKEN, ACCESS_TOKEN),
        (THREE_PL_USERNAME, THREE_PL, THREE_PL_REFRESH_TOKEN, THREE_PL_ACCESS_TOKEN),
    )
    for username, account, refresh_token, access_token in users:
        user = {"username": username, "password": PASSWORD, "refresh_token": refresh_token}
        change.put("sh_user", username, {**user, "account": account})
        keep_token(world, access_token, {"account": account})


def seed_product(world: World, change: Change, article: Article) -> None:
    """Stock an article in the merchant's warehouses."""
    warehouses = [number for number, account, *_ in _WAREHOUSES if account == ACCOUNT]
    make_product(world, change, ACCOUNT, _wanted(article, warehouses))


def seed_merchant(
    world: World, change: Change, number: int, username: str, articles: Sequence[Article]
) -> None:
    """Make one more merchant's account with two warehouses that stock these articles."""
    _account(world, change, number, username)
    warehouses = []
    for identifier, city in (("Primary", "Milton Keynes"), ("North", "Warrington")):
        warehouse = change.next_id("sh_warehouse", 80_801)
        kept = {"legacy_id": warehouse, "account": number, "identifier": identifier}
        address = {"name": f"{identifier} warehouse", "city": city, "country": "GB"}
        change.put("sh_warehouse", warehouse, {**kept, "address": address})
        warehouses.append(warehouse)
    for article in articles:
        make_product(world, change, number, _wanted(article, warehouses))


def seed_customers_products(world: World, change: Change) -> None:
    """Stock the first articles for both customers of the 3PL: its warehouse, their SKUs."""
    warehouses = [number for number, account, *_ in _WAREHOUSES if account == THREE_PL]
    for account in CUSTOMERS:
        for article in ARTICLES[:4]:
            make_product(world, change, account, _wanted(article, warehouses))


def _account(
    world: World,
    change: Change,
    number: int,
    email: str,
    *,
    is_3pl: bool = False,
    parent: int | None = None,
) -> None:
    account: Document = {
        "legacy_id": number,
        "email": email,
        "username": email,
        "status": "active",
        "dynamic_slotting": True,
        "is_multi_warehouse": True,
        "is_3pl": is_3pl,
        "parent": parent,
        "cycle_count_enabled": False,
        "ship_backorders": False,
        "created_at": world.clock.now(),
    }
    change.put("sh_account", number, account)


def _wanted(article: Article, warehouses: list[int]) -> Document:
    ounces = (Decimal(article.grams) / _GRAMS_PER_OUNCE).quantize(Decimal("0.01"))
    rows = [{"warehouse_id": global_id("Warehouse", w), "on_hand": 5000} for w in warehouses]
    return {
        "name": article.name,
        "sku": article.sku,
        "price": article.price,
        "dimensions": {"weight": str(ounces)},
        "warehouse_products": rows,
    }
