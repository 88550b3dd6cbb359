"""ShipHero's orders and shipments in its own words, as read.

Ids are opaque text, never decoded. Money, weights and sizes come as text and are `Decimal` here,
None when empty. Times come without a zone and are UTC (contract §5).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

CANCELED = frozenset({"canceled", "cancelled"})  # both spellings are documented (contract §7)


def _in_utc(value: datetime) -> datetime:
    # No zone is sent; measured to be UTC (contract §5).
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _empty_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _nodes(value: Any) -> Any:
    # A connection becomes the tuple of its nodes; null edges and nodes are possible in the schema.
    if not isinstance(value, Mapping):
        return value
    edges = value.get("edges") or ()
    return tuple(edge["node"] for edge in edges if edge and edge.get("node") is not None)


UtcTime = Annotated[datetime, AfterValidator(_in_utc)]
MaybeTime = Annotated[UtcTime | None, BeforeValidator(_empty_is_none)]
MaybeDecimal = Annotated[Decimal | None, BeforeValidator(_empty_is_none)]
Nodes = BeforeValidator(_nodes)


class Reading(BaseModel):
    """A border model for what comes in: extra fields are ignored, null means the default."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, coerce_numbers_to_str=True
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_missing(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            return {key: value for key, value in given.items() if value is not None}
        return given


class OrderHolds(Reading):
    """What keeps an order from being shipped."""

    fraud_hold: bool = False
    address_hold: bool = False
    shipping_method_hold: bool = False
    operator_hold: bool = False
    payment_hold: bool = False
    client_hold: bool = False

    @property
    def any(self) -> bool:
        """Whether at least one hold is set."""
        return any(self.model_dump().values())


class LineItem(Reading):
    """One line of an order; `partner_line_item_id` is ours."""

    id: str
    sku: str = ""
    partner_line_item_id: str = ""
    quantity: int = 0
    quantity_pending_fulfillment: int = 0
    quantity_shipped: int = 0
    quantity_allocated: int = 0
    backorder_quantity: int = 0
    fulfillment_status: str = ""
    price: MaybeDecimal = None
    product_name: str = ""


class ShippedLine(Reading):
    """The line a shipped quantity belongs to."""

    partner_line_item_id: str = ""
    sku: str = ""


class ShipmentLineItem(Reading):
    """How many of an order's line went into one parcel (`shipping_label_id`)."""

    id: str
    line_item_id: str = ""
    shipping_label_id: str = ""
    quantity: int = 0
    line_item: ShippedLine = ShippedLine()


class Dimensions(Reading):
    """Of a parcel, in the account's units, ounces and inches by default."""

    weight: MaybeDecimal = None
    height: MaybeDecimal = None
    width: MaybeDecimal = None
    length: MaybeDecimal = None


class ShippingLabel(Reading):
    """One parcel; `tracking_number` can be "" and `status` is free text, "valid" seen."""

    id: str
    status: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    alternate_tracking_id: str = ""
    carrier: str = ""
    shipping_name: str = ""
    shipping_method: str = ""
    cost: MaybeDecimal = None
    box_name: str = ""
    package_number: int | None = None
    tracking_status: str = ""
    refunded: bool = False
    needs_refund: bool = False
    dimensions: Dimensions = Dimensions()
    created_date: MaybeTime = None


class Shipment(Reading):
    """One parcel event with its labels; `completed` False means the store was not told."""

    id: str
    legacy_id: int | None = None
    order_id: str = ""
    warehouse_id: str = ""
    created_date: MaybeTime = None
    completed: bool | None = None
    picked_up: bool = False
    delivered: bool = False
    refunded: bool = False
    needs_refund: bool = False
    dropshipment: bool = False
    shipped_off_shiphero: bool = False
    total_packages: int | None = None
    line_items: Annotated[tuple[ShipmentLineItem, ...], Nodes] = ()
    shipping_labels: tuple[ShippingLabel, ...] = ()


class ShippingLines(Reading):
    """How an order is to be sent: `title` is what mapping rules test, the rest machine keys."""

    title: str = ""
    carrier: str = ""
    method: str = ""
    price: MaybeDecimal = None


class OrderAddress(Reading):
    """Where an order goes; all empty may only mean that `view:pii` is missing (contract §1)."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


class OrderRef(Reading):
    """What a mutation answers about the order it made or changed."""

    id: str
    legacy_id: int | None = None
    order_number: str = ""
    partner_order_id: str = ""
    fulfillment_status: str = ""

    @property
    def canceled(self) -> bool:
        """Whether the order is cancelled, in either spelling."""
        return self.fulfillment_status.lower() in CANCELED

    @property
    def fulfilled(self) -> bool:
        """Whether ShipHero calls it fulfilled; any other status is free text (contract §7)."""
        return self.fulfillment_status.lower() == "fulfilled"


class ShipHeroOrder(OrderRef):
    """An order with all its lines and shipments."""

    account_id: str = ""
    shop_name: str = ""
    order_date: MaybeTime = None
    updated_at: MaybeTime = None
    hold_until_date: MaybeTime = None
    total_price: MaybeDecimal = None
    currency: str = ""
    priority_flag: bool = False
    tags: tuple[str, ...] = ()
    holds: OrderHolds = OrderHolds()
    shipping_lines: ShippingLines = ShippingLines()
    shipping_address: OrderAddress = OrderAddress()
    line_items: Annotated[tuple[LineItem, ...], Nodes] = ()
    shipments: tuple[Shipment, ...] = ()
