"""Spans as values: what of the edge, the relay and an attempt a trace shows.

A trace holds ids, names and codes, never a body, an address or a secret path.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.events import Event
from shared.traces import parent_id, trace_id

Attribute = str | int | float | bool
# Our own trouble and both vendors'.
SERVER_ERROR = 500
CLIENT_ERROR = 400


class Kind(StrEnum):
    """Which side of a call or of a queue a span tells of."""

    SERVER = "server"
    PRODUCER = "producer"
    CONSUMER = "consumer"
    CLIENT = "client"


@dataclass(frozen=True, kw_only=True)
class Span:
    """One step of a trace; ids as in W3C's trace context, `parent` is "" at the trace's root.

    `failed` says why the step did not do what it was for, "" when it did.
    """

    name: str
    kind: Kind
    trace: str
    id: str
    parent: str
    began: datetime
    ended: datetime
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    failed: str = ""


def of_webhook(
    traceparent: str, caller: str, *, source: str, status: int, began: datetime, ended: datetime
) -> Span:
    """Tell of an answered webhook; `traceparent` is its own, `caller` the vendor's or ""."""
    return Span(
        name=f"webhook from {source}",
        kind=Kind.SERVER,
        trace=trace_id(traceparent),
        id=parent_id(traceparent),
        parent=parent_id(caller),
        began=began,
        ended=ended,
        attributes={"http.request.method": "POST", "http.response.status_code": status,
                    "goodsout.vendor": source},
        failed=f"answered {status}" if status >= SERVER_ERROR else "",
    )  # fmt: skip


def of_publishing(
    traceparent: str, *, queue: str, event_id: str, result: str, began: datetime, ended: datetime
) -> Span:
    """Tell of an event that was handed to the broker; `result` is the broker's word."""
    return Span(
        name=f"publish to {queue}",
        kind=Kind.PRODUCER,
        trace=trace_id(traceparent),
        id=new_id(),
        parent=parent_id(traceparent),
        began=began,
        ended=ended,
        attributes={
            "messaging.destination.name": queue,
            "messaging.operation.type": "send",
            "messaging.message.id": event_id,
        },
        failed="" if result == "confirmed" else result,
    )


def of_attempt(
    event: Event,
    *,
    queue: str,
    result: str,
    code: str,
    calls: Sequence[Mapping[str, Any]],
    seconds: float,
    ended: datetime,
) -> Iterator[Span]:
    """Tell of an attempt and, beneath it, of each vendor call as its row keeps them."""
    attempt = Span(
        name=f"{queue} {event.name}",
        kind=Kind.CONSUMER,
        trace=trace_id(event.traceparent),
        id=new_id(),
        parent=parent_id(event.traceparent),
        began=ended - timedelta(seconds=seconds),
        ended=ended,
        attributes={
            "messaging.destination.name": queue,
            "messaging.operation.type": "process",
            "messaging.message.id": str(event.id),
            "goodsout.account": str(event.account_id),
            "goodsout.subject": event.subject,
            "goodsout.attempt": event.attempt,
            "goodsout.result": result,
            "goodsout.reason_code": code,
        },
        failed=code or result if result in {"retry", "dead"} else "",
    )
    yield attempt
    for call in calls:
        yield _of_call(call, beneath=attempt)


def _of_call(call: Mapping[str, Any], *, beneath: Span) -> Span:
    began, status = datetime.fromisoformat(call["started"]), call["status"]
    answered = {"http.response.status_code": status} if status is not None else {}
    return Span(
        name=f"{call['vendor']} {call['operation']}",
        kind=Kind.CLIENT,
        trace=beneath.trace,
        id=new_id(),
        parent=beneath.id,
        began=began,
        ended=began + timedelta(seconds=call["seconds"]),
        attributes={
            "goodsout.vendor": call["vendor"],
            "goodsout.operation": call["operation"],
            "goodsout.request_id": call["request_id"],
            **answered,
        },
        failed=_failure(status),
    )


def _failure(status: int | None) -> str:
    if status is None:
        return "no answer"
    return f"answered {status}" if status >= CLIENT_ERROR else ""


def new_id() -> str:
    """Make a span's id: 8 random bytes in hex."""
    return secrets.token_hex(8)
