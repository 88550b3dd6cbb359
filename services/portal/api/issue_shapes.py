"""What the API tells of what needs attention."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from services.portal.api.shapes import Told

IssueState = Literal["open", "acknowledged", "muted"]
IssueWay = Literal["shiphero", "brightpearl"]


class IssueTold(Told):
    """Notes that need a person for one reason, on one way."""

    title: str = Field(examples=["Shipping method DPD Sat is not mapped"])
    reason_code: str = Field(examples=["shipping_method_unmapped"])
    way: IssueWay = Field(
        description="Whether orders do not get to ShipHero, or shipments not to Brightpearl.",
        examples=["shiphero"],
    )
    key: str = Field(
        description="The shipping method's name or the warehouse's id; empty for other reasons.",
        examples=["DPD Sat"],
    )
    state: IssueState = Field(examples=["open"])
    notes: int = Field(examples=[14])
    sums: Mapping[str, Decimal] = Field(
        description="What their sales orders come to, each once, by currency; as decimal text.",
        examples=[{"GBP": "1210.00"}],
    )
    first_at: datetime = Field(
        description="When the first of its notes came in.", examples=["2026-11-24T08:12:00Z"]
    )
    last_at: datetime = Field(
        description="When the last of them did.", examples=["2026-11-24T11:40:00Z"]
    )
    whose_turn: str = Field(examples=["You"])
    remedy: str = Field(examples=["Map the shipping method."])
    assigned_to: str = Field(description="A person's name; empty for nobody.", examples=[""])
    muted_until: datetime | None = Field(
        description="null where it is not muted now.", examples=[None]
    )


class Issues(Told):
    """What needs attention now, open ones first, then those with the most notes."""

    open: int = Field(description="How many are open.", examples=[1])
    issues: list[IssueTold]
