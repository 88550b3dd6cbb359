"""What a person wants to be otherwise; everything that is not named stays as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.accounts import (
    CHANNEL_AS_SHOP,
    DELETED_CANCEL,
    MAPPED,
    NOT_SENT,
    RELEASE_HOLD,
    REPORT_AT,
    SHIPPED_COMPLETE,
    UNDECIDED,
    AccountSettings,
    Method,
    Warehouse,
)
from shared.order_number import DEFAULT as DEFAULT_TEMPLATE


class _Wish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WarehouseChoice(_Wish):
    """Where a Brightpearl warehouse's notes are to go; `shiphero_id` only where it is mapped."""

    decision: str
    shiphero_id: str = ""

    @classmethod
    def to(cls, shiphero_id: str) -> "WarehouseChoice":
        """Send them to this ShipHero warehouse."""
        return cls(decision=MAPPED, shiphero_id=shiphero_id)


LEFT_OUT = WarehouseChoice(decision=NOT_SENT)
NOT_DECIDED = WarehouseChoice(decision=UNDECIDED)


class MethodChoice(_Wish):
    """What ShipHero is to be told for a Brightpearl shipping method; unmapped without a title."""

    title: str = ""
    carrier: str = ""
    method: str = ""


class EventOwner(_Wish):
    """The staff contact in whose name notes are shipped; who they are, Brightpearl was asked."""

    contact_id: int
    name: str


class SettingsChange(_Wish):
    """What is to be saved at once: only fields that are given are changed, `None` unsets one.

    A field's default says nothing; `model_fields_set` tells what was given.
    """

    order_sync_on: bool = False
    shipment_sync_on: bool = False
    go_live_at: datetime | None = None
    event_owner: EventOwner | None = None
    order_number_template: str = DEFAULT_TEMPLATE
    release_policy: str = RELEASE_HOLD
    hold_minutes: int = 0
    deleted_policy: str = DELETED_CANCEL
    shipped_when: str = SHIPPED_COMPLETE
    create_products: bool = False
    channel_as: str = CHANNEL_AS_SHOP
    packing_note_field: str = ""
    gift_note_field: str = ""
    batch_writes: bool = True
    shadow_on: bool = False
    cut_off: str = ""
    report_at: str = REPORT_AT
    report_quiet_days: bool = True
    # In percent of a vendor's allowance; None: what suits the connection.
    brightpearl_share: int | None = None
    shiphero_share: int | None = None
    # By Brightpearl's ids.
    warehouses: Mapping[int, WarehouseChoice] = Field(default_factory=dict)
    methods: Mapping[int, MethodChoice] = Field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """Give what is written into the account's row, by column."""
        given = self.model_fields_set - {"event_owner", "warehouses", "methods"}
        values: dict[str, Any] = {name: getattr(self, name) for name in given}
        if "event_owner" in self.model_fields_set:
            values["event_owner_contact_id"] = self.event_owner and self.event_owner.contact_id
            values["event_owner_name"] = self.event_owner.name if self.event_owner else ""
        return values

    def applied_to(self, settings: AccountSettings) -> AccountSettings:
        """Give the settings as they would be; they keep their version."""
        own = {one: value for one, value in self.columns().items() if hasattr(settings, one)}
        warehouses = {one: _warehouse(settings, one, to) for one, to in self.warehouses.items()}
        methods = {one: _method(settings, one, to) for one, to in self.methods.items()}
        return replace(
            settings,
            **own,
            warehouses={**settings.warehouses, **warehouses},
            methods={**settings.methods, **methods},
        )


def _warehouse(settings: AccountSettings, one: int, choice: WarehouseChoice) -> Warehouse:
    known = settings.warehouses[one]
    return replace(known, decision=choice.decision, shiphero_id=choice.shiphero_id)


def _method(settings: AccountSettings, one: int, choice: MethodChoice) -> Method:
    known = settings.methods[one]
    return replace(known, **choice.model_dump(), is_new=known.is_new and not choice.title)
