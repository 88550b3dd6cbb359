"""Times as Brightpearl writes and reads them (contract section 5, JSON)."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_COLONLESS = re.compile(r"([+-]\d\d)(\d\d)$")


def written(epoch: float, zone: str, utc_offset_as: str = "Z") -> str:
    """Write with milliseconds and the account's own offset, `2026-07-01T10:00:00.000+01:00`."""
    text = datetime.fromtimestamp(epoch, ZoneInfo(zone)).isoformat(timespec="milliseconds")
    if utc_offset_as == "Z" and text.endswith("+00:00"):
        return text.removesuffix("+00:00") + "Z"
    return text


def raised_on(epoch: float) -> str:
    """Write for a webhook: UTC with a `Z` (contract section 5)."""
    text = datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def read(text: object) -> float:
    """Read `...Z`, `+00:00` and `+0000`; anything without a zone is a ValueError."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a time")  # noqa: TRY004 - one error for all callers
    moment = datetime.fromisoformat(_COLONLESS.sub(r"\1:\2", text.strip()))
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} carries no zone")
    return moment.timestamp()


def whole_second(epoch: float) -> float:
    """Cut to the second: recorded times always end in `.000`."""
    return float(int(epoch))
