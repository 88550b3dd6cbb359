"""An account: its two connections, its settings and the webhooks that vendors hold for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words


class Account(SQLModel, table=True):
    """One merchant: a Brightpearl account kept in step with a ShipHero account."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("code", name="uq_account_code"),)

    id: UUID = Field(primary_key=True)
    code: str  # short, lower case; part of our keys at ShipHero, so it never changes
    name: str
    created_at: datetime = Field(sa_type=UtcDateTime)

    # Raised by every change of a setting; a hold commits only against the present version.
    settings_version: int = 1
    order_sync_on: bool = False
    shipment_sync_on: bool = False
    go_live_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    event_owner_contact_id: int | None = None
    event_owner_name: str = Field(default="", sa_type=Words)
    time_zone: str = "UTC"
    # Of Brightpearl's account configuration, "" until it was read.
    weight_unit: str = Field(default="", sa_type=Words)
    base_currency: str = Field(default="", sa_type=Words)
    shipping_nominal: str = Field(default="", sa_type=Words)  # of rows that are postage, no goods

    # Several notes in one request; off when a person says so, or Brightpearl refused it.
    batch_writes: bool = True
    # How much of a vendor's allowance is ours, in percent; None: what suits the connection.
    brightpearl_share: int | None = None
    shiphero_share: int | None = None

    # How notes become orders and shipments come back; `shared.accounts` says what each word means.
    order_number_template: str = "{reference}"
    release_policy: str = "hold"
    hold_minutes: int = 0  # for which a new note waits with us, so that it can still be changed
    deleted_policy: str = "cancel"
    shipped_when: str = "complete"
    create_products: bool = False
    channel_as: str = "shop_name"
    packing_note_field: str = ""
    gift_note_field: str = ""

    # The daily report: when it goes out in the account's zone ("HH:MM"), and whether also for a day
    # on which nothing happened.
    report_at: str = "07:00"
    report_quiet_days: bool = True

    # Until when an order has to be at ShipHero to go out that day ("HH:MM", own zone); "": no time.
    cut_off: str = ""

    # Notes are read and transformed and nothing is written, so that a merchant sees beforehand.
    shadow_on: bool = False


class SavedSettings(SQLModel, table=True):
    """The settings as one saving left them, so that a person can look back and go back.

    `settings` is a `SettingsChange` that names everything, `changes` what was altered, in words:
    subject, before and after.
    """

    __tablename__ = "saved_settings"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    version: int = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    saved_by: str = Field(default="", sa_type=Words)  # as in the audit trail; "" for the first
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    changes: list[dict[str, str]] = Field(default_factory=list, sa_type=Json)


_CONNECTED_BRIGHTPEARL = text("vendor = 'brightpearl' AND credentials <> ''")


class VendorConnection(SQLModel, table=True):
    """How we reach one vendor for one account; credentials are encrypted.

    `credentials_version` is raised by every write of `credentials`: what was refused with older
    ones says nothing about the present ones. One process at a time refreshes, for as long as
    `refreshing_until` says.
    """

    __tablename__ = "vendor_connection"
    __table_args__ = (
        # Two merchants with one Brightpearl account would each ship the other's notes.
        Index("uq_vendor_connection_brightpearl", "vendor_account", unique=True,
              postgresql_where=_CONNECTED_BRIGHTPEARL, sqlite_where=_CONNECTED_BRIGHTPEARL),
    )  # fmt: skip

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    vendor: str = Field(primary_key=True)
    vendor_account: str = ""  # Brightpearl's account code, ShipHero's customer account id
    base_url: str
    kind: str = ""  # "oauth" or "private_app" at Brightpearl, "user" at ShipHero
    credentials: str
    credentials_version: int = 1
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshing_by: str | None = None
    refreshing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # What a person should know although it works, such as a missing scope.
    warnings: list[str] = Field(default_factory=list, sa_type=Json)
    broken_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    broken_reason: str = Field(default="", sa_type=Words)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ConnectionRequest(SQLModel, table=True):
    """A person has been sent to Brightpearl's consent page; found again by the state's digest."""

    __tablename__ = "connection_request"

    state_digest: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    vendor_account: str = Field(sa_type=Words)
    asked_by: str = Field(default="", sa_type=Words)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WarehouseMapping(SQLModel, table=True):
    """Where a Brightpearl warehouse's notes go: a ShipHero warehouse, nowhere, or undecided."""

    __tablename__ = "warehouse_mapping"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    brightpearl_warehouse_id: int = Field(primary_key=True)
    brightpearl_name: str
    decision: str  # "mapped", "not_sent" or "undecided"
    shiphero_warehouse_id: str = ""
    shiphero_name: str = ""


class ShippingMethodMapping(SQLModel, table=True):
    """What ShipHero is told for a Brightpearl shipping method; without a title it is unmapped."""

    __tablename__ = "shipping_method_mapping"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    brightpearl_method_id: int = Field(primary_key=True)
    brightpearl_name: str
    title: str = ""
    carrier: str = ""
    method: str = ""
    # When a later fetch than the first brought it; None once it is mapped.
    came_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebhookSubscription(SQLModel, table=True):
    """A webhook that a vendor holds for us, found by the secret part of its path.

    The path secret is kept as a digest for the look-up and encrypted for re-registering. A
    replaced one stays valid for a week (`retired_at`).
    """

    __tablename__ = "webhook_subscription"
    __table_args__ = (
        UniqueConstraint("path_digest", name="uq_webhook_subscription_path_digest"),
        Index("ix_webhook_subscription_account", "account_id", "vendor"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    vendor: str
    topic: str
    path_digest: str
    path_secret: str
    signing_secret: str | None = None  # ShipHero's, encrypted; None until it is held
    vendor_webhook_id: str = ""
    label: str = ""  # ShipHero's shop_name, ours alone
    health: str = ""  # as the vendor told last; "" where it tells nothing
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
