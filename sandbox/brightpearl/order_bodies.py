"""A sales order in its two forms, nested and flat (contract section 8)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sandbox.brightpearl.order_standing import allocation_status, shipping_status
from sandbox.brightpearl.places import address_body
from sandbox.store import Document

WriteTime = Callable[[float], str]
STATUSES = {1: "Draft / Quote", 3: "New order", 4: "Invoiced", 5: "Cancelled"}
CANCELLED = 5
_GBP = "GBP"
# So much of any other currency is one of the accounting currency.
_RATE = Decimal(2)
_NOBODY = {"staffOwnerContactId": 0, "projectId": 0, "leadSourceId": 0, "teamId": 0}
_SAME_FOR_ALL: dict[str, Any] = {
    "state": {"tax": "NOT_INVOICED"},
    "tax": {"errors": []},
    "orderPaymentStatus": "UNPAID",
    "stockStatusCode": "SOA",
    "priceListId": 2,
    "priceModeCode": "EXC",
    "invoices": [{}],
    "acknowledged": 0,
    "costPriceListId": 1,
    "historicalOrder": False,
    "isDropship": False,
    "orderWeighting": 50,
}
_SAME_FOR_ALL_FLAT: dict[str, Any] = {
    "parentId": 0,
    "staffOwnerId": 0,
    "projectId": 0,
    "leadSourceId": 0,
    "teamId": 0,
    "priceListId": 2,
    "priceModeCode": "EXC",
    "orderPaymentStatus": "UNPAID",
    "stockStatusCode": "SOA",
    "orderWeighting": 50,
    "costPriceListId": 1,
}


def order_body(
    order: Document,
    notes: Sequence[Document],
    write_time: WriteTime,
    *,
    custom_fields: bool = False,
) -> dict[str, Any]:
    """Write an order as GET order does: parties nested, rows a map by row id.

    Custom fields come only where they are asked for, and only those that are set.
    """
    body: dict[str, Any] = {
        **_head(order, notes, write_time),
        "delivery": _delivery(order, write_time),
        "currency": {
            "accountingCurrencyCode": _GBP,
            "orderCurrencyCode": _currency(order),
            "exchangeRate": f"{_rate(order):.6f}",
            "fixedExchangeRate": False,
        },
        "totalValue": _totals(order),
        "assignment": {"current": {**_NOBODY, "channelId": order["channel_id"]}},
        "parties": _parties(order),
        "orderRows": {
            str(row["id"]): _nested_row(row, at, _currency(order))
            for at, row in enumerate(order["rows"], start=1)
        },
        "warehouseId": order["warehouse_id"],
        **_SAME_FOR_ALL,
    }
    if order["updated_on"] is not None:
        body["updatedOn"] = write_time(order["updated_on"])
    if custom_fields and order.get("custom_fields"):
        body["customFields"] = order["custom_fields"]
    return body


def _head(order: Document, notes: Sequence[Document], write_time: WriteTime) -> dict[str, Any]:
    return {
        "id": order["id"],
        "parentOrderId": 0,
        "orderTypeCode": "SO",
        "reference": order["reference"],
        "version": 1 + order["note_count"],
        "orderStatus": {"orderStatusId": order["status_id"], "name": STATUSES[order["status_id"]]},
        "allocationStatusCode": allocation_status(order, notes),
        "shippingStatusCode": shipping_status(order, notes),
        "placedOn": write_time(order["placed_on"]),
        "createdOn": write_time(order["created_on"]),
        "createdById": order["created_by"],
    }


def sales_order_body(
    order: Document, notes: Sequence[Document], write_time: WriteTime
) -> dict[str, Any]:
    """Write an order as GET sales-order does: flat, rows a list."""
    party = {"id": order["contact_id"], "address": address_body(order)}
    return {
        "id": order["id"],
        "customer": party,
        "billing": {"contactId": order["contact_id"], "address": address_body(order)},
        "ref": order["reference"],
        "placedOn": write_time(order["placed_on"]),
        **_SAME_FOR_ALL_FLAT,
        "currency": {
            "code": _currency(order),
            "fixedExchangeRate": False,
            "exchangeRate": f"{_rate(order):.6f}",
        },
        "statusId": order["status_id"],
        "warehouseId": order["warehouse_id"],
        "channelId": order["channel_id"],
        "delivery": {"address": address_body(order), "shippingMethodId": order["method_id"]},
        "rows": [_flat_row(row, at) for at, row in enumerate(order["rows"], start=1)],
        "total": _totals(order),
        "allocationStatusCode": allocation_status(order, notes),
        "shippingStatusCode": shipping_status(order, notes),
        "createdBy": order["created_by"],
        "createdOn": write_time(order["created_on"]),
        "isCanceled": order["status_id"] == CANCELLED,
    }


def _currency(order: Document) -> str:
    return str(order.get("currency", _GBP))


def _rate(order: Document) -> Decimal:
    return Decimal(1) if _currency(order) == _GBP else _RATE


def _delivery(order: Document, write_time: WriteTime) -> dict[str, Any]:
    delivery: dict[str, Any] = {"shippingMethodId": order["method_id"]}
    if order.get("deliver_on") is not None:
        delivery["deliveryDate"] = write_time(order["deliver_on"])
    return delivery


def _totals(order: Document) -> dict[str, str]:
    net = sum((Decimal(row["net"]) for row in order["rows"]), Decimal())
    tax = sum((Decimal(row["tax"]) for row in order["rows"]), Decimal())
    values = {"net": net, "taxAmount": tax, "total": net + tax}
    rate = _rate(order)
    values |= {"baseNet": net / rate, "baseTaxAmount": tax / rate, "baseTotal": (net + tax) / rate}
    return {name: f"{value:.2f}" for name, value in values.items()}


def _parties(order: Document) -> dict[str, Any]:
    person = {"contactId": order["contact_id"], **address_body(order)}
    return {"customer": person, "delivery": address_body(order), "billing": person}


def _money(value: str, currency: str) -> dict[str, str]:
    return {"currencyCode": currency, "value": value}


def _magnitude(quantity: Any) -> str:
    return f"{Decimal(str(quantity)):.4f}"


def _nested_row(row: Document, at: int, currency: str) -> dict[str, Any]:
    """Write a row by the recorded form; a free-text row has no `productSku`."""
    body = {
        "orderRowSequence": str(at * 10),
        "productId": row["product_id"],
        "productName": row["name"],
        "productSku": row["sku"],
        "quantity": {"magnitude": _magnitude(row["quantity"])},
        "itemCost": _money("0.0000", currency),
        "productPrice": _money(row["price"], currency),
        "discountPercentage": row.get("discount", "0.00"),
        "rowValue": {
            "taxRate": "20.0000",
            "taxCode": "T20",
            "taxCalculator": "brightpearl",
            "rowNet": _money(row["net"], currency),
            "rowTax": _money(row["tax"], currency),
            "taxClassId": 7,
        },
        "nominalCode": row["nominal"],
        "composition": {
            "bundleParent": row["bundle_parent"],
            "bundleChild": row["bundle_child"],
            "parentOrderRowId": row["parent_row_id"],
        },
        "clonedFromId": 0,
    }
    return body if row["sku"] is not None else {k: v for k, v in body.items() if k != "productSku"}


def _flat_row(row: Document, at: int) -> dict[str, Any]:
    body = {
        "id": row["id"],
        "productId": row["product_id"],
        "name": row["name"],
        "sku": row["sku"],
        "quantity": _magnitude(row["quantity"]),
        "taxCode": "T20",
        "net": row["net"],
        "tax": row["tax"],
        "nominalCode": row["nominal"],
        "productPrice": row["price"],
        "discountPercentage": row.get("discount", "0.00"),
        "sequence": at * 10,
        "bundleChild": row["bundle_child"],
        "bundleParent": row["bundle_parent"],
        "parentRowId": row["parent_row_id"],
        "taxClassId": 7,
        "taxCalculator": "brightpearl",
        "clonedFromId": 0,
    }
    return body if row["sku"] is not None else {k: v for k, v in body.items() if k != "sku"}
