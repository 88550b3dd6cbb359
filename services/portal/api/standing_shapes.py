"""The ledger and the health of an account, as the API tells them."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import Field

from services.portal.api.shapes import Asked, Told


class LedgerQuery(Asked):
    """How far back."""

    days: int = Field(default=30, ge=1, le=366, description="How many days (UTC), today included.")


class DayTold(Told):
    """One day's webhooks against the journal's rows, and the notes that came in."""

    day: date = Field(examples=["2026-11-24"])
    webhooks_kept: int = Field(examples=[412])
    webhooks_repeated: int = Field(description="Told again by the vendor.", examples=[3])
    rows: int = Field(examples=[412])
    unexplained: int = Field(description="Kept, and no longer there: must be 0.", examples=[0])
    notes: Mapping[str, int] = Field(
        description="Notes that came in, by the state in which they are now.",
        examples=[{"shipped": 380, "synced": 27, "needs_you": 5}],
    )


class ComparisonTold(Told):
    """A vendor's own list, as last compared with ours."""

    name: str = Field(examples=["brightpearl:notes"])
    reached: datetime = Field(description="Compared up to then.", examples=["2026-11-24T12:00:00Z"])
    compared_at: datetime = Field(examples=["2026-11-24T12:00:05Z"])
    found: int = Field(examples=[210])
    missed: int = Field(description="Of these, not told by a webhook.", examples=[0])


class Ledger(Told):
    """The proof that nothing was lost."""

    account: str = Field(examples=["fernleaf"])
    unexplained: int = Field(description="The sum over the days: must be 0.", examples=[0])
    dead_letters: int = Field(description="Waiting for a person.", examples=[0])
    days: list[DayTold] = Field(description="The newest first.")
    notes: Mapping[str, int] = Field(
        description="All notes, by the state in which they are.",
        examples=[{"shipped": 10112, "synced": 268, "needs_you": 5}],
    )
    comparisons: list[ComparisonTold]


class ConnectionTold(Told):
    """How a vendor is reached."""

    vendor: str = Field(examples=["brightpearl"])
    standing: str = Field(description="connected, broken, choosing or absent.",
                          examples=["connected"])  # fmt: skip
    broken_since: datetime | None = Field(examples=[None])
    broken_reason: str = Field(examples=[""])
    last_heard: datetime | None = Field(
        description="When its last webhook was kept.", examples=["2026-11-24T12:04:51Z"]
    )


class BudgetTold(Told):
    """What a vendor still lets us call."""

    vendor: str = Field(examples=["shiphero"])
    part: int = Field(description="What is ours of a full allowance.", examples=[900])
    share: int = Field(description="The same in percent.", examples=[90])
    room: int = Field(description="How much fits now.", examples=[61])
    opens_at: datetime | None = Field(description="Closed until then.", examples=[None])
    calls: int = Field(examples=[48211])
    refused: int = Field(examples=[2])


class Backlog(Told):
    """What is not settled yet."""

    due: int = Field(description="To be done now.", examples=[4])
    in_hand: int = Field(description="Given to a worker.", examples=[2])
    planned: int = Field(description="To be tried later by itself.", examples=[1])
    held: Mapping[str, int] = Field(
        description="Waiting for a person or a setting, by cause.",
        examples=[{"warehouse_undecided:3": 5}],
    )
    oldest_due_at: datetime | None = Field(examples=["2026-11-24T12:04:50Z"])


class Health(Told):
    """Whether the account's work goes on."""

    checked_at: datetime = Field(examples=["2026-11-24T12:05:00Z"])
    connections: list[ConnectionTold]
    budgets: list[BudgetTold]
    backlog: Backlog
    alerts: list[str] = Field(description="What a person should know now, oldest first.",
                              examples=[[]])  # fmt: skip
