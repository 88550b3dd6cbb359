"""What people do in the portal and what it keeps for them: trails, tokens, sessions, reports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words


class AuditEntry(SQLModel, table=True):
    """One thing that a person changed: who, when, what, from, to. Never a secret."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "account_id", "at", "id"),
        Index("ix_audit_entry_subject", "account_id", "subject", "at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
    who: str = Field(sa_type=Words)  # an e-mail address, "token <name>" or "command line"
    act: str  # a code of `shared.audit`
    subject: str = Field(default="", sa_type=Words)
    before: str = Field(default="", sa_type=Words)
    after: str = Field(default="", sa_type=Words)


class PortalSession(SQLModel, table=True):
    """One log-in of a person on one device; its id stands in the signed cookie."""

    __tablename__ = "portal_session"
    __table_args__ = (Index("ix_portal_session_user", "account_id", "user_id", "ended_at"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    user_id: int = Field(foreign_key="portal_user.id")
    begun_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    address: str = Field(default="", sa_type=Words)
    browser: str = Field(default="", sa_type=Words)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """A colleague was invited; found again by the digest of the token in the mail."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("token_digest", name="uq_invitation_token_digest"),
        Index("ix_invitation_account", "account_id", "invited_at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    email: str = Field(sa_type=Words)
    role: str
    token_digest: str
    invited_by: str = Field(sa_type=Words)
    invited_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RateCount(SQLModel, table=True):
    """How often something was tried in a window of time, shared by all portal processes."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_expires", "expires_at"),)

    key: str = Field(primary_key=True, sa_type=Words)
    count: int
    expires_at: datetime = Field(sa_type=UtcDateTime)


class ApiToken(SQLModel, table=True):
    """A token for the JSON API; shown once, kept as a digest."""

    __tablename__ = "api_token"
    __table_args__ = (
        UniqueConstraint("digest", name="uq_api_token_digest"),
        Index("ix_api_token_account", "account_id", "made_at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str = Field(sa_type=Words)
    beginning: str  # the first characters, so that a person can tell tokens apart
    digest: str
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    made_by: str = Field(sa_type=Words)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NoteSku(SQLModel, table=True):
    """Which SKUs a goods-out note takes, so that notes are found by them."""

    __tablename__ = "note_sku"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sku: str = Field(primary_key=True, sa_type=Words)  # in lower case
    note_id: int = Field(primary_key=True)


class NotePerson(SQLModel, table=True):
    """Whose a note is, as a keyed digest by which alone it is found; it goes after a while."""

    __tablename__ = "note_person"
    __table_args__ = (Index("ix_note_person_kept", "kept_at"),)

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    digest: str = Field(primary_key=True)  # of `shared.notes.persons`
    note_id: int = Field(primary_key=True)
    kept_at: datetime = Field(sa_type=UtcDateTime)


_HOLDS_PERSONAL = text("erased_at IS NULL")


class ShadowNote(SQLModel, table=True):
    """What would have become of a note while its account runs in shadow mode.

    `outcome` is "would_send", "held", "failed" or "skipped"; `order_sent` the order as it would
    have been sent, by ShipHero's field names, empty where none could be made. Once the note has
    been sent for real (`sent_at`), `differences` names what was otherwise than shown. Both are
    emptied after a while (`erased_at`): an order holds personal data.
    """

    __tablename__ = "shadow_note"
    __table_args__ = (
        Index("ix_shadow_note_outcome", "account_id", "outcome", "note_id"),
        Index("ix_shadow_note_personal", "looked_at",
              postgresql_where=_HOLDS_PERSONAL, sqlite_where=_HOLDS_PERSONAL),
    )  # fmt: skip

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    note_id: int = Field(primary_key=True)
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # in Brightpearl
    looked_at: datetime = Field(sa_type=UtcDateTime)
    settings_version: int
    outcome: str
    reason_code: str = ""
    reason: str = Field(default="", sa_type=Words)
    order_sent: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    differences: list[dict[str, str]] = Field(default_factory=list, sa_type=Json)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Difference(SQLModel, table=True):
    """Something on which a vendor's own list and ours differ, open until it is gone.

    `kind` is a code of `shared.differences`; `subject` is the note's, order's or shipment's id.
    """

    __tablename__ = "difference"
    __table_args__ = (Index("ix_difference_open", "account_id", "ended_at", "kind"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    subject: str = Field(sa_type=Words)
    sentence: str = Field(sa_type=Words)
    found_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    repair_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    repair_asked_by: str = Field(default="", sa_type=Words)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IssueMark(SQLModel, table=True):
    """What people did about a line of what needs attention (`shared.issues`).

    `resolved_at` is when no note of it was left, `reopened_at` when there were some again.
    """

    __tablename__ = "issue_mark"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    code: str = Field(primary_key=True)
    way: str = Field(primary_key=True)
    key: str = Field(primary_key=True, sa_type=Words)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: str = Field(default="", sa_type=Words)
    muted_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    muted_by: str = Field(default="", sa_type=Words)
    assignee_id: int | None = Field(default=None, foreign_key="portal_user.id", ondelete="SET NULL")
    assigned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    assigned_by: str = Field(default="", sa_type=Words)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Report(SQLModel, table=True):
    """A report as it was sent."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "day", name="uq_report_day"),
        Index("ix_report_made", "account_id", "made_at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    kind: str  # "daily"
    day: date
    made_at: datetime = Field(sa_type=UtcDateTime)
    subject: str = Field(sa_type=Words)
    html: str = Field(sa_type=Words)
    text: str = Field(sa_type=Words)
    csv: str = Field(default="", sa_type=Words)


class NotificationChoice(SQLModel, table=True):
    """Whether a person wants a kind of mail; without a row they get what suits their role."""

    __tablename__ = "notification_choice"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    user_id: int = Field(primary_key=True, foreign_key="portal_user.id")
    kind: str = Field(primary_key=True)
    wanted: bool


# The same tables as plain SQL, for statements that touch many rows at once.
NOTE_SKU = SQLModel.metadata.tables["note_sku"]
NOTE_PERSON = SQLModel.metadata.tables["note_person"]
