"""Sensible vendor objects, each field replaceable; they hide what a test is not about.

They fit together: note 501 takes two pieces of row 8001 of sales order 4001 out of warehouse 2.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from shared.vendors.brightpearl.account_models import (
    Identity,
    Product,
    ProductOnChannel,
    ProductStock,
)
from shared.vendors.brightpearl.models import GoodsOutNote, NoteRow, NoteShipping, NoteStatus
from shared.vendors.brightpearl.order_models import (
    Assignment,
    CurrentAssignment,
    Money,
    OrderCurrency,
    OrderDelivery,
    OrderRow,
    Parties,
    Party,
    Quantity,
    RowValue,
    SalesOrder,
    TotalValue,
)
from shared.vendors.shiphero.models import (
    LineItem,
    ShipHeroOrder,
    Shipment,
    ShipmentLineItem,
    ShippedLine,
    ShippingLabel,
)
from shared.vendors.shiphero.new_order import NewAddress, NewLineItem, NewOrder, NewShippingLines

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_goods_out_note(**fields: Any) -> GoodsOutNote:
    """Build an open note: two pieces of one row; `shipped=True` marks it as gone."""
    shipped = fields.pop("shipped", False)
    given: dict[str, Any] = {
        "id": 501,
        "order_id": 4001,
        "sequence": 1,
        "warehouse_id": 2,
        "status": NoteStatus(shipped=shipped, shipped_on=MORNING if shipped else None),
        "shipping": NoteShipping(shipping_method_id=5),
        "release_date": MORNING,
        "created_on": MORNING,
        "order_rows": {8001: (NoteRow(product_id=1501, quantity=Decimal(2), location_id=2),)},
        "last_event_version": 52,
    }
    return GoodsOutNote(**{**given, **fields})


def an_order_row(**fields: Any) -> OrderRow:
    """Build a row of three pieces at 4.50 each, net."""
    given: dict[str, Any] = {
        "id": 8001,
        "order_row_sequence": "10",
        "product_id": 1501,
        "product_name": "Earl Grey, loose",
        "product_sku": "TEA-EARL",
        "quantity": Quantity(magnitude=Decimal(3)),
        "row_value": RowValue(
            tax_rate=Decimal(20),
            tax_code="T20",
            row_net=Money(currency_code="GBP", value=Decimal("13.5000")),
            row_tax=Money(currency_code="GBP", value=Decimal("2.70")),
        ),
    }
    return OrderRow(**{**given, **fields})


def a_party(**fields: Any) -> Party:
    """Build a person with a full address."""
    given: dict[str, Any] = {
        "contact_id": 200,
        "address_full_name": "Ida Moss",
        "company_name": "Moss & Fern",
        "address_line1": "7 Quay Street",
        "address_line2": "Unit 3",
        "address_line3": "Bristol",
        "address_line4": "Avon",
        "postal_code": "BS1 4XX",
        "country": "United Kingdom",
        "country_id": 222,
        "country_iso_code": "GB",
        "country_iso_code3": "GBR",
        "telephone": "0117 000 0000",
        "email": "ida@example.com",
    }
    return Party(**{**given, **fields})


def a_sales_order(*rows: OrderRow, **fields: Any) -> SalesOrder:
    """Build a sales order of one row, or of the rows given."""
    given: dict[str, Any] = {
        "id": 4001,
        "order_type_code": "SO",
        "reference": "WEB-4001",
        "version": 3,
        "shipping_status_code": "SNS",
        "allocation_status_code": "AAA",
        "placed_on": MORNING,
        "created_on": MORNING,
        "delivery": OrderDelivery(shipping_method_id=5),
        "currency": OrderCurrency(accounting_currency_code="GBP", order_currency_code="GBP"),
        "total_value": TotalValue(
            net=Decimal("13.50"), tax_amount=Decimal("2.70"), total=Decimal("16.20")
        ),
        "assignment": Assignment(current=CurrentAssignment(channel_id=1)),
        "parties": Parties(customer=a_party(), delivery=a_party(), billing=a_party()),
        "order_rows": {row.id: row for row in rows or (an_order_row(),)},
        "warehouse_id": 2,
    }
    return SalesOrder(**{**given, **fields})


def a_product(**fields: Any) -> Product:
    """Build a stock-tracked product; `sku` and `name` may be given directly."""
    given: dict[str, Any] = {
        "id": 1501,
        "identity": Identity(sku=fields.pop("sku", "TEA-EARL")),
        "stock": ProductStock(stock_tracked=True),
        "sales_channels": (
            ProductOnChannel(
                sales_channel_name="Brightpearl",
                product_name=fields.pop("name", "Earl Grey, loose"),
            ),
        ),
        "status": "LIVE",
    }
    return Product(**{**given, **fields})


def a_new_order(**fields: Any) -> NewOrder:
    """Build what `create_order` is asked for: two pieces for Ida Moss."""
    given: dict[str, Any] = {
        "order_number": "WEB-4001/1",
        "partner_order_id": "GO-demo-501",
        "shipping_lines": NewShippingLines(title="Standard 48h"),
        "shipping_address": NewAddress(
            first_name="Ida",
            last_name="Moss",
            address1="7 Quay Street",
            city="Bristol",
            zip="BS1 4XX",
            country="GB",
            country_code="GB",
        ),
        "line_items": (
            NewLineItem(
                sku="TEA-EARL",
                partner_line_item_id="GO-demo-501-8001",
                quantity=2,
                price=Decimal("4.50"),
                product_name="Earl Grey, loose",
            ),
        ),
    }
    return NewOrder(**{**given, **fields})


def a_line_item(**fields: Any) -> LineItem:
    """Build a line of an order at ShipHero: two pieces, none shipped."""
    given: dict[str, Any] = {
        "id": "LINE-1",
        "sku": "TEA-EARL",
        "partner_line_item_id": "GO-demo-501-8001",
        "quantity": 2,
        "quantity_pending_fulfillment": 2,
        "fulfillment_status": "pending",
    }
    return LineItem(**{**given, **fields})


def a_shiphero_order(**fields: Any) -> ShipHeroOrder:
    """Build the ShipHero order of note 501, not shipped yet."""
    given: dict[str, Any] = {
        "id": "SH-501",
        "legacy_id": 7501,
        "order_number": "WEB-4001/1",
        "partner_order_id": "GO-demo-501",
        "fulfillment_status": "pending",
        "order_date": MORNING,
        "updated_at": MORNING,
        "line_items": (a_line_item(),),
    }
    return ShipHeroOrder(**{**given, **fields})


def a_shipping_label(**fields: Any) -> ShippingLabel:
    """Build one parcel's label."""
    given: dict[str, Any] = {
        "id": "LABEL-1",
        "status": "valid",
        "tracking_number": "1Z-TEST-0001",
        "tracking_url": "https://track.example.com/1Z-TEST-0001",
        "carrier": "ups",
        "shipping_method": "UPS Ground",
        "created_date": MORNING,
    }
    return ShippingLabel(**{**given, **fields})


def a_shipment(**fields: Any) -> Shipment:
    """Build a shipment of both pieces in one parcel."""
    given: dict[str, Any] = {
        "id": "SHIPMENT-1",
        "order_id": "SH-501",
        "warehouse_id": "WAREHOUSE-1",
        "created_date": MORNING,
        "completed": True,
        "total_packages": 1,
        "line_items": (
            ShipmentLineItem(
                id="SHIPPED-1",
                line_item_id="LINE-1",
                shipping_label_id="LABEL-1",
                quantity=2,
                line_item=ShippedLine(partner_line_item_id="GO-demo-501-8001", sku="TEA-EARL"),
            ),
        ),
        "shipping_labels": (a_shipping_label(),),
    }
    return Shipment(**{**given, **fields})
