"""The vendor calls of an attempt in words; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

NOT_SAID: Final = "not said"


@dataclass(frozen=True, kw_only=True)
class VendorCall:
    """One request of an attempt: what was asked and how it went, never a body."""

    vendor: str
    operation: str
    status: str
    request_id: str
    seconds: str
    failed: bool


def calls_of(raw: Sequence[Mapping[str, Any]]) -> list[VendorCall]:
    """Read an attempt's kept calls; a field that is not there is shown as not said."""
    return [_call(call) for call in raw]


def duration(seconds: float | None) -> str:
    """Write a length of time the short way: 412 ms, 1.8 s, 2 min 5 s."""
    if seconds is None:
        return NOT_SAID
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _call(call: Mapping[str, Any]) -> VendorCall:
    status, seconds = call.get("status"), call.get("seconds")
    return VendorCall(
        vendor={"brightpearl": "Brightpearl", "shiphero": "ShipHero"}.get(
            str(call.get("vendor", "")), str(call.get("vendor", NOT_SAID))
        ),
        operation=str(call.get("operation") or NOT_SAID),
        status="no answer" if status is None else str(status),
        request_id=str(call.get("request_id") or NOT_SAID),
        seconds=duration(seconds if isinstance(seconds, int | float) else None),
        failed=not (isinstance(status, int) and status < 400),  # noqa: PLR2004 - HTTP's border
    )
