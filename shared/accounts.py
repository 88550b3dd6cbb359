"""An account's settings as handlers read them, and whether a cause to hold is still present."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from shared.db.account_tables import (
    Account,
    ShippingMethodMapping,
    VendorConnection,
    WarehouseMapping,
)
from shared.db.correction_tables import NoteCorrection
from shared.db.note_tables import SyncLogRow
from shared.db.vendor_tables import Channel

MAPPED, NOT_SENT, UNDECIDED = "mapped", "not_sent", "undecided"

# A note whose release date lies ahead: ShipHero holds the order, or it is sent on that date.
RELEASE_HOLD, RELEASE_KEEP_BACK = "hold", "keep_back"
# The order of a note that is deleted: cancelled at once, or only when a person says so.
DELETED_CANCEL, DELETED_ASK = "cancel", "ask"
# When a note counts as shipped: when every line has left, or with the first shipment.
SHIPPED_COMPLETE, SHIPPED_FIRST = "complete", "first"
# What ShipHero is told of the sales channel: its name as the order's shop, or as a tag.
CHANNEL_AS_SHOP, CHANNEL_AS_TAG = "shop_name", "tag"
# When the daily report goes out, unless the account says otherwise; the time of its own zone.
REPORT_AT = "07:00"

ORDER_SYNC_OFF = "order_sync_off"
STOPPED_BY_PERSON = "stopped_by_person"
CORRECTION_ERASED = "correction_erased"
SHIPMENT_SYNC_OFF = "shipment_sync_off"
GO_LIVE_UNSET = "go_live_unset"
EVENT_OWNER_UNSET = "event_owner_unset"
WAREHOUSE_UNDECIDED = "warehouse_undecided"
SHIPPING_METHOD_UNMAPPED = "shipping_method_unmapped"
CONNECTION_BROKEN = "connection_broken"
SHADOW_MODE = "shadow_mode"


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """Where a Brightpearl warehouse's notes go."""

    name: str
    decision: str
    shiphero_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Method:
    """What ShipHero is told for a Brightpearl shipping method; unmapped while `title` is "".

    `is_new` where a refresh brought it and nobody has mapped it yet.
    """

    name: str
    title: str = ""
    carrier: str = ""
    method: str = ""
    is_new: bool = False


@dataclass(frozen=True, kw_only=True)
class AccountSettings:
    """One account's settings, all of one version; maps are by Brightpearl's ids."""

    id: UUID
    code: str
    version: int
    order_sync_on: bool
    shipment_sync_on: bool
    go_live_at: datetime | None
    event_owner_contact_id: int | None
    batch_writes: bool = True
    # Notes are read and transformed, and nothing is written: they wait until it ends.
    shadow_on: bool = False
    weight_unit: str = ""  # Brightpearl's word, such as GRAM; "" while it was not read
    shipping_nominal: str = ""  # Brightpearl's code of rows that are postage; "" while not read
    order_number_template: str = "{reference}"
    release_policy: str = RELEASE_HOLD
    hold_minutes: int = 0
    deleted_policy: str = DELETED_CANCEL
    shipped_when: str = SHIPPED_COMPLETE
    create_products: bool = False
    channel_as: str = CHANNEL_AS_SHOP
    # Codes of the sales order's custom fields that hold these notes; "" for none.
    packing_note_field: str = ""
    gift_note_field: str = ""
    channels: Mapping[int, str] = field(default_factory=dict)
    warehouses: Mapping[int, Warehouse] = field(default_factory=dict)
    methods: Mapping[int, Method] = field(default_factory=dict)


def account_settings(session: Session, account_id: UUID) -> AccountSettings:
    """Read an account's settings in one transaction, so that they are of one version.

    Nothing is taken from what the session read before, which another may have changed since.
    """
    account = session.get_one(Account, account_id, populate_existing=True)
    channels = session.exec(select(Channel).where(Channel.account_id == account_id))
    return AccountSettings(
        id=account.id,
        code=account.code,
        version=account.settings_version,
        order_sync_on=account.order_sync_on,
        shipment_sync_on=account.shipment_sync_on,
        go_live_at=account.go_live_at,
        event_owner_contact_id=account.event_owner_contact_id,
        batch_writes=account.batch_writes,
        shadow_on=account.shadow_on,
        weight_unit=account.weight_unit,
        shipping_nominal=account.shipping_nominal,
        order_number_template=account.order_number_template,
        release_policy=account.release_policy,
        hold_minutes=account.hold_minutes,
        deleted_policy=account.deleted_policy,
        shipped_when=account.shipped_when,
        create_products=account.create_products,
        channel_as=account.channel_as,
        packing_note_field=account.packing_note_field,
        gift_note_field=account.gift_note_field,
        channels={row.channel_id: row.name for row in channels},
        warehouses=_warehouses(session, account_id),
        methods=_methods(session, account_id),
    )


def _warehouses(session: Session, account_id: UUID) -> Mapping[int, Warehouse]:
    rows = session.exec(
        select(WarehouseMapping)
        .where(WarehouseMapping.account_id == account_id)
        .execution_options(populate_existing=True)
    )
    return {
        row.brightpearl_warehouse_id: Warehouse(
            name=row.brightpearl_name, decision=row.decision, shiphero_id=row.shiphero_warehouse_id
        )
        for row in rows
    }


def _methods(session: Session, account_id: UUID) -> Mapping[int, Method]:
    rows = session.exec(
        select(ShippingMethodMapping)
        .where(ShippingMethodMapping.account_id == account_id)
        .execution_options(populate_existing=True)
    )
    return {
        row.brightpearl_method_id: Method(
            name=row.brightpearl_name,
            title=row.title,
            carrier=row.carrier,
            method=row.method,
            is_new=row.came_at is not None and not row.title,
        )
        for row in rows
    }


def cause_is_present(session: Session, account_id: UUID, cause: str) -> bool:
    """Say whether what a hold waits for still stands in the way; an unknown cause does."""
    kind, _, detail = cause.partition(":")
    if kind == CONNECTION_BROKEN:
        connection = session.get(VendorConnection, (account_id, detail))
        return connection is None or connection.broken_since is not None
    if kind == STOPPED_BY_PERSON:
        row = session.get(SyncLogRow, (account_id, _id(detail)))
        return row is not None and row.stopped_at is not None
    if kind == CORRECTION_ERASED:
        correction = session.get(NoteCorrection, (account_id, _id(detail)))
        return correction is not None and correction.erased_at is not None
    return stands_in_the_way(account_settings(session, account_id), cause)


def stands_in_the_way(settings: AccountSettings, cause: str) -> bool:
    """Say whether settings are such that what `cause` names has to wait; an unknown cause has."""
    kind, _, detail = cause.partition(":")
    match kind:
        case "order_sync_off":
            return not settings.order_sync_on
        case "shipment_sync_off":
            return not settings.shipment_sync_on
        case "go_live_unset":
            return settings.go_live_at is None
        case "event_owner_unset":
            return settings.event_owner_contact_id is None
        case "warehouse_undecided":
            warehouse = settings.warehouses.get(_id(detail))
            return warehouse is None or warehouse.decision == UNDECIDED
        case "shipping_method_unmapped":
            method = settings.methods.get(_id(detail))
            return method is None or not method.title
        case "shadow_mode":
            return settings.shadow_on
    return True


def _id(detail: str) -> int:
    # A cause that names no id is one that nobody can remove; it must not stop the sweep of others.
    return int(detail) if detail.isdecimal() else 0
