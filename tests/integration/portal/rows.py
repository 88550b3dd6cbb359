"""One row of every table for each merchant, in which every text says whose it is."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Column, Engine, Table, TypeDecorator, insert, select
from sqlmodel import SQLModel

from shared.db.row_security import seen_by
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON

WHOSE: Final[Mapping[UUID, str]] = {FERNLEAF: "fernleaf", HARBOUR: "harbour"}
# Notes, products and whatever else is numbered: each merchant's have numbers of their own.
NUMBERS: Final[Mapping[UUID, int]] = {FERNLEAF: 7001, HARBOUR: 8001}
# Made with the merchants themselves, or of nobody.
MADE_BEFORE: Final = frozenset({"account", "portal_user", "portal_role", "role_of_user"})

# Columns that hold one of a few codes instead of anybody's words.
CODES: Final[Mapping[str, Any]] = {
    "alert.kind": "webhook_unhealthy",
    "attempt.result": "dead",
    "audit_entry.act": "retried",
    "destination.way": "webhook",
    "bulk_act.kind": "retry",
    "difference.kind": "never_sent",
    "edge_count.source": "brightpearl",
    "event.name": "goods_out_note.changed",
    "event.outcome": "dead",
    "event.queue": "shiphero_push",
    "event.settled_at": NOON,
    "event.hold_cause": None,
    "event.reason_code": "sku_unknown",
    "event.traceparent": "",
    "fetch_progress.part": "products",
    "fetch_progress.state": "failed",
    "invitation.role": "viewer",
    "invitation.expires_at": NOON + timedelta(days=7),
    "report.kind": "daily",
    "shadow_note.outcome": "would_send",
    "sync_log.order_reason_code": "sku_unknown",
    "sync_log.order_stage": "failed",
    "sync_log.shipment_stage": "",
    "timeline.side": "order",
    "timeline.stage": "failed",
    "vendor_budget.vendor": "shiphero",
    "vendor_connection.kind": "oauth",
    "vendor_connection.vendor": "brightpearl",
    "warehouse_mapping.decision": "undecided",
    "watermark.name": "brightpearl:notes",
    "webhook_subscription.vendor": "brightpearl",
}
# Text that is the id of a note.
NUMBERED: Final = frozenset({"difference.subject", "event.subject"})
PLAIN: Final[Mapping[type, Any]] = {
    bool: False,
    int: 1,
    datetime: NOON,
    date: NOON.date(),
    Decimal: Decimal(1),
}

Rows = Mapping[str, Mapping[str, Any]]


def fill_tables(engine: Engine, account_id: UUID, *, without: frozenset[str] = frozenset()) -> Rows:
    """Keep one row of `account_id` in every table that belongs to accounts; gives them by table."""
    rows: dict[str, Mapping[str, Any]] = {"account": {"id": account_id}}
    with engine.begin() as connection:
        users = SQLModel.metadata.tables["portal_user"]
        person = select(users.c.id).where(users.c.account_id == account_id).order_by(users.c.id)
        rows["portal_user"] = {"id": connection.execute(person).scalars().first()}
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in MADE_BEFORE | without and seen_by(table):
                rows[table.name] = a_row(table, account_id, rows)
                connection.execute(insert(table).values(rows[table.name]))
    return rows


def a_row(table: Table, account_id: UUID, rows: Rows, *, kind: str = "") -> dict[str, Any]:
    """Make a row of `account_id`; with another `kind` it is another row than the first."""
    return {
        column.name: _value(column, account_id, rows, kind)
        for column in table.c
        if column.computed is None
    }


def _value(column: Column[Any], account_id: UUID, rows: Rows, kind: str) -> Any:
    """Give a value that fits the column and tells whose it is, where it can."""
    name, words = f"{column.table.name}.{column.name}", f"{WHOSE[account_id]} {column.name} {kind}"
    if column.name == "account_id":
        return account_id
    for key in column.foreign_keys:
        return rows[key.column.table.name][key.column.name]
    if name in CODES:
        return CODES[name]
    if name in NUMBERED:
        return str(NUMBERS[account_id])
    return _by_type(column, account_id, words.strip(), kind)


def _by_type(column: Column[Any], account_id: UUID, words: str, kind: str) -> Any:
    its = column.type
    python_type = (its.impl_instance if isinstance(its, TypeDecorator) else its).python_type
    if python_type is str:
        return words
    if python_type is int and (column.primary_key or column.name == "note_id"):
        return NUMBERS[account_id] + len(kind)
    if column.nullable:
        return None
    if python_type is UUID:
        return uuid5(account_id, f"{column}{kind}")
    return PLAIN[python_type] if python_type in PLAIN else _json(column)


def _json(column: Column[Any]) -> Any:
    """Give an empty list or mapping, whichever the class of the table begins with."""
    [mapped] = [one.class_ for one in SQLModel._sa_registry.mappers
                if one.local_table is column.table]  # fmt: skip
    factory = mapped.model_fields[column.name].default_factory
    return factory() if factory else {}
