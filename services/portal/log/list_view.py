"""The sync log as its templates draw it: rows, counts, the filter and its choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.portal.log.columns import Drawn
from services.portal.log.filter_words import (
    FILTER_LABELS,
    STATE_LABELS,
    Choices,
    filter_words,
    sentence_of,
)
from services.portal.log.stage_filter import LATE_AFTER, STAGE_FILTERS
from services.portal.log.stages import Chip, handled, order_chip, shipment_chip
from services.portal.log.sync_log import COUNT_LIMIT, Group, Page
from services.portal.log.wanted import (
    DIRECTIONS,
    INSERTED,
    NEEDS_YOU,
    OLDER,
    SHADOW,
    STATUS_WORDS,
    SYNCED_AT,
    TOTAL,
    TURNS,
    WITHIN,
    Wanted,
)
from shared.db.note_tables import SyncLogRow
from shared.db.vendor_tables import Alert
from shared.notes.state import NEEDS_PERSON
from shared.reasons.listed import UNLISTED, reason_of
from shared.reasons.reason import NOBODY, RELEASED, Reason

SORT_LABELS: Final = {INSERTED: "Inserted at", SYNCED_AT: "Synced at", TOTAL: "Total"}
VERY_LATE_AFTER: Final = timedelta(hours=72)


@dataclass(frozen=True, kw_only=True)
class ListView:
    """One page of the list; `live` is the address that refreshes it."""

    page: Page
    wanted: Wanted
    counts: Mapping[str, int]
    exactly: bool = False
    news: int = 0
    live: str = ""
    groups: Sequence[Group] = ()
    choices: Choices = field(default_factory=Choices)
    next_tries: Mapping[int, datetime] = field(default_factory=dict)
    alerts: Sequence[Alert] = ()
    drawn: Drawn = field(default_factory=Drawn)
    attempts: Mapping[int, int] = field(default_factory=dict)
    finds_customers: bool = False
    now: datetime | None = None

    labels = STATE_LABELS
    sorts = SORT_LABELS
    statuses = tuple((word, word) for word in STATUS_WORDS)
    stages = tuple((code, one.label) for code, one in STAGE_FILTERS.items())
    turns = tuple(TURNS.items())
    directions = tuple(DIRECTIONS.items())
    within = WITHIN
    older = OLDER

    @property
    def links(self) -> dict[str, str]:
        """Give the filter and the order as they stand in the address."""
        return self.wanted.links

    @property
    def states(self) -> Mapping[str, tuple[str, str, str, str]]:
        """Give the states of the strip; shadow mode's only where there is or was one."""
        return {
            state: label
            for state, label in STATE_LABELS.items()
            if state != SHADOW or self.counts[state] or self.wanted.state == SHADOW
        }

    @property
    def all_notes(self) -> str:
        """Write how many notes there are."""
        return self._written(sum(self.counts.values()))

    @property
    def has_more(self) -> bool:
        """Whether a count stopped at its limit."""
        return any(count > COUNT_LIMIT for count in self.counts.values()) and not self.exactly

    @property
    def count_limit(self) -> str:
        """Write where counts stop."""
        return f"{COUNT_LIMIT:,}"

    def count(self, state: str) -> str:
        """Write how many notes are in a state."""
        return self._written(self.counts[state])

    def _written(self, count: int) -> str:
        return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT and not self.exactly else f"{count:,}"

    def in_state(self, state: str) -> dict[str, str]:
        """Give the address of the same search among the notes of one state, or of all."""
        kept = {
            name: value for name, value in self.links.items() if name not in ("state", "reason")
        }
        return {"state": state, **kept} if state else kept

    def sorted_by(self, sort: str) -> dict[str, str]:
        """Give the address of the same rows sorted otherwise; the same column turns round."""
        kept = {name: value for name, value in self.links.items() if name not in ("sort", "dir")}
        is_turned = self.wanted.sort == sort and not self.wanted.ascending
        # The usual order is named too: a person may have another one that the list opens in.
        return kept | {"sort": sort} | ({"dir": "asc"} if is_turned else {})

    @property
    def by_age(self) -> dict[str, str]:
        """Give the address of the same rows, the oldest first; pressed again, the youngest."""
        is_turned = self.wanted.sort == INSERTED and self.wanted.ascending
        kept = {name: value for name, value in self.links.items() if name not in ("sort", "dir")}
        return kept | {"sort": INSERTED} | ({} if is_turned else {"dir": "asc"})

    @property
    def active(self) -> Sequence[tuple[str, str, dict[str, str]]]:
        """Give each filter that is set, in words, with the address of the list without it."""
        return [
            (FILTER_LABELS[name], value, self.wanted.without(name))
            for name, value in filter_words(self.wanted, self.choices)
        ]

    @property
    def panel_count(self) -> int:
        """Count what is set in the panel, which the search box and the strip of states are not."""
        return sum(name != "q" for name, _ in filter_words(self.wanted, self.choices))

    def chips(self, row: SyncLogRow) -> tuple[Chip, Chip]:
        """Give the chips of both sides; what is handled asks for nobody."""
        order = order_chip(row.order_stage, row.order_reason_code)
        shipment = shipment_chip(row.order_stage, row.shipment_stage, row.shipment_reason_code)
        if row.handled_at is None:
            return order, shipment
        return (
            handled(order) if row.order_stage in NEEDS_PERSON else order,
            handled(shipment) if row.shipment_stage in NEEDS_PERSON else shipment,
        )

    def lateness(self, row: SyncLogRow) -> str:
        """Give the colour of a shipment that is waited for: the longer, the louder."""
        waited = self.now - row.synced_at if self.now and row.synced_at else timedelta()
        if waited > VERY_LATE_AFTER:
            return "red"
        return "amber" if waited > LATE_AFTER else ""

    def sentence(self, group: Group) -> str:
        """Say why the notes of a group need a person."""
        return sentence_of(group.code) if group.code else "No reason was kept."

    def reason(self, group: Group) -> Reason:
        """Explain a group; of what passes by itself and did not, the operator is told."""
        reason = reason_of(group.code)
        return reason if reason.whose_turn != NOBODY else reason_of(UNLISTED)

    def can_retry(self, group: Group) -> bool:
        """Whether a retry may help; what a setting holds goes on by itself once that is made."""
        return bool(group.code) and self.reason(group).then != RELEASED

    @property
    def shows_groups(self) -> bool:
        """Whether the rows are those that need a person."""
        return self.wanted.state == NEEDS_YOU and bool(self.groups)
