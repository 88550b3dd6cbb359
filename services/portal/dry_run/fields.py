"""An order for ShipHero, field by field, and which field of Brightpearl each comes from; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.accounts import CHANNEL_AS_SHOP, AccountSettings
from shared.pushing.comparing import LINES, flat

OURS: Final = "Goodsout's own"

_ADDRESS: Final[Mapping[str, str]] = {
    "first_name": "name, all but the last word: `addressFullName`",
    "last_name": "name, the last word: `addressFullName`",
    "company": "company: `companyName`",
    "address1": "line 1: `addressLine1`",
    "address2": "line 2: `addressLine2`",
    "city": "line 3, the town: `addressLine3`",
    "state": "line 4, the county or state: `addressLine4`",
    "state_code": "the code of the state in `addressLine4`",
    "zip": "postcode: `postalCode`",
    "country": "country: `countryIsoCode`",
    "country_code": "country: `countryIsoCode`",
    "email": "e-mail: `email`",
    "phone": "telephone, or mobile: `telephone`, `mobileTelephone`",
}
_PERSONAL: Final = ("shipping_address.", "billing_address.", "email", "packing_note", "gift_note")
# What tells where a parcel goes, but not to whom.
_NOT_PERSONAL: Final = (".country", ".country_code", ".state", ".state_code")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the order; `source` may name Brightpearl's field between backticks."""

    name: str
    value: str
    source: str
    is_personal: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the order."""

    sku: str
    name: str
    quantity: str
    price: str
    warehouse: str
    row: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields that belong together, under a heading."""

    title: str
    fields: Sequence[Field]


LINE_SOURCES: Final[Mapping[str, str]] = {
    "SKU": "the sales order row's `productSku`, else the product's",
    "Product": "the row's `productName`",
    "Pieces": "the note's rows, all places together",
    "Price": "the row's `rowValue.rowNet` for one piece, or its share of a bundle's",
    "Warehouse": "the note's `warehouseId`, as mapped",
}
_GROUPS: Final = (
    ("Order", ("order_number", "partner_order_id", "shop_name", "order_date", "total_tax",
               "total_price", "currency", "fulfillment_status", "tags", "email")),
    ("Shipping", ("shipping_lines.", "required_ship_date", "hold_until_date", "priority_flag")),
    ("Delivery address", ("shipping_address.",)),
    ("Billing address", ("billing_address.",)),
    ("Remarks", ("packing_note", "gift_note")),
)  # fmt: skip


def groups_of(order: Mapping[str, Any], settings: AccountSettings) -> list[Group]:
    """Lay the order's header out in groups; one that is empty is left out."""
    sources = _sources(settings)
    fields = [
        _field(name, value, sources)
        for name, value in flat(order).items()
        if not name.startswith(f"{LINES}.")
    ]
    found = [
        Group(title=title, fields=[one for one in fields if _is_in(one.name, names)])
        for title, names in _GROUPS
    ]
    return [group for group in found if group.fields]


def lines_of(order: Mapping[str, Any], settings: AccountSettings) -> list[Line]:
    """Lay the order's lines out."""
    names = {one.shiphero_id: one.name for one in settings.warehouses.values()}
    return [
        Line(
            sku=str(line.get("sku", "")),
            name=str(line.get("product_name", "")),
            quantity=str(line.get("quantity", "")),
            price=str(line.get("price", "")),
            warehouse=names.get(
                str(line.get("warehouse_id", "")), str(line.get("warehouse_id", ""))
            ),
            row=str(line.get("partner_line_item_id", "")).rpartition("-")[2],
        )
        for line in order.get(LINES, ())
    ]


def is_personal(name: str) -> bool:
    """Tell whether a field says who somebody is, or where they live."""
    return name.startswith(_PERSONAL) and not name.endswith(_NOT_PERSONAL)


def _field(name: str, value: str, sources: Mapping[str, str]) -> Field:
    return Field(
        name=name,
        value=value,
        source=sources.get(name) or _of_address(name) or OURS,
        is_personal=is_personal(name),
    )


def _is_in(name: str, names: Sequence[str]) -> bool:
    return any(name == one or (one.endswith(".") and name.startswith(one)) for one in names)


def _of_address(name: str) -> str:
    place, _, field = name.partition(".")
    of = {"shipping_address": "Delivery address", "billing_address": "Billing address"}.get(place)
    return f"{of}, {_ADDRESS[field]}" if of and field in _ADDRESS else ""


def _sources(settings: AccountSettings) -> dict[str, str]:
    return dict(_sourced(settings))


def _sourced(settings: AccountSettings) -> Iterator[tuple[str, str]]:
    channel = "Sales order, channel: `assignment.current.channelId`"
    as_shop = settings.channel_as == CHANNEL_AS_SHOP
    yield "order_number", f"Your order number template: `{settings.order_number_template}`"
    yield "partner_order_id", "Our key of the note: `goodsOutNoteId`"
    yield "shop_name", channel if as_shop else OURS
    yield "tags", channel
    yield "order_date", "Sales order, placed on: `placedOn`"
    yield "total_tax", "Sales order, tax: `totalValue.taxAmount`"
    yield "total_price", "Sales order, total: `totalValue.total`"
    yield "currency", "Sales order, currency: `currency.orderCurrencyCode`"
    yield "email", "Sales order, e-mail of the recipient, else the buyer: `parties.*.email`"
    for part in ("title", "carrier", "method"):
        yield (
            f"shipping_lines.{part}",
            "Goods-out note, shipping method as you mapped it: `shipping.shippingMethodId`",
        )
    yield "shipping_lines.price", "Sales order rows on your shipping nominal: `rowValue.rowNet`"
    yield "required_ship_date", "Sales order, delivery date: `delivery.deliveryDate`"
    yield "hold_until_date", "Goods-out note, release date: `releaseDate`"
    yield "priority_flag", "Goods-out note, priority: `priority`"
    yield "packing_note", f"Sales order, custom field `{settings.packing_note_field}`"
    yield "gift_note", f"Sales order, custom field `{settings.gift_note_field}`"
