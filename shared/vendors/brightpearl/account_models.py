"""Products and an account's standing lists, in Brightpearl's own words (contract §9, §10, §12)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

from shared.vendors.brightpearl.models import Reading, Writing

THIRD_PARTY_LOGISTICS = "3pl"  # a warehouse's typeCode

# Every variable the receiver needs; the key names are ours (contract §13).
WEBHOOK_BODY = (
    '{"accountCode":"${account-code}","resourceType":"${resource-type}","id":"${resource-id}",'
    '"lifecycleEvent":"${lifecycle-event}","fullEvent":"${full-event}",'
    '"raisedOn":"${raised-on}","brightpearlVersion":"${brightpearl-version}"}'
)


class Identity(Reading):
    """A product's codes; "" and missing are the same (contract §9)."""

    sku: str = ""
    barcode: str = ""
    ean: str = ""
    upc: str = ""
    isbn: str = ""
    mpn: str = ""


class Weight(Reading):
    """In the account's `productWeightUnit`."""

    magnitude: Decimal = Decimal(0)


class Dimensions(Reading):
    """In the account's unit of length; 0 when unset."""

    length: Decimal = Decimal(0)
    height: Decimal = Decimal(0)
    width: Decimal = Decimal(0)
    volume: Decimal = Decimal(0)


class ProductStock(Reading):
    """Whether stock is counted, and how heavy and large one piece is."""

    stock_tracked: bool = False
    weight: Weight = Weight()
    dimensions: Dimensions = Dimensions()


class ProductOnChannel(Reading):
    """The wording of a product; the first entry bears its name (contract §9)."""

    sales_channel_name: str = ""
    product_name: str = ""


class BundleComponent(Reading):
    """One part of a bundle."""

    product_id: int
    product_quantity: Decimal


class ProductComposition(Reading):
    """Whether the product is a bundle, which is never stock-tracked itself."""

    bundle: bool = False
    bundle_components: tuple[BundleComponent, ...] = ()


class Product(Reading):
    """A product; `sku` may be empty and its uniqueness is not promised."""

    id: int
    identity: Identity = Identity()
    stock: ProductStock = ProductStock()
    sales_channels: tuple[ProductOnChannel, ...] = ()
    composition: ProductComposition = ProductComposition()
    status: str = ""
    created_on: AwareDatetime | None = None
    updated_on: AwareDatetime | None = None
    version: int | None = None

    @property
    def sku(self) -> str:
        """The stock keeping unit, "" when the product has none."""
        return self.identity.sku

    @property
    def name(self) -> str:
        """The name on the first sales channel, "" when there is none."""
        return self.sales_channels[0].product_name if self.sales_channels else ""


class WarehouseAddress(Reading):
    """Where a warehouse stands; may be nothing but `address_id` (contract §10)."""

    address_id: int = 0
    street_address: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country_id: int = 0
    country_iso_code2: str = Field(default="", alias="countryIsoCode2")


class Warehouse(Reading):
    """A place that holds stock."""

    id: int
    name: str = ""
    type_code: str = ""
    type_description: str = ""
    address: WarehouseAddress = WarehouseAddress()


class ShippingMethod(Reading):
    """A way to send goods, named by the customer; id 0 elsewhere means none."""

    id: int
    name: str = ""
    code: str = ""
    carrier: str = ""
    additional_information_required: bool = False


class Channel(Reading):
    """A sales channel, "department" in old names."""

    id: int
    name: str = ""
    channel_type_id: int = 0
    channel_brand_id: int = 0
    default_warehouse_id: int = 0
    warehouse_ids: tuple[int, ...] = ()


def _as_texts(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return {}
    return {key: str(value) for key, value in given.items() if value is not None}


class AccountConfiguration(Reading):
    """The account's settings: every value is text (contract §10)."""

    configuration: Annotated[Mapping[str, str], BeforeValidator(_as_texts)] = {}

    @property
    def time_zone(self) -> str:
        """The account's zone, such as Europe/London; "" when not told."""
        return self.configuration.get("timeZone", "")

    @property
    def product_weight_unit(self) -> str:
        """The unit of every weight, such as GRAM; "" when not told."""
        return self.configuration.get("productWeightUnit", "")

    @property
    def base_currency_code(self) -> str:
        """The accounting currency; "" when not told."""
        return self.configuration.get("baseCurrencyCode", "")

    @property
    def shipping_nominal_code(self) -> str:
        """What tells an order's postage from its goods; "" when not told."""
        return self.configuration.get("shippingNominalCode", "")


class StaffContact(Reading):
    """A person of the merchant's who may own shipped events."""

    contact_id: int
    first_name: str = ""
    last_name: str = ""


class Webhook(Reading):
    """A subscription of ours or of somebody else's (contract §12)."""

    id: int
    subscribe_to: str = ""
    http_method: str = ""
    uri_template: str = ""
    body_template: str = ""
    content_type: str = ""
    id_set_accepted: bool = False
    quality_of_service: int = 0


class NewWebhook(Writing):
    """A subscription to make; the secret is in the path of `uri_template`."""

    subscribe_to: str
    uri_template: str
    http_method: str = "POST"
    body_template: str = WEBHOOK_BODY
    content_type: str = "application/json"
    id_set_accepted: bool = True
    quality_of_service: int = 1


class WebhookBody(Reading):
    """What arrives: a hint without data; `id` may be an id set such as "1-5,99" (contract §13)."""

    account_code: str = ""
    resource_type: str = ""
    id: str
    lifecycle_event: str = ""
    full_event: str = ""
    raised_on: str = ""


class FoundNote(Reading):
    """A row of the goods-out note search (contract §6a); the only place with `channel_id`."""

    goods_out_note_id: int
    order_id: int = 0
    warehouse_id: int = 0
    shipping_method_id: int = 0
    channel_id: int = 0
    printed: bool = False
    picked: bool = False
    packed: bool = False
    shipped: bool = False
    shipped_on: AwareDatetime | None = None
    priority: bool = False
    created_on: AwareDatetime | None = None
    release_date: AwareDatetime | None = None
    transfer: bool = False


class FoundProduct(Reading):
    """A row of the product search (contract §9); weight and bundle are only in `products`."""

    product_id: int
    updated_on: AwareDatetime | None = None
