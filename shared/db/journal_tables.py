"""The journal's tables: events, their attempts, and the count kept at our edge."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, SearchKey, UtcDateTime, Words

# What the relay may publish, and what it has published and nobody settled yet. Partial indexes:
# their size follows the work in hand, not the journal's history.
_DUE = text("published_at IS NULL AND settled_at IS NULL AND hold_cause IS NULL")
_IN_FLIGHT = text("published_at IS NOT NULL AND settled_at IS NULL AND hold_cause IS NULL")
_BEING_PUBLISHED = text("publishing_until IS NOT NULL")
_HELD = text("hold_cause IS NOT NULL")
_DEAD = text("outcome = 'dead'")
# A partial index is taken where a query holds its very words, and not by a value that is bound.
# Events that lead to others about single notes, under the same trace.
BEGINS_A_TRACE = (
    "name IN ('goods_out_notes.announced', 'shipment.announced', 'shiphero_webhook.received', "
    "'reconciliation.requested', 'shiphero_reconciliation.requested', 'goods_out_note.missed', "
    "'shipment.suspected')"
)
# What a vendor told us itself: the last of it stands on every page, and the ledger counts it.
TOLD_BY_WEBHOOK = (
    "replay_of IS NULL AND name IN "
    "('goods_out_notes.announced', 'shipment.announced', 'shiphero_webhook.received')"
)
# Bodies that vendors sent, and letters: they hold personal data and are erased after a while.
HOLDS_PERSONAL = (
    "erased_at IS NULL AND name IN ('goods_out_notes.announced', 'products.announced', "
    "'shipment.announced', 'shiphero_webhook.received', 'mail.requested')"
)


class EventRow(SQLModel, table=True):
    """One fact in our words, from recorded to settled; see design, "The journal"."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("dedupe_key", name="uq_event_dedupe_key"),
        Index("ix_event_due", "queue", "account_id", "lane", "due_at",
              postgresql_where=_DUE, sqlite_where=_DUE),
        Index("ix_event_in_flight", "queue", "account_id",
              postgresql_where=_IN_FLIGHT, sqlite_where=_IN_FLIGHT),
        Index("ix_event_being_published", "queue", "account_id",
              postgresql_where=_BEING_PUBLISHED, sqlite_where=_BEING_PUBLISHED),
        Index("ix_event_held", "account_id", "hold_cause",
              postgresql_where=_HELD, sqlite_where=_HELD),
        Index("ix_event_dead", "account_id", "settled_at",
              postgresql_where=_DEAD, sqlite_where=_DEAD),
        Index("ix_event_webhook", "account_id", "name", "recorded_at",
              postgresql_where=text(TOLD_BY_WEBHOOK), sqlite_where=text(TOLD_BY_WEBHOOK)),
        Index("ix_event_personal", "recorded_at",
              postgresql_where=text(HOLDS_PERSONAL), sqlite_where=text(HOLDS_PERSONAL)),
        Index("ix_event_trace", "account_id", "traceparent",
              postgresql_where=text(BEGINS_A_TRACE), sqlite_where=text(BEGINS_A_TRACE)),
        Index("ix_event_subject", "account_id", "subject", "recorded_at"),
        Index("ix_event_recorded", "account_id", "recorded_at"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str
    queue: str
    lane: int
    subject: str = Field(sa_type=Words)
    payload: dict[str, Any] = Field(sa_type=Json)
    # When a payload that held personal data was emptied.
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dedupe_key: str = Field(sa_type=Words)
    traceparent: str = Field(default="", sa_type=SearchKey)  # by whose beginning a trace is found
    replay_of: UUID | None = None

    recorded_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    publishing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    # Raised whenever the row is made due again; a message with another generation is stale.
    generation: int = 1
    # `tries` numbers every attempt row; `failures` counts those that use up patience.
    tries: int = 0
    failures: int = 0

    hold_cause: str | None = None
    hold_version: int | None = None
    outcome: str | None = None
    reason_code: str = ""
    reason: str = Field(default="", sa_type=Words)

    # A person closed a dead letter without replay.
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    discarded_by: str = Field(default="", sa_type=Words)
    discard_note: str = Field(default="", sa_type=Words)


class AttemptRow(SQLModel, table=True):
    """One try of a delivery, committed before the work begins."""

    __tablename__ = "attempt"

    event_id: UUID = Field(primary_key=True, foreign_key="event.id")
    number: int = Field(primary_key=True)
    worker: str
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    result: str = ""
    reason_code: str = ""
    reason: str = Field(default="", sa_type=Words)
    vendor_calls: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)


class EdgeCount(SQLModel, table=True):
    """How many webhooks an account's edge kept on a day, counted in each one's own transaction.

    `kept` plus `repeated` is what the vendor believes we have; the ledger compares it with the
    journal's rows.
    """

    __tablename__ = "edge_count"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    day: date = Field(primary_key=True)
    source: str = Field(primary_key=True)
    kept: int = 0
    repeated: int = 0


# The same tables as plain SQL, for statements that touch many rows at once.
EVENT = SQLModel.metadata.tables["event"]
ATTEMPT = SQLModel.metadata.tables["attempt"]
# What was asked and answered in each of an attempt's vendor calls, in their order. It is long and
# in part personal, so no row of ours has it as a field: only who asks for it reads it.
ATTEMPT.append_column(Column("exchanges", JSON(none_as_null=True), nullable=True))
_EXCHANGED = text("exchanges IS NOT NULL")
Index("ix_attempt_exchanged", ATTEMPT.c.started_at,
      postgresql_where=_EXCHANGED, sqlite_where=_EXCHANGED)  # fmt: skip
EDGE_COUNT = SQLModel.metadata.tables["edge_count"]
