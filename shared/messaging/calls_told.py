"""Lay the vendor calls of an attempt out for its row."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shared.events import ABOUT_A_NOTE, Event
from shared.journal.exchanges import EXCHANGE
from shared.vendors.calls import Call
from shared.vendors.captured import Keeping


def told(calls: Sequence[Call], about: str = "") -> list[dict[str, Any]]:
    """Lay vendor calls out for an attempt's JSON.

    With the note's id in `about`, its part of what was asked and answered goes along.
    """
    keeping = Keeping(about) if about else None
    return [_told(call, keeping) for call in calls]


def note_of(event: Event) -> str:
    """Give the id of the note that an event is about, "" where it is about none."""
    return event.subject if event.name in ABOUT_A_NOTE and event.subject.isdecimal() else ""


def _told(call: Call, keeping: Keeping | None) -> dict[str, Any]:
    plain = {
        "vendor": call.vendor,
        "operation": call.operation,
        "status": call.status,
        "request_id": call.request_id,
        "started": call.started.isoformat(),
        "seconds": call.seconds,
        "budget": asdict(call.budget),
    }
    if keeping is None or call.exchange is None:
        return plain
    return {**plain, EXCHANGE: keeping.keep(call.exchange)}
