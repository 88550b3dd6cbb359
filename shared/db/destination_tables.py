"""Where an account's notices go besides mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words


class Destination(SQLModel, table=True):
    """A signed webhook, or a room of a chat.

    `address`, `secret` and `old_secret` are encrypted: whoever knows a chat's address can write
    there. The old secret signs beside the new one until `old_secret_until`. `kinds` are those of
    `shared.notifications`. `told_*` is how the last attempt went.
    """

    __tablename__ = "destination"
    __table_args__ = (Index("ix_destination_account", "account_id", "made_at"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str = Field(sa_type=Words)
    way: str  # "webhook", "slack" or "teams"
    address: str
    shown_address: str = Field(sa_type=Words)  # as much of it as may be seen
    secret: str = ""
    old_secret: str = ""
    old_secret_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    kinds: list[str] = Field(default_factory=list, sa_type=Json)
    made_by: str = Field(sa_type=Words)
    made_at: datetime = Field(sa_type=UtcDateTime)
    off_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    off_because: str = ""  # "person", "gone" or "failing"
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_well: bool = False
    told_sentence: str = Field(default="", sa_type=Words)
