"""What we know of each goods-out note: its sync log row, its ShipHero order, its timeline."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Computed,
    Double,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, SearchKey, UtcDateTime, Words

# Each row is in exactly one state, so that the counts add up to the number of notes.
LOG_STATE_SQL = (
    "CASE WHEN order_stage IN ('failed', 'cancel_refused') "
    "OR (order_stage = 'held' AND order_reason_code <> 'shadow_mode') "
    "OR shipment_stage IN ('held', 'failed') "
    "THEN CASE WHEN handled_at IS NULL THEN 'needs_you' ELSE 'handled' END "
    # Shadow mode shows and sends nothing on purpose: that asks for nobody.
    "WHEN order_stage = 'held' THEN 'shadow' "
    "WHEN shipment_stage = 'done' THEN 'shipped' "
    "WHEN order_stage IN ('done', 'change_refused') THEN 'synced' "
    "WHEN order_stage = 'canceled' THEN 'cancelled' "
    "WHEN order_stage = 'skipped' THEN 'skipped' "
    "ELSE 'on_the_way' END"
)
# Why a row stands as it does: of the side that a person is waited for (`telling_side` of
# `shared.notes.state`), else of whichever tells.
REASON_SQL = (
    "CASE WHEN order_stage = 'cancel_refused' AND shipment_stage = 'failed' "
    "THEN shipment_reason_code "
    "WHEN order_stage IN ('held', 'failed', 'cancel_refused') THEN order_reason_code "
    "WHEN shipment_stage IN ('held', 'failed') THEN shipment_reason_code "
    "WHEN order_reason_code <> '' THEN order_reason_code "
    "ELSE shipment_reason_code END"
)


_CHANNELLED = text("channel <> ''")
_ORDERED = text("order_id IS NOT NULL")
_SHIPPED = text("shipped_at IS NOT NULL")


class SyncLogRow(SQLModel, table=True):
    """One goods-out note in the merchant's sync log; mission A11 lists the columns."""

    __tablename__ = "sync_log"
    __table_args__ = (
        Index("ix_sync_log_inserted", "account_id", "inserted_at", "note_id"),
        Index("ix_sync_log_synced", "account_id", "synced_at", "note_id"),
        Index("ix_sync_log_warehouse", "account_id", "warehouse_id", "inserted_at", "note_id"),
        Index("ix_sync_log_method", "account_id", "brightpearl_method", "inserted_at", "note_id"),
        Index(
            "ix_sync_log_channel",
            "account_id",
            "channel",
            "inserted_at",
            "note_id",
            postgresql_where=_CHANNELLED,
            sqlite_where=_CHANNELLED,
        ),
        # With its many nulls a whole index would be the smallest of all: PostgreSQL would rather
        # read an account's part of it than find one note by its key.
        Index(
            "ix_sync_log_order",
            "account_id",
            "order_id",
            postgresql_where=_ORDERED,
            sqlite_where=_ORDERED,
        ),
        Index(
            "ix_sync_log_shipped",
            "account_id",
            "shipped_at",
            postgresql_where=_SHIPPED,
            sqlite_where=_SHIPPED,
        ),
    )

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    note_id: int = Field(primary_key=True)
    inserted_at: datetime = Field(sa_type=UtcDateTime)

    # Known once the note and its sales order have been read.
    order_id: int | None = None
    sequence: int | None = None
    customer_reference: str = Field(default="", sa_type=Words)
    total: Decimal | None = Field(default=None, sa_type=Numeric(20, 4))
    currency: str = Field(default="", sa_type=Words)
    warehouse_id: int | None = None
    brightpearl_method: str = Field(default="", sa_type=Words)
    shipping_method_sent: str = Field(default="", sa_type=Words)
    channel: str = Field(default="", sa_type=Words)

    order_stage: str = "queued"
    order_reason_code: str = ""
    order_reason: str = Field(default="", sa_type=Words)
    synced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shiphero_order_id: str = Field(default="", sa_type=Words)

    shipment_stage: str = ""
    shipment_reason_code: str = ""
    shipment_reason: str = Field(default="", sa_type=Words)
    tracking: str = Field(default="", sa_type=Words)
    shipped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Which parcels Brightpearl was told of: a digest, "" while none.
    parcels_told: str = Field(default="", sa_type=Words)

    # When Brightpearl told that the note was deleted; its absence alone proves nothing.
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    # A person marked what failed as handled by hand; it asks for nobody any more.
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handled_by: str = Field(default="", sa_type=Words)
    handled_note: str = Field(default="", sa_type=Words)

    # A person has it wait before its order is made, until somebody lets it go.
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_by: str = Field(default="", sa_type=Words)

    # Since when corrections of a person stand for what Brightpearl says of it.
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    # One worker at a time per note.
    leased_by: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OrderLink(SQLModel, table=True):
    """This note is that ShipHero order; committed as an intent before the order is created.

    `shiphero_order_id` is empty while only the intent is known. `generation` is raised only by a
    person's deliberate re-create.
    """

    __tablename__ = "order_link"
    __table_args__ = (
        UniqueConstraint("key", name="uq_order_link_key"),
        Index("ix_order_link_shiphero", "account_id", "shiphero_order_id"),
    )

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    note_id: int = Field(primary_key=True)
    generation: int = Field(primary_key=True, default=1)
    key: str
    order_number: str = Field(sa_type=Words)
    intended_at: datetime = Field(sa_type=UtcDateTime)
    empty_lookups: int = 0
    shiphero_order_id: str = Field(default="", sa_type=Words)
    linked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    adopted: bool = False
    # What ShipHero was told last in the order's header, by field; digests where it is personal.
    sent: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    canceled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TimelineRow(SQLModel, table=True):
    """One change of a note's state, in words a merchant reads; written by the notifier.

    It outlives its event, which leaves the journal after a while.
    """

    __tablename__ = "timeline"
    __table_args__ = (Index("ix_timeline_note", "account_id", "note_id", "at"),)

    event_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    note_id: int
    at: datetime = Field(sa_type=UtcDateTime)
    side: str  # "order" or "shipment"
    stage: str
    sentence: str = Field(sa_type=Words)


class NoteTracking(SQLModel, table=True):
    """Which tracking numbers a note was ever shipped with, so that it is found by each of them."""

    __tablename__ = "note_tracking"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    number: str = Field(primary_key=True, sa_type=SearchKey)  # in lower case
    note_id: int = Field(primary_key=True)


SYNC_LOG = SQLModel.metadata.tables["sync_log"]
ORDER_LINK = SQLModel.metadata.tables["order_link"]
NOTE_TRACKING = SQLModel.metadata.tables["note_tracking"]
# Where the sync log counts a note, and what it is sorted and found by. The database itself writes
# these from the other columns, so no row of ours has them as fields. What row-level security lets
# an index answer must be compared by operators that PostgreSQL calls leakproof: those of numeric
# and of `lower(...)` are not, hence columns of their own.
for _name, _type, _sql in (
    ("state", String(), LOG_STATE_SQL),
    ("reason_code", String(), REASON_SQL),
    ("reference_key", SearchKey(), "lower(customer_reference)"),
    ("total_key", Double(), "CAST(total AS DOUBLE PRECISION)"),
):
    SYNC_LOG.append_column(Column(_name, _type, Computed(_sql, persisted=True)))
_TELLS = text("reason_code <> ''")
# A partial index is taken where a query holds its very words, and not by a value that is bound.
TELLS_WHY: ColumnElement[bool] = SYNC_LOG.c.reason_code != literal_column("''")
for _name, _columns in (
    # The reason goes along so that counting by it need not look at the rows.
    ("ix_sync_log_state", ("account_id", "state", "inserted_at", "note_id", "reason_code")),
    ("ix_sync_log_total", ("account_id", "total_key", "note_id")),
    ("ix_sync_log_reference", ("account_id", "reference_key", "note_id")),
):
    Index(_name, *(SYNC_LOG.c[column] for column in _columns))
# Both sides while something is unsettled, or a change was refused: few rows, however long the log.
ORDER_OPEN_SQL = (
    "order_stage IN ('queued', 'held', 'kept_back', 'waiting_for_budget', 'retrying', 'checking', "
    "'change_refused')"
)
SHIPMENT_OPEN_SQL = (
    "shipment_stage IN ('held', 'waiting_for_budget', 'retrying', 'checking', 'waiting', 'failed')"
)
for _name, _column, _sql in (
    ("ix_sync_log_order_open", "order_stage", ORDER_OPEN_SQL),
    ("ix_sync_log_shipment_open", "shipment_stage", SHIPMENT_OPEN_SQL),
):
    Index(
        _name,
        *(SYNC_LOG.c[name] for name in ("account_id", _column, "inserted_at", "note_id")),
        postgresql_where=text(_sql),
        sqlite_where=text(_sql),
    )
Index(
    "ix_sync_log_reason",
    *(SYNC_LOG.c[name] for name in ("account_id", "reason_code", "inserted_at", "note_id")),
    postgresql_where=_TELLS,
    sqlite_where=_TELLS,
)
