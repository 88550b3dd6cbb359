"""The sync configuration as the API tells and takes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from services.portal.api.shapes import Asked, Id, Told

ReleasePolicy = Literal["hold", "keep_back"]
DeletedPolicy = Literal["cancel", "ask"]
ShippedWhen = Literal["complete", "first"]
ChannelAs = Literal["shop_name", "tag"]
Decision = Literal["mapped", "not_sent", "undecided"]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Share = Annotated[int, Field(ge=1, le=100)]
Line = Annotated[str, Field(max_length=128)]
TimeOfDay = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
TimeOrNone = Annotated[str, Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]

GO_LIVE = "Notes made in Brightpearl from then on are sent; null: none are."
OWNER = "The Brightpearl staff contact in whose name notes are shipped."
REPORT_AT = "When the daily report goes out, in the account's time zone."
QUIET_DAYS = "Whether the daily report also goes out for a day on which nothing happened."
HOLD = "For how many minutes a new note waits, so that it can still be changed; 0: for none."
CUT_OFF = "Until when an order is at ShipHero to go out the same day; empty: no such time."
SHARE = "Percent of the vendor's allowance that is ours; null: what suits the connection."


class WarehouseTold(Told):
    """Where a Brightpearl warehouse's notes go."""

    id: int = Field(description="Brightpearl's id.", examples=[2])
    name: str = Field(examples=["Main warehouse"])
    decision: Decision = Field(examples=["mapped"])
    shiphero_warehouse_id: str = Field(examples=["V2FyZWhvdXNlOjE"])


class MethodTold(Told):
    """What ShipHero is told for a Brightpearl shipping method; unmapped without a title."""

    id: int = Field(description="Brightpearl's id.", examples=[7])
    name: str = Field(examples=["Royal Mail 24"])
    title: str = Field(examples=["RM24"])
    carrier: str = Field(examples=["royal_mail"])
    method: str = Field(examples=["tracked_24"])
    is_new: bool = Field(
        description="Whether a refresh brought it, and nobody has mapped it yet.", examples=[False]
    )


class MethodsFetched(Told):
    """How the last fetch of Brightpearl's shipping methods stands."""

    state: Literal["waiting", "running", "done", "failed"] = Field(examples=["done"])
    ended_at: datetime | None = Field(
        description="When it ended; null while it is under way.", examples=["2026-11-24T09:00:00Z"]
    )
    fetched: int = Field(description="How many methods it has brought.", examples=[38])
    added: int | None = Field(
        description="How many of them were new; null while it is under way, and of a first fetch.",
        examples=[1],
    )


class Configuration(Told):
    """Everything that the account decided."""

    version: int = Field(description="Raised by every change.", examples=[12])
    order_sync_on: bool
    shipment_sync_on: bool
    go_live_at: datetime | None = Field(description=GO_LIVE, examples=["2026-11-24T09:00:00Z"])
    event_owner_contact_id: int | None = Field(description=OWNER, examples=[205])
    event_owner_name: str = Field(examples=["Ann Field"])
    order_number_template: str = Field(examples=["{reference}"])
    release_policy: ReleasePolicy = Field(examples=["hold"])
    hold_minutes: int = Field(description=HOLD, examples=[15])
    deleted_policy: DeletedPolicy = Field(examples=["cancel"])
    shipped_when: ShippedWhen = Field(examples=["complete"])
    create_products: bool
    channel_as: ChannelAs = Field(examples=["shop_name"])
    packing_note_field: str = Field(examples=["PCF_PACKING"])
    gift_note_field: str = Field(examples=["PCF_GIFTNOTE"])
    batch_writes: bool
    brightpearl_share: int | None = Field(description=SHARE, examples=[None])
    shiphero_share: int | None = Field(description=SHARE, examples=[None])
    cut_off: str = Field(description=CUT_OFF, examples=["15:00"])
    report_at: str = Field(description=REPORT_AT, examples=["07:00"])
    report_quiet_days: bool = Field(description=QUIET_DAYS)
    warehouses: list[WarehouseTold]
    methods: list[MethodTold]
    methods_fetched: MethodsFetched | None = Field(
        description="null where they were never asked for."
    )


class WarehouseWish(Asked):
    """Where a Brightpearl warehouse's notes are to go."""

    id: Id = Field(description="Brightpearl's id.", examples=[2])
    decision: Decision = Field(examples=["mapped"])
    shiphero_warehouse_id: Line = Field(
        default="", description="Only where it is mapped.", examples=["V2FyZWhvdXNlOjE"]
    )


class MethodWish(Asked):
    """What ShipHero is to be told; leave all three empty to unmap it."""

    id: Id = Field(description="Brightpearl's id.", examples=[7])
    title: Line = Field(default="", examples=["RM24"])
    carrier: Line = Field(default="", examples=["royal_mail"])
    method: Line = Field(default="", examples=["tracked_24"])


class ConfigurationChange(Asked):
    """What is to be otherwise; what is not given stays as it is, null unsets what may be unset."""

    order_sync_on: bool = Field(default=False, examples=[True])
    shipment_sync_on: bool = Field(default=False)
    go_live_at: AwareDatetime | None = Field(default=None, description=GO_LIVE)
    event_owner_contact_id: Id | None = Field(default=None, description=OWNER)
    order_number_template: Line = Field(default="")
    release_policy: ReleasePolicy = Field(default="hold")
    hold_minutes: Minutes = Field(default=0, description=HOLD)
    deleted_policy: DeletedPolicy = Field(default="cancel")
    shipped_when: ShippedWhen = Field(default="complete")
    create_products: bool = Field(default=False)
    channel_as: ChannelAs = Field(default="shop_name")
    packing_note_field: Line = Field(default="")
    gift_note_field: Line = Field(default="")
    batch_writes: bool = Field(default=False)
    brightpearl_share: Share | None = Field(default=None, description=SHARE)
    shiphero_share: Share | None = Field(default=None, description=SHARE)
    cut_off: TimeOrNone = Field(default="", description=CUT_OFF)
    report_at: TimeOfDay = Field(default="07:00", description=REPORT_AT)
    report_quiet_days: bool = Field(default=True, description=QUIET_DAYS)
    warehouses: list[WarehouseWish] = Field(default=[], max_length=500)
    methods: list[MethodWish] = Field(default=[], max_length=500)


class ChangeQuery(Asked):
    """How the change is to be taken."""

    dry_run: Literal["true", "false"] = Field(
        default="false", description="true: only say what it would do, save nothing."
    )


class ChangeTold(Told):
    """One setting or mapping that became otherwise, or would."""

    field: str = Field(description="As in the request.", examples=["warehouses.3"])
    subject: str = Field(examples=["Warehouse Leeds (3)"])
    before: str = Field(examples=["undecided"])
    after: str = Field(examples=["Primary (V2FyZWhvdXNlOjE)"])


class EffectTold(Told):
    """What goes on by a change, or would: in words, as the portal says it, and in numbers."""

    sentences: list[str] = Field(
        description="What goes on, each by what it waited for.",
        examples=[["4 notes skipped because the warehouse was left out are looked at again."]],
    )
    stops: list[str] = Field(
        description="What waits, or is not sent, from now on.",
        examples=[["New notes of warehouse Leeds (3) will not be sent."]],
    )

    released: Mapping[str, int] = Field(
        description="How much of what waits goes on, by the cause that it waited for.",
        examples=[{"order_sync_off": 37}],
    )
    looked_at_again: Mapping[str, int] = Field(
        description="How many notes are looked at again, by the reason they stand with.",
        examples=[{"warehouse_not_sent": 4}],
    )
    compared_from: datetime | None = Field(
        description="From when on Brightpearl's list is gone through anew.", examples=[None]
    )


class Changed(Told):
    """What was saved, or would be."""

    dry_run: bool
    changed: bool | None = Field(
        description="False where all was so before; null in a dry run.", examples=[True]
    )
    version: int | None = Field(
        description="The version of the settings now; null in a dry run.", examples=[13]
    )
    changes: list[ChangeTold]
    effect: EffectTold
