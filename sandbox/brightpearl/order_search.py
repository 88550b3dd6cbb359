"""The columns and rows of order-search (contract section 8, recorded)."""

from sandbox.brightpearl.order_bodies import STATUSES
from sandbox.brightpearl.search import Column, Row
from sandbox.store import Document

COLUMNS = (
    Column("orderId", "IDSET"),
    Column("orderTypeId", "IDSET", reference=("orderTypeNames",)),
    Column("contactId", "INTEGER"),
    Column("orderStatusId", "INTEGER", reference=("orderStatusNames",)),
    Column("orderStockStatusId", "INTEGER", reference=("orderStockStatusNames",)),
    Column("createdOn", "PERIOD"),
    Column("createdById", "INTEGER"),
    Column("customerRef", "STRING"),
    Column("orderPaymentStatusId", "INTEGER", reference=("orderPaymentStatusNames",)),
    Column("updatedOn", "PERIOD"),
    Column("parentOrderId", "IDSET"),
    Column("orderShippingStatusId", "INTEGER", reference=("orderShippingStatusNames",)),
    Column("externalRef", "STRING"),
    Column("installedIntegrationInstanceId", "INTEGER"),
    Column("warehouseId", "IDSET"),
    Column("staffOwnerContactId", "INTEGER"),
    Column("taxDate", "PERIOD"),
    Column("departmentId", "INTEGER"),
    Column("deliveryDate", "PERIOD"),
)
_SHIPPING = {"NST": 1, "SNS": 2, "SPS": 3, "ASS": 4}
REFERENCE = {
    "orderTypeNames": {"1": "SALES_ORDER"},
    "orderStatusNames": {str(number): name for number, name in STATUSES.items()},
    "orderStockStatusNames": {"13": "Unset"},
    "orderPaymentStatusNames": {"1": "UNPAID"},
    "orderShippingStatusNames": {
        "1": "No stock tracked products on order",
        "2": "Not shipped",
        "3": "Part shipped",
        "4": "All shipped",
    },
}


def search_row(order: Document, shipping: str) -> Row:
    """Write one order as a row; `updatedOn` is null until the first change."""
    return {
        "orderId": order["id"],
        "orderTypeId": 1,
        "contactId": order["contact_id"],
        "orderStatusId": order["status_id"],
        "orderStockStatusId": 13,
        "createdOn": order["created_on"],
        "createdById": order["created_by"],
        "customerRef": order["reference"],
        "orderPaymentStatusId": 1,
        "updatedOn": order["updated_on"],
        "parentOrderId": 0,
        "orderShippingStatusId": _SHIPPING[shipping],
        "externalRef": None,
        "installedIntegrationInstanceId": None,
        "warehouseId": order["warehouse_id"],
        "staffOwnerContactId": 0,
        "taxDate": order["placed_on"],
        "departmentId": order["channel_id"],
        "deliveryDate": None,
    }
