"""What a person filters and sorts the sync log by, as it stands in the address; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.portal.log.cursor import GREATEST_ID
from services.portal.log.stage_filter import STAGE_FILTERS
from shared.issues.issue import TO_BRIGHTPEARL, TO_SHIPHERO
from shared.notes.state import ORDER_WORDS
from shared.reasons.reason import OPERATOR, YOU, YOU_AT_VENDOR, YOU_THEN_OPERATOR

NEEDS_YOU: Final = "needs_you"
ON_THE_WAY: Final = "on_the_way"
SYNCED: Final = "synced"
SHIPPED: Final = "shipped"
CANCELLED: Final = "cancelled"
LEFT_OUT: Final = "skipped"
HANDLED: Final = "handled"
SHADOW: Final = "shadow"
# As the database writes them; each note is in exactly one, so that the counts add up.
STATES: Final = (NEEDS_YOU, ON_THE_WAY, SYNCED, SHIPPED, CANCELLED, LEFT_OUT, HANDLED, SHADOW)
STATUS_WORDS: Final = tuple(dict.fromkeys(ORDER_WORDS.values()))

INSERTED, SYNCED_AT, TOTAL = "inserted", "synced", "total"
SORTS: Final = (INSERTED, SYNCED_AT, TOTAL)
# Hours by which a note came in at most, or at least, before now.
WITHIN: Final[Mapping[int, str]] = {24: "24 hours", 168: "7 days", 720: "30 days"}
OLDER: Final[Mapping[int, str]] = {
    1: "1 hour", 4: "4 hours", 24: "1 day", 72: "3 days", 168: "7 days",
}  # fmt: skip

# Whose turn it is where a note cannot go on.
TURNS: Final[Mapping[str, str]] = {
    "you": YOU,
    "operator": OPERATOR,
    "both": YOU_THEN_OPERATOR,
    "vendor": YOU_AT_VENDOR,
}

# Which way a note stands in: to ShipHero, or back.
DIRECTIONS: Final[Mapping[str, str]] = {
    TO_SHIPHERO: "To ShipHero", TO_BRIGHTPEARL: "To Brightpearl",
}  # fmt: skip

LONGEST_TEXT: Final = 100
LONGEST_LIST: Final = 200  # ids
LONGEST_LISTED: Final = 64  # characters of one of them
FIRST_YEAR, LAST_YEAR = 2000, 2200

_APART = re.compile(r"[\s,;]+")
_NUMBERS: Final = re.compile(r"#?\d+(/\d+)?")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A filter and an order; what is empty filters nothing.

    `since` and `until` are days in `zone`, both included. `listed` are ids or references of which
    a note has to have one. `digests` lead to the notes of the customer whose address or name `text`
    is, where whoever asks may find them so. `problems` says what could not be understood.
    """

    state: str = ""
    status: str = ""
    stage: str = ""
    reason: str = ""
    turn: str = ""
    direction: str = ""
    warehouse: int | None = None
    method: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    within: int = 0
    older: int = 0
    text: str = ""
    listed: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    sort: str = INSERTED
    ascending: bool = False
    problems: tuple[str, ...] = ()

    @property
    def links(self) -> dict[str, str]:
        """Give everything that is set as it stands in the address."""
        sorted_by = {
            "sort": self.sort if self.sort != INSERTED else "",
            "dir": "asc" if self.ascending else "",
        }
        return self.filters | {name: value for name, value in sorted_by.items() if value}

    @property
    def filters(self) -> dict[str, str]:
        """Give the filter alone as it stands in the address."""
        filled = {
            "state": self.state,
            "status": self.status,
            "stage": self.stage,
            "reason": self.reason,
            "turn": self.turn,
            "direction": self.direction,
            "warehouse": "" if self.warehouse is None else str(self.warehouse),
            "method": self.method,
            "channel": self.channel,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "zone": self.zone if self.since or self.until else "",
            "within": str(self.within or ""),
            "older": str(self.older or ""),
            "q": self.text,
            "list": " ".join(self.listed),
        }
        return {name: value for name, value in filled.items() if value}

    @property
    def is_newest_first(self) -> bool:
        """Whether what comes in is shown on top."""
        return self.sort == INSERTED and not self.ascending

    @property
    def begins(self) -> datetime | None:
        """The first moment of the day `since`."""
        return None if self.since is None else _midnight(self.since, self.zone)

    @property
    def ends(self) -> datetime | None:
        """The first moment after the day `until`."""
        return None if self.until is None else _midnight(self.until + timedelta(days=1), self.zone)

    @property
    def sought(self) -> str:
        """What is searched for; a hash before a number is how people write order numbers."""
        return self.text.lstrip("#").strip()

    def without(self, name: str) -> dict[str, str]:
        """Give the address's values without one of them."""
        dropped = {name, "zone"} if name in ("from", "to") and not self._both_days else {name}
        return {one: value for one, value in self.links.items() if one not in dropped}

    @property
    def _both_days(self) -> bool:
        return bool(self.since and self.until)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read the address; what is unknown there filters nothing, unless a person wrote it."""
        typed, problems = _Typed(given), []
        text = typed.text("q")
        listed = _listed(typed.raw("list"))
        if not listed and _is_list(text_of := typed.raw("q")):
            text, listed = "", _listed(text_of)
        if len(listed) > LONGEST_LIST:
            problems.append(
                f"The list has {len(listed)} entries; the first {LONGEST_LIST} are looked for."
            )
        wanted = cls(
            state=typed.one_of("state", STATES),
            status=typed.one_of("status", STATUS_WORDS),
            stage=typed.one_of("stage", tuple(STAGE_FILTERS)),
            reason=typed.text("reason"),
            turn=typed.one_of("turn", tuple(TURNS)),
            direction=typed.one_of("direction", tuple(DIRECTIONS)),
            warehouse=typed.id("warehouse"),
            method=typed.text("method"),
            channel=typed.text("channel"),
            since=typed.day("from", problems),
            until=typed.day("to", problems),
            zone=_zone(typed.text("zone")),
            within=typed.hours("within", WITHIN),
            older=typed.hours("older", OLDER),
            text=text,
            listed=listed[:LONGEST_LIST],
            sort=typed.one_of("sort", SORTS) or INSERTED,
            ascending=given.get("dir") == "asc",
        )
        if wanted.since and wanted.until and wanted.until < wanted.since:
            problems.append("The last day lies before the first, so no note can match.")
        return replace(wanted, problems=tuple(problems))


@dataclass(frozen=True)
class _Typed:
    """The address's values, one at a time."""

    given: Mapping[str, str]

    def raw(self, name: str) -> str:
        return self.given.get(name, "").replace("\0", "")

    def text(self, name: str) -> str:
        return self.raw(name).strip()[:LONGEST_TEXT]

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        return self.raw(name) if self.raw(name) in known else ""

    def id(self, name: str) -> int | None:
        return id_in(self.raw(name))

    def hours(self, name: str, known: Mapping[int, str]) -> int:
        hours = id_in(self.raw(name)) or 0
        return hours if hours in known else 0

    def day(self, name: str, problems: list[str]) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        problems.append(f"“{text}” is no day; write it as 2026-11-24. It was left out.")
        return None


def id_in(text: str) -> int | None:
    """Read an id; None for anything that no id of a vendor can be."""
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(GREATEST_ID))
    return int(text) if digits and int(text) <= GREATEST_ID else None


def _is_list(text: str) -> bool:
    """Tell whether a person pasted several ids into the search box; a reference may have spaces."""
    parts = _APART.split(text.strip())
    return len(parts) > 1 and all(_NUMBERS.fullmatch(part) for part in parts)


def _listed(text: str) -> tuple[str, ...]:
    parts = (part.lstrip("#")[:LONGEST_LISTED] for part in _APART.split(text.strip()))
    return tuple(dict.fromkeys(part for part in parts if part))


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
