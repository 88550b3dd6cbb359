"""What answers tell of a budget, by short words; times in seconds since 1970."""

import json
from typing import Any

from shared.budgets.counting import Told, told_by
from shared.vendors.brightpearl.api import receipt as brightpearl_receipt
from shared.vendors.calls import Call
from shared.vendors.exchange import Answer
from shared.vendors.shiphero.api import receipt as shiphero_receipt
from tests.builders import MORNING

NOON = 1_790_000_000.0
TOO_MANY = "You have sent too many requests. Please wait before sending another request"


def told(*, ended: float = NOON, took: float = 0.2, **figures: Any) -> Told:
    """Build what an answer told that came `took` seconds after it was asked for."""
    return Told(started=ended - took, ended=ended, **figures)


def silence(*, ended: float = NOON, took: float = 0.2) -> Told:
    """Build an answer without figures, or none at all."""
    return told(ended=ended, took=took)


def of_brightpearl(
    status: int, body: Any, *, left: int | None = None, resets_in_ms: int | None = None
) -> Told:
    """Take what Brightpearl's answer tells, by way of the client's receipt (contract §4)."""
    given = {
        "Brightpearl-Requests-Remaining": left,
        "Brightpearl-Next-Throttle-Period": resets_in_ms,
    }
    headers = {name: str(value) for name, value in given.items() if value is not None}
    return _told(Answer(status=status, headers=headers, body=_written(body)), "brightpearl")


def of_shiphero(status: int, body: Any, **headers: str) -> Told:
    """Take what ShipHero's answer tells, by way of the client's receipt (contract §3)."""
    return _told(Answer(status=status, headers=headers, body=_written(body)), "shiphero")


def _told(answer: Answer, vendor: str) -> Told:
    receipts = {"brightpearl": brightpearl_receipt, "shiphero": shiphero_receipt}
    request_id, budget = receipts[vendor](answer)
    call = Call(
        vendor=vendor,
        operation="read",
        status=answer.status,
        request_id=request_id,
        started=MORNING,
        seconds=0.2,
        budget=budget,
    )
    return told_by(call, ended=NOON)


def _written(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
