"""What stands in both accounts on the first day; credentials are constant and documented."""

from decimal import Decimal
from typing import Any

from sandbox.catalogue import ARTICLES, BUNDLE, BUNDLE_PARTS, WITHOUT_SKU, Article
from sandbox.shiphero.ids import global_id
from sandbox.shiphero.product_mutations import make_product
from sandbox.store import Change, Document
from sandbox.world import World

ACCOUNT = "demo"
APP_REF = "demo_goodsout"
STAFF_TOKEN = "sandbox-staff-token"  # noqa: S105 - made up, in the documentation
EXPIRED_TOKEN = "sandbox-expired-token"  # noqa: S105 - plays an expired token
REFRESH_TOKEN = "sandbox-refresh-token"  # noqa: S105 - made up, in the documentation
USERNAME, PASSWORD = "demo@sandbox.test", "sandbox"
SHIPHERO_ACCOUNT = 51_077
MAIN_WAREHOUSE, SECOND_WAREHOUSE, SHOP_WAREHOUSE = 2, 3, 4
CONNECTOR_PERSON = 31
FIRST_PRODUCT = 1501
_GRAMS_PER_OUNCE = Decimal("28.349523125")

_WAREHOUSES: tuple[Document, ...] = (
    {"id": MAIN_WAREHOUSE, "name": "ShipHero Milton Keynes", "typeCode": "3pl"},
    {"id": SECOND_WAREHOUSE, "name": "ShipHero Warrington", "typeCode": "3pl"},
    {"id": SHOP_WAREHOUSE, "name": "Shop counter, Bath", "typeCode": "store"},
)
_CITIES = {MAIN_WAREHOUSE: "Milton Keynes", SECOND_WAREHOUSE: "Warrington", SHOP_WAREHOUSE: "Bath"}
_METHODS = (
    (5, "Royal Mail Tracked 48", "RM48", "Royal Mail"),
    (6, "Royal Mail Tracked 24", "RM24", "Royal Mail"),
    (7, "DPD Next Day", "DPDND", "DPD"),
    (8, "Evri Standard", "EVSTD", "Evri"),
    (9, "Collect from shop", "COLL", ""),
)
_CHANNELS = ((1, "Web shop", None), (2, "Wholesale", None), (3, "Marketplace", "ebay"))
_STAFF = ((CONNECTOR_PERSON, "Goodsout", "Connector"), (32, "Imogen", "Hartley-Voss"))
_CONFIGURATION = {
    "timeZone": "Europe/London",
    "baseCurrencyCode": "GBP",
    "productWeightUnit": "GRAM",
    "multipleWarehouseEnabled": "1",
    "newSalesOrderStatusId": "3",
    "invoicedOrderStatusId": "4",
    "cancelledOrderStatusId": "5",
    "newSalesCreditStatusId": "10",
    "shippingNominalCode": "4300",
    "discountNominalCode": "4310",
}


def seed_if_new(world: World) -> None:
    """Fill an empty state; one that has been filled stays as it is."""
    if world.store.get("seeded", "demo") is not None:
        return
    with world.change() as change:
        _credentials(change)
        _settings(world, change)
        _shiphero(world, change)
        _products(world, change)
        change.put("seeded", "demo", {"at": world.clock.now()})


def add_credential(change: Change, token: str, **more: Any) -> None:
    """Let one more token call Brightpearl; `header` says where it must be sent."""
    document = {
        "account": ACCOUNT,
        "app_ref": APP_REF,
        "header": "brightpearl-staff-token",
        "pool": "private apps",
        "instance_id": "13",
        "contact_id": CONNECTOR_PERSON,
        "expired": False,
        **more,
    }
    change.put("bp_credential", token, document)


def _credentials(change: Change) -> None:
    add_credential(change, STAFF_TOKEN)
    add_credential(change, EXPIRED_TOKEN, expired=True)
    user = {"username": USERNAME, "password": PASSWORD, "refresh_token": REFRESH_TOKEN}
    change.put("sh_user", USERNAME, {**user, "account": SHIPHERO_ACCOUNT})


def _settings(world: World, change: Change) -> None:
    now = world.clock.now()
    change.put("bp_configuration", ACCOUNT, dict(_CONFIGURATION))
    for warehouse in _WAREHOUSES:
        number = warehouse["id"]
        change.put("bp_warehouse", number, {**warehouse, **_warehouse_rest(number)})
    for number, name, code, carrier in _METHODS:
        change.put("bp_method", number, _method(number, name, code, carrier))
    for number, name, provider in _CHANNELS:
        change.put("bp_channel", number, _channel(number, name, provider))
    for number, first, last in _STAFF:
        email = f"{first}.{last}@sandbox.test".lower()
        person = {"id": number, "first_name": first, "last_name": last, "email": email}
        change.put("bp_contact", number, {**person, "staff": True, "created_on": now})


def _warehouse_rest(number: int) -> Document:
    return {
        "typeDescription": "Store" if number == SHOP_WAREHOUSE else "3PL",
        "address": {
            "addressId": number,
            "streetAddress": f"Unit {number}, Sidings Park",
            "city": _CITIES[number],
            "state": "",
            "postcode": f"MK{number} 4SB",
            "countryId": 222,
            "countryIsoCode2": "GB",
        },
        "clickAndCollectEnabled": number == SHOP_WAREHOUSE,
    }


def _method(number: int, name: str, code: str, carrier: str) -> Document:
    return {
        "id": number,
        "name": name,
        "code": code,
        "breaks": "10,100,250,1000,100000",
        "methodType": 1,
        "additionalInformationRequired": code == "DPDND",
        "carrier": carrier,
        "countries": "GB",
    }


def _channel(number: int, name: str, provider: str | None) -> Document:
    channel: Document = {
        "id": number,
        "name": name,
        "channelTypeId": 1,
        "channelBrandId": 1,
        "defaultWarehouseId": MAIN_WAREHOUSE,
        "contactGroupId": 0,
        "defaultPriceListId": 2,
        "warehouseIds": [warehouse["id"] for warehouse in _WAREHOUSES],
        "showInChannelMenu": True,
    }
    if provider:
        channel["integrationDetail"] = {
            "installedIntegrationId": 4,
            "configSetId": 2,
            "providerCode": provider,
            "integrationTypeCode": "MKP",
            "active": True,
        }
    return channel


def _shiphero(world: World, change: Change) -> None:
    account = {
        "legacy_id": SHIPHERO_ACCOUNT,
        "email": USERNAME,
        "username": USERNAME,
        "status": "active",
        "dynamic_slotting": True,
        "is_multi_warehouse": True,
        "is_3pl": False,
        "cycle_count_enabled": False,
        "ship_backorders": False,
        "customers": [],
        "created_at": world.clock.now(),
    }
    change.put("sh_account", SHIPHERO_ACCOUNT, account)
    for number, identifier, city in (
        (80_751, "Primary", "Milton Keynes"),
        (80_752, "North", "Warrington"),
    ):
        warehouse = {"legacy_id": number, "account": SHIPHERO_ACCOUNT, "identifier": identifier}
        address = {"name": f"{identifier} warehouse", "city": city, "country": "GB"}
        change.put("sh_warehouse", number, {**warehouse, "address": address})
    # An access token that needs no log-in, for a first look by hand.
    never = world.clock.now() + 10 * 365 * 86_400
    token = {"account": SHIPHERO_ACCOUNT, "expires_at": never}
    change.put("sh_token", "sandbox-access-token", token)


def _products(world: World, change: Change) -> None:
    numbers: dict[str, int] = {}
    for at, article in enumerate(ARTICLES):
        numbers[article.sku] = FIRST_PRODUCT + at
        _product(world, change, FIRST_PRODUCT + at, article, [])
        _shiphero_product(world, change, article)
    parts = [{"product_id": numbers[sku], "quantity": quantity} for sku, quantity in BUNDLE_PARTS]
    _product(world, change, FIRST_PRODUCT + len(ARTICLES), BUNDLE, parts)
    _product(world, change, FIRST_PRODUCT + len(ARTICLES) + 1, WITHOUT_SKU, [])


def _product(
    world: World, change: Change, number: int, article: Article, components: list[Document]
) -> None:
    product = {
        "id": number,
        "name": article.name,
        "sku": article.sku,
        "barcode": f"50{number:011}" if article.sku else "",
        "price": article.price,
        "weight": article.grams,
        "stock_tracked": not components,
        "components": components,
        "created_on": int(world.clock.now()) - 86_400,
    }
    change.put("bp_product", number, product)


def _shiphero_product(world: World, change: Change, article: Article) -> None:
    ounces = (Decimal(article.grams) / _GRAMS_PER_OUNCE).quantize(Decimal("0.01"))
    warehouses = (80_751, 80_752)
    rows = [{"warehouse_id": global_id("Warehouse", w), "on_hand": 5000} for w in warehouses]
    wanted = {
        "name": article.name,
        "sku": article.sku,
        "price": article.price,
        "dimensions": {"weight": str(ounces)},
        "warehouse_products": rows,
    }
    make_product(world, change, SHIPHERO_ACCOUNT, wanted)
