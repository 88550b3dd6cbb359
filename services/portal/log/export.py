"""The sync log as a file: CSV, read a thousand rows at a time, each in a short transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.portal.log.matching import matching
from services.portal.log.ordering import place_of, walk
from services.portal.log.stages import order_chip, shipment_chip
from services.portal.log.sync_log import rows_of
from services.portal.log.wanted import Wanted
from shared.db.engine import OpenSession
from shared.db.note_tables import SyncLogRow
from shared.spreadsheet import BEGINNING, csv_line

ROWS_AT_MOST: Final = 100_000
ROWS_AT_ONCE: Final = 1_000
COLUMNS: Final = (
    "Order #", "Order id", "Note", "Note id", "Total", "Currency", "Inserted at", "Synced at",
    "Order status", "Order stage", "Reason code", "Reason", "Shipping method",
    "Shipping method sent", "Channel", "Shipment status", "Shipment stage", "Shipment reason code",
    "Shipment reason", "Tracking", "Shipped at", "ShipHero order id", "Warehouse", "Handled by",
    "Handled note", "Corrected by hand at", "Time zone",
)  # fmt: skip


def export(
    open_session: OpenSession,
    account_id: UUID,
    wanted: Wanted,
    warehouses: Mapping[int, str],
    *,
    now: datetime,
) -> Iterator[str]:
    """Give the file's text in parts, at most ROWS_AT_MOST rows; a last line says when cut off."""
    yield BEGINNING + csv_line(COLUMNS)
    place = None
    left, conditions = ROWS_AT_MOST, matching(account_id, wanted, now=now)
    while True:
        with open_session() as session:
            rows = walk(wanted, conditions).rows(session, place, min(ROWS_AT_ONCE, left) + 1)
        some = rows[: min(ROWS_AT_ONCE, left)]
        yield "".join(csv_line(_cells(row, warehouses)) for row in some)
        left -= len(some)
        if len(rows) == len(some):
            return
        if not left:
            yield csv_line(
                [f"Only the first {ROWS_AT_MOST:,} rows are in this file: narrow the filter."]
            )
            return
        place = place_of(some[-1], wanted.sort)


def export_notes(
    open_session: OpenSession,
    account_id: UUID,
    note_ids: Sequence[int],
    warehouses: Mapping[int, str],
) -> Iterator[str]:
    """Give the same file of these notes, in this order."""
    yield BEGINNING + csv_line(COLUMNS)
    for start in range(0, len(note_ids), ROWS_AT_ONCE):
        with open_session() as session:
            rows = rows_of(session, account_id, note_ids[start : start + ROWS_AT_ONCE])
        yield "".join(csv_line(_cells(row, warehouses)) for row in rows)


def _cells(row: SyncLogRow, warehouses: Mapping[int, str]) -> Sequence[str]:
    order = order_chip(row.order_stage, row.order_reason_code)
    shipment = shipment_chip(row.order_stage, row.shipment_stage, row.shipment_reason_code)
    note = f"{row.order_id}/{row.sequence}" if row.order_id and row.sequence is not None else ""
    return (
        row.customer_reference, str(row.order_id or ""), note, str(row.note_id),
        _amount(row.total), row.currency, _moment(row.inserted_at), _moment(row.synced_at),
        order.word, order.stage, row.order_reason_code, row.order_reason, row.brightpearl_method,
        row.shipping_method_sent, row.channel, shipment.word, shipment.stage,
        row.shipment_reason_code, row.shipment_reason, row.tracking, _moment(row.shipped_at),
        row.shiphero_order_id, warehouses.get(row.warehouse_id or 0, str(row.warehouse_id or "")),
        row.handled_by, row.handled_note, _moment(row.corrected_at), "UTC",
    )  # fmt: skip


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
