"""Sales orders in Brightpearl's own words: the nested form of `order` GET (contract §8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

from shared.vendors.brightpearl.custom_fields import as_words
from shared.vendors.brightpearl.models import Reading, Writing, empty_list_is_empty_map

FREE_TEXT_PRODUCT_ID = 1000  # free-text rows bear this product id (contract §8)


def _with_ids(given: Any) -> Any:
    # The id is the key of the map and not inside the object (contract §5).
    given = empty_list_is_empty_map(given)
    if not isinstance(given, Mapping):
        return given
    return {
        key: {"id": key, **value} if isinstance(value, Mapping) else value
        for key, value in given.items()
    }


class Money(Reading):
    """An amount in a currency; four decimals are usual on order rows."""

    currency_code: str = ""
    value: Decimal = Decimal(0)


class Quantity(Reading):
    """How many; Brightpearl sends it as text (contract §5)."""

    magnitude: Decimal


class RowValue(Reading):
    """What a whole row costs: net and tax, never per piece."""

    tax_rate: Decimal = Decimal(0)
    tax_code: str = ""
    row_net: Money = Money()
    row_tax: Money = Money()


class RowComposition(Reading):
    """Whether a row is a bundle, or a part of the bundle in `parent_order_row_id`."""

    bundle_parent: bool = False
    bundle_child: bool = False
    parent_order_row_id: int = 0


class OrderRow(Reading):
    """One row of a sales order; `product_sku` is "" on free-text rows."""

    id: int
    order_row_sequence: str = ""
    product_id: int = 0
    product_name: str = ""
    product_sku: str = ""
    quantity: Quantity = Quantity(magnitude=Decimal(0))
    product_price: Money | None = None
    discount_percentage: Decimal = Decimal(0)
    row_value: RowValue = RowValue()
    nominal_code: str = ""
    composition: RowComposition = RowComposition()


class Party(Reading):
    """A person and address on an order; line 3 is the city, line 4 the state (contract §8)."""

    contact_id: int | None = None
    address_full_name: str = ""
    company_name: str = ""
    address_line1: str = Field(default="", alias="addressLine1")
    address_line2: str = Field(default="", alias="addressLine2")
    address_line3: str = Field(default="", alias="addressLine3")
    address_line4: str = Field(default="", alias="addressLine4")
    postal_code: str = ""
    country: str = ""
    country_id: int = 0
    country_iso_code: str = ""
    country_iso_code3: str = Field(default="", alias="countryIsoCode3")
    telephone: str = ""
    mobile_telephone: str = ""
    email: str = ""


class Parties(Reading):
    """Who bought, who receives, who pays."""

    customer: Party = Party()
    delivery: Party = Party()
    billing: Party = Party()


class OrderStatus(Reading):
    """The merchant's own status of an order."""

    order_status_id: int
    name: str = ""


class OrderDelivery(Reading):
    """When and how the order is wanted; method 0 = none."""

    delivery_date: AwareDatetime | None = None
    shipping_method_id: int = 0


class OrderCurrency(Reading):
    """The order's currency; `total_value`'s plain amounts are in `order_currency_code`."""

    accounting_currency_code: str = ""
    order_currency_code: str = ""
    exchange_rate: Decimal = Decimal(1)


class TotalValue(Reading):
    """The order's totals in its own currency, those with `base` in the accounting currency."""

    net: Decimal = Decimal(0)
    tax_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    base_total: Decimal = Decimal(0)


class CurrentAssignment(Reading):
    """Who and what an order belongs to; 0 = unset."""

    staff_owner_contact_id: int = 0
    channel_id: int = 0


class Assignment(Reading):
    """The wrapper Brightpearl puts around the present assignment."""

    current: CurrentAssignment = CurrentAssignment()


class SalesOrder(Reading):
    """A promise to a customer, in the nested form of `order` GET (contract §8).

    `order_type_code` is SO for a sales order; the id set may return PO, SC and PC too.
    `custom_fields` are words by code (PCF_...), there only where they were asked for.
    """

    id: int
    parent_order_id: int = 0
    order_type_code: str = ""
    reference: str = ""
    version: int | None = None
    order_status: OrderStatus | None = None
    order_payment_status: str = ""
    allocation_status_code: str = ""
    shipping_status_code: str = ""
    placed_on: AwareDatetime | None = None
    created_on: AwareDatetime | None = None
    updated_on: AwareDatetime | None = None
    delivery: OrderDelivery = OrderDelivery()
    currency: OrderCurrency = OrderCurrency()
    total_value: TotalValue = TotalValue()
    assignment: Assignment = Assignment()
    parties: Parties = Parties()
    order_rows: Annotated[Mapping[int, OrderRow], BeforeValidator(_with_ids)] = {}
    warehouse_id: int = 0
    is_dropship: bool = False
    custom_fields: Annotated[Mapping[str, str], BeforeValidator(as_words)] = {}

    @property
    def channel_id(self) -> int:
        """The sales channel, 0 when unset."""
        return self.assignment.current.channel_id

    def row(self, order_row_id: int) -> OrderRow | None:
        """Find the row a note line points at; None when the order no longer has it."""
        return self.order_rows.get(order_row_id)


class OrderNote(Reading):
    """A remark on a sales order."""

    note_id: int
    contact_id: int | None = None
    text: str = ""
    is_public: bool = False
    added_on: AwareDatetime | None = None
    added_by: int | None = None


class NewOrderNote(Writing):
    """A remark to add; private unless said otherwise."""

    text: str
    is_public: bool = False
