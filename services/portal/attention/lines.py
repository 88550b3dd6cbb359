"""A line as the page draws it: what the log counts, and what people did about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.portal.dashboard.waits import Door, door_of
from services.portal.frame.mending import PLACES
from shared.accounts import (
    CONNECTION_BROKEN,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
    AccountSettings,
)
from shared.db.portal_tables import IssueMark
from shared.issues.counts import Count
from shared.issues.issue import NEEDS_YOU, Issue
from shared.issues.marks import is_muted, is_resolved
from shared.issues.words import title_of
from shared.reasons.listed import reason_for_person
from shared.reasons.reason import RELEASED, Reason

OPEN, ACKNOWLEDGED, MUTED = "open", "acknowledged", "muted"
STATES: Final = (OPEN, ACKNOWLEDGED, MUTED)
HOURS: Final = 24


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reason on one way; `hours` are how many notes came in in each of the last 24."""

    count: Count
    title: str
    state: str
    mark: IssueMark | None
    assignee: str
    hours: Sequence[int]
    door: Door | None

    @property
    def issue(self) -> Issue:
        """What it is about."""
        return self.count.issue

    @property
    def reason(self) -> Reason:
        """What the code means, and whose turn it is."""
        return reason_for_person(self.issue.code)

    @property
    def links(self) -> dict[str, str]:
        """Give its address's values."""
        return links_of(self.issue)

    @property
    def rows(self) -> dict[str, str]:
        """Give the filter of the sync log that finds its notes."""
        return filter_of(self.issue)

    @property
    def can_retry(self) -> bool:
        """Whether a retry may help; what a setting holds goes on by itself once that is made."""
        return bool(self.issue.code) and self.reason.then != RELEASED

    @property
    def highest(self) -> int:
        """The most that came in in one of the hours."""
        return max(self.hours, default=0)


def state_of(mark: IssueMark | None, *, now: datetime) -> str:
    """Say where a line stands that has notes."""
    if is_muted(mark, now=now):
        return MUTED
    is_known = mark is not None and mark.acknowledged_at is not None and not is_resolved(mark)
    return ACKNOWLEDGED if is_known else OPEN


def links_of(issue: Issue) -> dict[str, str]:
    """Give what names a line in an address or a form."""
    given = {"way": issue.way, "reason": issue.code, "key": issue.key}
    return {name: value for name, value in given.items() if value}


def filter_of(issue: Issue) -> dict[str, str]:
    """Give the filter of the sync log that finds a line's notes."""
    keyed = {SHIPPING_METHOD_UNMAPPED: "method", WAREHOUSE_UNDECIDED: "warehouse"}
    given = {"state": NEEDS_YOU, "reason": issue.code, "direction": issue.way}
    if issue.key and issue.code in keyed:
        given[keyed[issue.code]] = issue.key
    return {name: value for name, value in given.items() if value}


def line_of(
    count: Count,
    mark: IssueMark | None,
    *,
    settings: AccountSettings,
    people: Mapping[int, str],
    hours: Sequence[int],
    now: datetime,
) -> Line:
    """Put a line together; `people` are the account's, by their ids."""
    assignee = people.get(mark.assignee_id or 0, "") if mark else ""
    return Line(
        count=count,
        title=title_of(count.issue, settings.warehouses),
        state=state_of(mark, now=now),
        mark=mark,
        assignee=assignee,
        hours=hours or (0,) * HOURS,
        door=_door(count.issue, settings),
    )


def _door(issue: Issue, settings: AccountSettings) -> Door | None:
    """Lead to the very field that mends it; None where no page of ours does."""
    if issue.code == CONNECTION_BROKEN:
        place = PLACES[CONNECTION_BROKEN]
        return Door(label=place.act, endpoint=place.endpoint)
    detail = issue.key
    if issue.code == SHIPPING_METHOD_UNMAPPED:
        named = (one for one, its in settings.methods.items() if its.name == issue.key)
        detail = str(next(named, ""))
    return door_of(f"{issue.code}:{detail}")
