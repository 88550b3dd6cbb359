"""What a person keeps about the sync log's list, and has done with very many rows of a list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words


class ListChoice(SQLModel, table=True):
    """How a person wants the sync log drawn and sorted; without a row, as it comes."""

    __tablename__ = "list_choice"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    user_id: int = Field(primary_key=True, foreign_key="portal_user.id")
    columns: list[str] = Field(default_factory=list, sa_type=Json)  # those added to the first eight
    is_dense: bool = False
    sort: str = ""  # as in the address, "" for the newest first
    direction: str = ""


class SavedView(SQLModel, table=True):
    """A filter of the sync log that a person keeps under a name; `query` as in the address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "user_id", "name", name="uq_saved_view_name"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    user_id: int = Field(foreign_key="portal_user.id")
    name: str = Field(sa_type=Words)
    query: str = Field(sa_type=Words)
    made_at: datetime = Field(sa_type=UtcDateTime)


class BulkAct(SQLModel, table=True):
    """Something that a person wants done with many notes or dead letters, part after part.

    `kind` is a code of `shared.bulk`, `subjects` the ids of notes or dead letters in the order in
    which they are taken, `taken` how many of them were looked at. Of those `done` were acted on;
    `counts` says by a code what became of each.
    """

    __tablename__ = "bulk_act"
    __table_args__ = (Index("ix_bulk_act_asked", "account_id", "asked_at", "id"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    asked_by: str = Field(sa_type=Words)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    chosen_by: str = Field(default="", sa_type=Words)  # the filter in words, "" where ticked
    note: str = Field(default="", sa_type=Words)
    lane: int = 0
    subjects: list[str] = Field(default_factory=list, sa_type=Json)
    asked: int
    taken: int = 0
    done: int = 0
    counts: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    stopped_by: str = Field(default="", sa_type=Words)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
