"""What `order_create` is asked for (contract §6); unset fields are not sent."""

from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from shared.vendors.shiphero.times import as_shiphero_time

# Money travels as text (contract §6).
TextMoney = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]
WrittenTime = Annotated[AwareDatetime, PlainSerializer(as_shiphero_time, return_type=str)]


class Writing(BaseModel):
    """A border model for what goes out: an unknown field is a mistake of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NewAddress(Writing):
    """A shipping or billing address; two-letter country in both country fields."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    state_code: str | None = None
    zip: str | None = None
    country: str | None = None
    country_code: str | None = None
    email: str | None = None
    phone: str | None = None


class NewShippingLines(Writing):
    """How to send it: `title` is what ShipHero's rules test, carrier and method machine keys."""

    title: str
    price: TextMoney = Decimal("0.00")
    carrier: str | None = None
    method: str | None = None


class NewLineItem(Writing):
    """One line; `partner_line_item_id` is unique in the order, and best in the whole store."""

    sku: str
    partner_line_item_id: str
    quantity: int = Field(gt=0)
    price: TextMoney
    product_name: str | None = None
    fulfillment_status: str | None = None
    quantity_pending_fulfillment: int | None = None
    customs_value: TextMoney | None = None
    barcode: str | None = None
    warehouse_id: str | None = None


class NewHolds(Writing):
    """Holds to set from the start."""

    payment_hold: bool | None = None
    operator_hold: bool | None = None
    fraud_hold: bool | None = None
    address_hold: bool | None = None
    client_hold: bool | None = None


class NewOrder(Writing):
    """An order for the warehouse; `partner_order_id` is our key of the goods-out note.

    `customer_account_id` is added by the client, from the connection's settings.
    """

    order_number: str
    partner_order_id: str
    shop_name: str | None = None
    fulfillment_status: str = "pending"
    order_date: WrittenTime | None = None
    total_tax: TextMoney | None = None
    subtotal: TextMoney | None = None
    total_discounts: TextMoney | None = None
    total_price: TextMoney | None = None
    currency: str | None = None
    shipping_lines: NewShippingLines
    shipping_address: NewAddress
    billing_address: NewAddress | None = None
    email: str | None = None
    line_items: tuple[NewLineItem, ...] = Field(min_length=1)
    tags: tuple[str, ...] | None = None
    packing_note: str | None = None
    gift_note: str | None = None
    required_ship_date: WrittenTime | None = None
    hold_until_date: WrittenTime | None = None
    priority_flag: bool | None = None
    allow_partial: bool | None = None
    allow_split: bool | None = None
    require_signature: bool | None = None
    ignore_address_validation_errors: bool | None = None
    skip_address_validation: bool | None = None
    holds: NewHolds | None = None


class OrderChange(Writing):
    """What `order_update` is to make otherwise in an order's header (contract §7); None stays.

    An empty text or tuple clears what it names. Lines cannot be changed so.
    """

    order_id: str
    shipping_lines: NewShippingLines | None = None
    priority_flag: bool | None = None
    shipping_address: NewAddress | None = None
    billing_address: NewAddress | None = None
    required_ship_date: WrittenTime | None = None
    hold_until_date: WrittenTime | None = None
    packing_note: str | None = None
    gift_note: str | None = None
    tags: tuple[str, ...] | None = None
