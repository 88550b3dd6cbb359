"""A goods-out note as GET and search show it (contract sections 6 and 6a)."""

from collections.abc import Callable
from typing import Any

from sandbox.brightpearl.search import Column, Row
from sandbox.store import Document

WriteTime = Callable[[float], str]
_STEPS = (("shipped", "SHW"), ("packed", "PAC"), ("picked", "PIC"), ("printed", "PRI"))

SEARCH_COLUMNS = (
    Column("goodsOutNoteId", "INTEGER"),
    Column("printed", "BOOLEAN"),
    Column("picked", "BOOLEAN"),
    Column("packed", "BOOLEAN"),
    Column("shipped", "BOOLEAN"),
    Column("shippedOn", "PERIOD"),
    Column("orderId", "INTEGER"),
    Column("shippingMethodId", "IDSET"),
    Column("warehouseId", "INTEGER"),
    Column("priority", "BOOLEAN"),
    Column("createdOn", "PERIOD"),
    Column("releaseDate", "PERIOD"),
    Column("createdBy", "INTEGER"),
    Column("labelUri", "STRING"),
    Column("channelId", "INTEGER"),
    Column("transfer", "BOOLEAN"),
)


def note_body(note: Document, write_time: WriteTime) -> dict[str, Any]:
    """Write one note; its id is the key it stands under, not inside."""
    body: dict[str, Any] = {"orderId": note["order_id"], "warehouseId": note["warehouse_id"]}
    if note["transfer"]:
        body["targetWarehouseId"] = note["target_warehouse_id"]
        body["stockTransferId"] = note["stock_transfer_id"]
    body |= {
        "transfer": note["transfer"],
        "priority": note["priority"],
        "status": _status(note, write_time),
        "shipping": _shipping(note),
        "releaseDate": write_time(note["release_on"]),
        "createdOn": write_time(note["created_on"]),
        "createdBy": note["created_by"],
        **_rows(note),
    }
    if note["sequence"] is not None:
        body["sequence"] = note["sequence"]
    body["events"] = [
        {
            # "occured" is the vendor's spelling (contract section 6)
            "occured": write_time(event["on"]),
            "eventOwnerId": event["owner"],
            "eventCode": event["code"],
        }
        for event in note["events"]
    ]
    if note["label_uri"]:
        body["labelUri"] = note["label_uri"]
    body["lastEventVersion"] = note["version"]
    return body


def search_row(note: Document, channel_id: int) -> Row:
    """Write one note as a row of goods-out-search."""
    shipped = note["steps"].get("SHW")
    return {
        "goodsOutNoteId": note["id"],
        "printed": "PRI" in note["steps"],
        "picked": "PIC" in note["steps"],
        "packed": "PAC" in note["steps"],
        "shipped": shipped is not None,
        "shippedOn": shipped["on"] if shipped else None,
        "orderId": note["order_id"],
        "shippingMethodId": note["method_id"],
        "warehouseId": note["warehouse_id"],
        "priority": note["priority"],
        "createdOn": note["created_on"],
        "releaseDate": note["release_on"],
        "createdBy": note["created_by"],
        "labelUri": note["label_uri"],
        "channelId": channel_id,
        "transfer": note["transfer"],
    }


def _status(note: Document, write_time: WriteTime) -> dict[str, Any]:
    status: dict[str, Any] = {word: code in note["steps"] for word, code in _STEPS}
    for word, code in _STEPS:
        if step := note["steps"].get(code):
            status[f"{word}On"] = write_time(step["on"])
            status[f"{word}ById"] = step["owner"]
    return status


def _shipping(note: Document) -> dict[str, Any]:
    shipping: dict[str, Any] = {
        "reference": note["reference"],
        "shippingMethodId": note["method_id"],
    }
    if note["boxes"] is not None:
        shipping["boxes"] = note["boxes"]
    if note["weight"] is not None:
        shipping["weight"] = note["weight"]
    return shipping


def _rows(note: Document) -> dict[str, Any]:
    lines = [
        {"productId": r["product_id"], "quantity": r["quantity"], "locationId": r["location_id"]}
        for r in note["rows"]
    ]
    if note["transfer"]:
        return {"transferRows": lines}
    by_row: dict[str, list[dict[str, Any]]] = {}
    for row, line in zip(note["rows"], lines, strict=True):
        by_row.setdefault(str(row["row_id"]), []).append(line)
    return {"orderRows": by_row}
