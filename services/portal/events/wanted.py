"""What a person filters the journal by, read from the address and written into it; pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from services.portal.events.words import NAMES, QUEUES, STATES

LONGEST_WORD: Final = 100
WORDS: Final[Mapping[str, Mapping[str, object]]] = {
    "state": STATES,
    "name": NAMES,
    "queue": QUEUES,
}
AS_TYPED: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A filter: "" and None match everything.

    `since` and `until` bound when an event was recorded, `died_since` and `died_until` when it was
    given up.
    """

    state: str = ""
    name: str = ""
    queue: str = ""
    subject: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None
    died_since: datetime | None = None
    died_until: datetime | None = None

    @property
    def links(self) -> dict[str, str]:
        """Give the filter as it stands in the address, times in UTC."""
        filled = {name: value for name, value in asdict(self).items() if value}
        return {name: _written(value) for name, value in filled.items()}

    @property
    def is_narrow(self) -> bool:
        """Whether it says more than a state."""
        return bool(self.links.keys() - {"state"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A filter as it was read, and a sentence for each field that could not be."""

    wanted: Wanted
    faults: Mapping[str, str]


def read_wanted(given: Mapping[str, str], zone: ZoneInfo) -> Asked:
    """Read it; a time without a zone is in `zone`. What is not known is left out and told."""
    faults: dict[str, str] = {}
    times: dict[str, datetime | None] = {}
    for field in ("since", "until", "died_since", "died_until"):
        text = given.get(field, "").strip()
        times[field] = _time(text, zone)
        if text and times[field] is None:
            faults[field] = f"“{text[:30]}” is no time; write it like 2026-11-24T09:30."
    # A word that is not known must not widen what is found, still less what is acted upon.
    chosen = {field: given.get(field, "") for field in WORDS}
    for field, known in WORDS.items():
        if chosen[field] and chosen[field] not in known:
            faults[field] = f"“{chosen[field][:30]}” is no {field} of the journal."
            chosen[field] = ""
    wanted = Wanted(
        state=chosen["state"],
        name=chosen["name"],
        queue=chosen["queue"],
        subject=given.get("subject", "").strip()[:LONGEST_WORD],
        reason=given.get("reason", "").strip()[:LONGEST_WORD],
        since=times["since"],
        until=times["until"],
        died_since=times["died_since"],
        died_until=times["died_until"],
    )
    return Asked(wanted=wanted, faults=faults)


def shown_time(at: datetime | None, zone: ZoneInfo) -> str:
    """Give a time as a field of a form holds it."""
    return at.astimezone(zone).strftime(AS_TYPED) if at else ""


def _time(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        zoned = read if read.tzinfo else read.replace(tzinfo=zone)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
