"""The numbers of a day, which add up: each note that came in stands in one place; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.notes.state import HELD as STAGE_HELD
from shared.notes.state import ORDER, SHIPMENT, telling_side

# Where a note stands, once and once only; the order is that of the report.
SHIPPED: Final = "shipped"
AT_SHIPHERO: Final = "at_shiphero"
SHIPMENT_HELD: Final = "shipment_held"
SHIPMENT_FAILED: Final = "shipment_failed"
UNDER_WAY: Final = "under_way"
HELD: Final = "held"
FAILED: Final = "failed"
HANDLED: Final = "handled"
CANCELLED: Final = "cancelled"
SKIPPED: Final = "skipped"
PLACES: Final = (
    SHIPPED, AT_SHIPHERO, SHIPMENT_HELD, SHIPMENT_FAILED, UNDER_WAY,
    HELD, FAILED, HANDLED, CANCELLED, SKIPPED,
)  # fmt: skip
# In these the order is at ShipHero, and the note counts as sent.
SENT: Final = (SHIPPED, AT_SHIPHERO, SHIPMENT_HELD, SHIPMENT_FAILED)

# The states of the sync log, as the database computes them (`shared.db.note_tables`).
NEEDS_YOU: Final = "needs_you"
_PLACE_OF: Final[Mapping[str, str]] = {
    "shipped": SHIPPED,
    "synced": AT_SHIPHERO,
    "on_the_way": UNDER_WAY,
    "cancelled": CANCELLED,
    "skipped": SKIPPED,
    "handled": HANDLED,
}

# Of how many weeks the usual is made, and how many of them there must be.
WEEKS: Final = 8
ENOUGH_WEEKS: Final = 4
WITHOUT_EXTREMES: Final = 6  # from so many on, the least and the most are left out
A_WEEK: Final = timedelta(days=7)
CHART_DAYS: Final = 14


@dataclass(frozen=True, kw_only=True)
class Group:
    """So many notes of the sync log that stand alike; `code` is the reason that the log shows."""

    state: str
    order_stage: str
    shipment_stage: str
    code: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The notes that came in on a day by where they stand; the places add up to `received`."""

    by_place: Mapping[str, int]
    skipped_by_reason: Mapping[str, int]

    @property
    def received(self) -> int:
        """How many came in."""
        return sum(self.by_place.values())

    @property
    def sent(self) -> int:
        """How many of them are orders in ShipHero that live."""
        return sum(self.by_place[place] for place in SENT)


@dataclass(frozen=True, kw_only=True)
class Need:
    """Notes that wait for a person, all for one reason; `new` of them came in on the day."""

    side: str
    code: str
    is_held: bool
    count: int
    new: int


@dataclass(frozen=True, kw_only=True)
class Count:
    """What one day brought."""

    received: int = 0
    sent: int = 0
    shipped: int = 0


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What a weekday usually brings: from `low` to `high`."""

    low: int
    high: int


def place_of(group: Group) -> str:
    """Say where such notes stand."""
    if group.state != NEEDS_YOU:
        return _PLACE_OF[group.state]
    if telling_side(group.order_stage, group.shipment_stage) == ORDER:
        return HELD if group.order_stage == STAGE_HELD else FAILED
    return SHIPMENT_HELD if group.shipment_stage == STAGE_HELD else SHIPMENT_FAILED


def tally(groups: Sequence[Group]) -> Tally:
    """Add up the notes of a day."""
    by_place = dict.fromkeys(PLACES, 0)
    skipped: Counter[str] = Counter()
    for group in groups:
        place = place_of(group)
        by_place[place] += group.count
        if place == SKIPPED:
            skipped[group.code] += group.count
    return Tally(by_place=by_place, skipped_by_reason=dict(skipped.most_common()))


def needs(now: Sequence[Group], of_day: Sequence[Group]) -> Sequence[Need]:
    """Gather by reason what waits for a person now: what failed first, then the most.

    `now` are all such notes, `of_day` those that came in on the day.
    """
    counted, new = _by_reason(now), _by_reason(of_day)
    found = [
        Need(side=side, code=code, is_held=is_held, count=count, new=new[side, code, is_held])
        for (side, code, is_held), count in counted.items()
    ]
    return sorted(found, key=lambda need: (need.is_held, -need.count, need.code))


def _by_reason(groups: Sequence[Group]) -> Counter[tuple[str, str, bool]]:
    counts: Counter[tuple[str, str, bool]] = Counter()
    for group in groups:
        place = place_of(group)
        if place in (HELD, FAILED, SHIPMENT_HELD, SHIPMENT_FAILED):
            side = ORDER if place in (HELD, FAILED) else SHIPMENT
            counts[side, group.code, place in (HELD, SHIPMENT_HELD)] += group.count
    return counts


def days_to_count(day: date, *, since: date) -> Sequence[date]:
    """Give the days whose counts a report needs, the newest first: none before `since`."""
    chart = {day - timedelta(days=number) for number in range(CHART_DAYS)}
    return sorted(
        (one for one in chart | set(like_it(day)) | {day} if one >= since or one == day),
        reverse=True,
    )


def like_it(day: date) -> Sequence[date]:
    """Give the same weekday of the weeks before."""
    return [day - number * A_WEEK for number in range(1, WEEKS + 1)]


def usual(counts: Sequence[int]) -> Usual | None:
    """Say what is usual of so many days alike; None where they are too few to say."""
    if len(counts) < ENOUGH_WEEKS:
        return None
    ordered = sorted(counts)
    kept = ordered[1:-1] if len(ordered) >= WITHOUT_EXTREMES else ordered
    return Usual(low=kept[0], high=kept[-1])
