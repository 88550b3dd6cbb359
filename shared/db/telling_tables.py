"""What people are still to be told of, what they were told, and whose mail comes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.db.columns import UtcDateTime, Words


class Untold(SQLModel, table=True):
    """One thing that people will be told of together with others of its cause.

    Written in the transaction that makes it so, and removed in the one that tells of it. Rows are
    only ever added beside each other, so no writer waits for another.
    """

    __tablename__ = "untold"
    __table_args__ = (Index("ix_untold_cause", "account_id", "kind", "cause"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    kind: str  # of `shared.notifications`
    cause: str = Field(sa_type=Words)
    subject: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=UtcDateTime)


class ToldCause(SQLModel, table=True):
    """How far an account's people were told of one cause.

    From the first mail until the cause ends, all mails are one thread; `number` counts them. Until
    `due_at` what is new is gathered. `gone_since` is when nothing of the cause was left.
    """

    __tablename__ = "told_cause"
    __table_args__ = (Index("ix_told_cause_open", "ended_at"),)

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    kind: str = Field(primary_key=True)
    cause: str = Field(primary_key=True, sa_type=Words)
    thread: UUID
    number: int = 0
    things: int = 0
    first_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    gone_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MailBounce(SQLModel, table=True):
    """An address that a mail server refused: with which code, and how often in a row.

    `event_id` is the mail that was refused last: its next delivery counts no second time.
    """

    __tablename__ = "mail_bounce"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    email: str = Field(primary_key=True, sa_type=Words)
    code: int
    sentence: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=UtcDateTime)
    count: int
    event_id: UUID
