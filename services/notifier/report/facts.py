"""All that one report tells, as it was read; the words are `wording.py`'s."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifier.report.numbers import Count, Need, Tally
from shared.took import Took
from shared.watermarks import Compared


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which report is wanted: of an account's `day`, at `made_at`.

    One of a day that is not over yet tells of it so far. `due_at` is when the clock wanted it.
    """

    account_id: UUID
    day: date
    made_at: datetime
    so_far: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The account that is told of; `since` is its first whole day with Goodsout."""

    id: UUID
    code: str
    name: str
    zone: ZoneInfo
    since: date
    wants_quiet_days: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All notes as they stand now: on their way, at ShipHero, and there for over a day."""

    under_way: int
    at_shiphero: int
    late: int


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    """One note, as the list of failures and the table show it."""

    note_id: int
    reference: str
    order_id: int | None
    sequence: int | None
    total: Decimal | None
    currency: str
    inserted_at: datetime
    synced_at: datetime | None
    shipped_at: datetime | None
    order_stage: str
    order_code: str
    order_reason: str
    shipment_stage: str
    shipment_code: str
    shipment_reason: str
    shiphero_order_id: str
    tracking: str
    # The database's own: where the log counts the note, and the reason that it shows.
    state: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that a person did."""

    at: datetime
    who: str
    act: str
    subject: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """An alert that began or ended on the day, or is open now."""

    sentence: str
    raised_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything, read in one look.

    `counts` are by day, the reported one among them; `begins` and `ends` its first moment and the
    first one after it (so far: now). `dead` counts what was given up on and is no note's.
    """

    asked: Asked
    owner: Owner
    begins: datetime
    ends: datetime
    counts: Mapping[date, Count]
    tally: Tally
    standing: Standing
    needs: Sequence[Need]
    failures: Sequence[NoteLine]
    late: Sequence[NoteLine]
    sending: Took | None
    writing_back: Took | None
    unexplained: int
    dead: int
    lists: Sequence[Compared]
    differences: Mapping[str, int]
    changes: Sequence[Change]
    more_changes: int
    alerts: Sequence[AlertLine]

    @property
    def need_you(self) -> int:
        """How many notes wait for a person."""
        return sum(need.count for need in self.needs)

    @property
    def of_day(self) -> Count:
        """What the day brought."""
        return self.counts[self.asked.day]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened and nothing is to be done."""
        return (
            self.of_day == Count()
            and not self.need_you
            and not self.unexplained
            and not any(alert.ended_at is None for alert in self.alerts)
        )
