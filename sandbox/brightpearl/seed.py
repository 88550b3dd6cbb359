"""What stands in a Brightpearl account on its first day."""

from collections.abc import Sequence
from typing import Any

from sandbox.brightpearl.data_centres import EUW1
from sandbox.brightpearl.products import make_product
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.throttle import PRIVATE_POOL
from sandbox.catalogue import BUNDLE, BUNDLE_PARTS, WITHOUT_SKU, Article
from sandbox.store import Change, Document
from sandbox.world import World

MAIN_WAREHOUSE, SECOND_WAREHOUSE, SHOP_WAREHOUSE = 2, 3, 4
CONNECTOR_PERSON, DESK_PERSON = 31, 32
PRIVATE_INSTANCE = "13"

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
_STAFF = ((CONNECTOR_PERSON, "Goodsout", "Connector"), (DESK_PERSON, "Imogen", "Hartley-Voss"))
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


def seed_brightpearl(
    world: World, change: Change, account: str, *, articles: Sequence[Article], shiphero: int
) -> None:
    """Fill an account; `shiphero` is the number of the ShipHero account it ships with."""
    kept = {"code": account, "data_centre": EUW1, "shiphero": shiphero}
    change.put("bp_account", account, {**kept, "created_at": world.clock.now()})
    _settings(world, change, account)
    _products(world, change, account, articles)


def add_credential(change: Change, account: str, token: str, **more: Any) -> Document:
    """Let one more token of a private app call; `header` says where it must be sent."""
    document = {
        "token": token,
        "account": account,
        "header": "brightpearl-staff-token",
        "pool": PRIVATE_POOL,
        "instance_id": PRIVATE_INSTANCE,
        "contact_id": CONNECTOR_PERSON,
        "expires_at": None,
        **more,
    }
    return change.put("bp_credential", token, document)


def _settings(world: World, change: Change, account: str) -> None:
    now = world.clock.now()
    change.put("bp_configuration", account, dict(_CONFIGURATION))
    for warehouse in _WAREHOUSES:
        number = warehouse["id"]
        full = {**warehouse, **_warehouse_rest(number)}
        change.put(shelf("bp_warehouse", account), number, full)
    for number, name, code, carrier in _METHODS:
        change.put(shelf("bp_method", account), number, _method(number, name, code, carrier))
    for number, name, provider in _CHANNELS:
        change.put(shelf("bp_channel", account), number, _channel(number, name, provider))
    for number, first, last in _STAFF:
        email = f"{first}.{last}@sandbox.test".lower()
        person = {"id": number, "first_name": first, "last_name": last, "email": email}
        kept = {**person, "staff": True, "created_on": now}
        change.put(shelf("bp_contact", account), number, kept)


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


def _products(world: World, change: Change, account: str, articles: Sequence[Article]) -> None:
    """Put up the articles, made a day ago, and where its parts are among them the bundle."""
    made_on = int(world.clock.now()) - 86_400
    warehouses = [warehouse["id"] for warehouse in _WAREHOUSES]
    numbers = {}
    for article in articles:
        product = make_product(change, account, article, made_on=made_on, warehouses=warehouses)
        numbers[article.sku] = product["id"]
    if all(sku in numbers for sku, _ in BUNDLE_PARTS):
        parts = [{"product_id": numbers[sku], "quantity": count} for sku, count in BUNDLE_PARTS]
        make_product(change, account, BUNDLE, made_on=made_on, components=parts)
    make_product(change, account, WITHOUT_SKU, made_on=made_on, warehouses=warehouses)
