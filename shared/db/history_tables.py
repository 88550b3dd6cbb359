"""What stays of the past: archived events and their counts, the usual of each hour, comparisons."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words


class EventArchive(SQLModel, table=True):
    """A settled event that has left the journal; `kept` holds its other columns and attempts."""

    __tablename__ = "event_archive"
    __table_args__ = (
        Index("ix_event_archive_subject", "account_id", "subject", "recorded_at"),
        Index("ix_event_archive_recorded", "account_id", "recorded_at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str
    subject: str = Field(sa_type=Words)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    kept: dict[str, Any] = Field(sa_type=Json)


class ArchivedCount(SQLModel, table=True):
    """How many events of a day (UTC, by `recorded_at`) have left the journal; never deleted.

    The ledger adds them to the rows that are there, so that archiving changes none of its numbers.
    """

    __tablename__ = "archived_count"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    day: date = Field(primary_key=True)
    name: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    replayed: bool = Field(primary_key=True)  # the further delivery of a dead letter
    count: int


class HourCount(SQLModel, table=True):
    """How many notes, shipments or webhooks came in each hour of a day (UTC), 24 numbers."""

    __tablename__ = "hour_count"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    day: date = Field(primary_key=True)
    signal: str = Field(primary_key=True)  # a code of `shared.signals`
    hours: list[int | None] = Field(sa_type=Json)  # None: not counted


class Comparison(SQLModel, table=True):
    """One comparison of a vendor's list with our books, as it ended.

    `list_name` is a name of `shared.watermarks`. The vendor's list had `theirs` rows in the window
    and our books `ours`, `missed` of them only one side; `differences` counts what was open
    afterwards, by kind.
    """

    __tablename__ = "comparison"
    __table_args__ = (Index("ix_comparison_compared", "account_id", "compared_at"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    list_name: str
    window_from: datetime = Field(sa_type=UtcDateTime)
    window_to: datetime = Field(sa_type=UtcDateTime)
    compared_at: datetime = Field(sa_type=UtcDateTime)
    theirs: int
    ours: int
    missed: int
    differences: dict[str, int] = Field(default_factory=dict, sa_type=Json)


# The same tables as plain SQL, for statements that touch many rows at once.
EVENT_ARCHIVE = SQLModel.metadata.tables["event_archive"]
ARCHIVED_COUNT = SQLModel.metadata.tables["archived_count"]
HOUR_COUNT = SQLModel.metadata.tables["hour_count"]
