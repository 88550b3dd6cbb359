"""What was fetched from the vendors, how far each fetch has come, and what they still allow."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Numeric, text
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words

_UNTOLD = text("told_at IS NULL OR (ended_at IS NOT NULL AND end_told_at IS NULL)")


class Product(SQLModel, table=True):
    """A Brightpearl product; `weight` is of one piece, in the account's unit of weight."""

    __tablename__ = "product"
    __table_args__ = (Index("ix_product_sku", "account_id", "sku"),)

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    product_id: int = Field(primary_key=True)
    sku: str = Field(default="", sa_type=Words)
    name: str = Field(default="", sa_type=Words)
    barcode: str = Field(default="", sa_type=Words)
    weight: Decimal = Field(default=Decimal(0), sa_type=Numeric(20, 6))
    stock_tracked: bool = False
    bundle: bool = False
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class Channel(SQLModel, table=True):
    """A Brightpearl sales channel."""

    __tablename__ = "channel"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    channel_id: int = Field(primary_key=True)
    name: str = Field(sa_type=Words)


class ShipHeroWarehouse(SQLModel, table=True):
    """A building at ShipHero that a Brightpearl warehouse can be mapped to."""

    __tablename__ = "shiphero_warehouse"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    warehouse_id: str = Field(primary_key=True)
    name: str = Field(default="", sa_type=Words)


class ShipHeroProduct(SQLModel, table=True):
    """A SKU that ShipHero has."""

    __tablename__ = "shiphero_product"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sku: str = Field(primary_key=True, sa_type=Words)
    name: str = Field(default="", sa_type=Words)
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class FetchProgress(SQLModel, table=True):
    """How far one part of the fetch has come; `total` is None until the vendor told.

    `added` of them were not known before: None for a first fetch, and of parts that do not count.
    `cursor` is where it goes on after a kill, in the fetcher's own words. `run_id` tells runs of
    the same part apart, so that a late page of an older run changes nothing.
    """

    __tablename__ = "fetch_progress"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    part: str = Field(primary_key=True)
    run_id: UUID
    state: str  # "waiting", "running", "done" or "failed"
    done: int = 0
    total: int | None = None
    added: int | None = None
    cursor: str = Field(default="", sa_type=Words)
    started_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", sa_type=Words)


class Watermark(SQLModel, table=True):
    """Up to when a vendor's own list has been compared, gaps excluded."""

    __tablename__ = "watermark"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    name: str = Field(primary_key=True)
    reached: datetime = Field(sa_type=UtcDateTime)
    compared_at: datetime = Field(sa_type=UtcDateTime)
    found: int = 0
    missed: int = 0


class MissingNote(SQLModel, table=True):
    """A note that a vendor's list did not show: a suspicion until it is proved twice."""

    __tablename__ = "missing_note"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    note_id: int = Field(primary_key=True)
    suspected_at: datetime = Field(sa_type=UtcDateTime)
    empty_looks: int = 0
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # More at once than a merchant deletes by hand: a person decides.
    waits_for_person: bool = False


class VendorBudget(SQLModel, table=True):
    """What a vendor still lets one account call, shared by all processes.

    `state` is the budget's own (`shared.budgets`); until `closed_until` nothing is admitted.
    """

    __tablename__ = "vendor_budget"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    vendor: str = Field(primary_key=True)
    state: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    closed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    backfill_closed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Since the first call: requests made, and answers that said we asked too much.
    calls: int = 0
    refused: int = 0
    changed_at: datetime = Field(sa_type=UtcDateTime)


class Alert(SQLModel, table=True):
    """Something a person should know, open until it mends; one row a cause.

    `told_at` and `end_told_at` are when people were told that it opened and ended.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_open", "account_id", "ended_at"),
        Index("ix_alert_untold", "raised_at", postgresql_where=_UNTOLD, sqlite_where=_UNTOLD),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    subject: str = Field(default="", sa_type=Words)
    sentence: str = Field(sa_type=Words)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
