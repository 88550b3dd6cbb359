"""ShipHero's answers as payloads or our errors; pure (contract §4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
    VendorTrace,
)
from shared.vendors.exchange import Answer, Effect
from shared.vendors.wording import without_personal_data

REASONS: Mapping[str, str] = {
    "shiphero_trouble": "ShipHero had trouble of its own; it is tried again by itself.",
    "shiphero_outcome_unknown": "ShipHero did not say whether it happened; we look.",
    "shiphero_forbidden": "ShipHero does not allow this; check the user's rights.",
    "shiphero_scope_missing": "The ShipHero user lacks a scope; grant the one that is named.",
    "shiphero_invalid_argument": "ShipHero refused a value; its own words say which.",
    "shiphero_not_found": "ShipHero does not know this record.",
    "shiphero_already_there": "ShipHero has this already; it is looked up.",
    "shiphero_too_costly": "The request needs more credits than the account may ever have.",
    "shiphero_document_refused": "ShipHero's schema has changed; tell the operator.",
}

INVALID_ARGUMENT, NOT_FOUND, MISSING_SCOPE, NO_CREDITS = 3, 5, 7, 30  # contract §4
ALREADY_THERE_TEXT = "already exists"  # its code is not known (contract §4)
# Of these a second is refused by that text: of a webhook, a SKU, a SKU's row in a warehouse.
MAKES_ONE_ONLY = frozenset({"webhook_create", "product_create", "product_add_to_warehouse"})
GONE_TEXT = "webhook not found"  # likewise; of webhook_delete (contract §4), assumed of enable
OVER_MAX_TEXT = "max allowed for your account"  # the structural form of code 30 (contract §3)
DEFAULT_WAIT = 60.0  # seconds, where ShipHero says nothing usable
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(second|minute|hour)", re.IGNORECASE)
_UNIT = {"second": 1.0, "minute": 60.0, "hour": 3600.0}


class NotFound(Permanent):
    """ShipHero does not know the record."""

    default_code = "shiphero_not_found"


class AlreadyThere(Permanent):
    """What was to be made exists: look it up."""

    default_code = "shiphero_already_there"


class TooCostly(Permanent):
    """More credits than the bucket can ever hold: only smaller pages help."""

    default_code = "shiphero_too_costly"


class DocumentRefused(Permanent):
    """The schema does not know a field or argument of ours; nothing was run."""

    default_code = "shiphero_document_refused"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an answer is judged by: `now` zoned, `jitter` seconds to add to a wait."""

    operation: str
    effect: Effect
    now: datetime
    jitter: float = 0.0
    trace: VendorTrace = field(default_factory=VendorTrace)


def payload(answer: Answer, asked: Asked) -> Mapping[str, Any]:
    """Take the operation's part of an answer, or raise one of our errors."""
    if answer.status == 401:  # noqa: PLR2004
        raise ConnectionBroken(
            f"ShipHero refused the credentials ({asked.operation}); reconnect the account.",
            vendor="shiphero",
            version=answer.credentials_version,
            trace=asked.trace,
        )
    if answer.status == 429:  # noqa: PLR2004 - 7,000 a 5 minutes; its answer is not known (§3)
        raise _throttled(asked, _retry_after(answer))
    body = _body(answer)
    errors = _errors(body, asked.operation)
    part = _part(body, asked.operation)
    if errors and not (part and asked.effect is not Effect.READ and _made_something(part)):
        raise _judge(errors, body, asked)
    if answer.status == 403:  # noqa: PLR2004
        raise Permanent(
            f"ShipHero forbids it ({asked.operation}).",
            code="shiphero_forbidden",
            trace=asked.trace,
        )
    if answer.status != 200 or part is None:  # noqa: PLR2004
        raise unclear(asked, f"status {answer.status} without a usable answer")
    return part


def unclear(asked: Asked, what: str) -> GoodsoutError:
    """Judge an answer that proves nothing: harmless where a repeat is, else to be looked up."""
    sentence = f"ShipHero ({asked.operation}): {what}"
    if asked.effect.safe_to_repeat:
        return Transient(
            f"{sentence}; it is tried again.", code="shiphero_trouble", trace=asked.trace
        )
    return UnknownOutcome(
        f"{sentence}; we look whether it happened.",
        code="shiphero_outcome_unknown",
        trace=asked.trace,
    )


def _judge(errors: list[Mapping[str, Any]], body: Mapping[str, Any], asked: Asked) -> GoodsoutError:
    error = errors[0]
    said = without_personal_data("; ".join(str(one.get("message", "")) for one in errors))
    sentence = f"ShipHero refused ({asked.operation}): {said}"
    if error.get("code") == NO_CREDITS:
        return _without_credits(error, body, asked, sentence)
    if asked.operation in MAKES_ONE_ONLY and ALREADY_THERE_TEXT in said.lower():
        return AlreadyThere(sentence, trace=asked.trace)
    kinds: Mapping[Any, tuple[type[Permanent], str]] = {
        INVALID_ARGUMENT: (Permanent, "shiphero_invalid_argument"),
        NOT_FOUND: (NotFound, ""),
        MISSING_SCOPE: (Permanent, "shiphero_scope_missing"),
    }
    if error.get("code") in kinds:
        kind, code = kinds[error.get("code")]
        return kind(sentence, code=code, trace=asked.trace)
    if asked.operation in {"webhook_delete", "webhook_enable"} and GONE_TEXT in said.lower():
        return NotFound(sentence, trace=asked.trace)
    if _is_validation(error, body):
        return DocumentRefused(sentence, trace=asked.trace)
    # No code, "Unexpected Error", or a code that is not known (contract §4).
    return unclear(asked, f"it said: {said}")


def _without_credits(
    error: Mapping[str, Any], body: Mapping[str, Any], asked: Asked, sentence: str
) -> GoodsoutError:
    quota = quota_of(body)
    required, most = _number(error.get("required_credits")), _number(quota.get("max_available"))
    over_max = required is not None and most is not None and required > most
    if over_max or OVER_MAX_TEXT in str(error.get("message", "")).lower():
        return TooCostly(sentence, trace=asked.trace)
    wait = _wait_of(error, quota)
    return _throttled(asked, DEFAULT_WAIT if wait is None else wait)


def _wait_of(error: Mapping[str, Any], quota: Mapping[str, Any]) -> float | None:
    required, left = _number(error.get("required_credits")), _number(error.get("remaining_credits"))
    wait, rate = _span(str(error.get("time_remaining") or "")), quota.get("increment_rate")
    if wait is None and required is not None and left is not None and rate:
        return float(max(required - left, 0) / rate)
    return wait


def wait_told(answer: Answer, body: Mapping[str, Any]) -> tuple[bool, float | None]:
    """Tell whether an answer only says that too much was asked, and for how long to wait."""
    if answer.status == 429:  # noqa: PLR2004
        return True, _retry_after(answer)
    listed = body.get("errors")
    for error in listed if isinstance(listed, list) else []:
        asked = Asked(operation="", effect=Effect.READ, now=datetime.now(UTC))
        if isinstance(error, Mapping) and error.get("code") == NO_CREDITS:
            refusal = _without_credits(error, body, asked, "")
            return isinstance(refusal, Throttled), _wait_of(error, quota_of(body))
    return False, None


def _throttled(asked: Asked, wait: float) -> Throttled:
    seconds = wait + asked.jitter
    return Throttled(
        f"ShipHero's budget is used up ({asked.operation}); it goes on in {seconds:.0f} s.",
        until=asked.now + timedelta(seconds=seconds),
        trace=asked.trace,
    )


def quota_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find the bucket's figures in an answer; empty when it has none."""
    throttling = _mapping(_mapping(body.get("extensions")).get("throttling"))
    return {**_mapping(throttling.get("user_quota")), "cost": throttling.get("cost")}


def _is_validation(error: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    # Validation comes with locations and without code; what was run has a path (contract §4).
    return (
        bool(error.get("locations"))
        and error.get("code") is None
        and not error.get("path")
        and not body.get("data")
        and "unexpected error" not in str(error.get("message", "")).lower()
    )


def _errors(body: Mapping[str, Any], operation: str) -> list[Mapping[str, Any]]:
    """Keep the errors that are ours: another operation's may stand beside good data (§4)."""
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return [
        one
        for one in listed
        if isinstance(one, Mapping) and one.get("operation") in {None, "", operation}
    ]


def _part(body: Mapping[str, Any], operation: str) -> Mapping[str, Any] | None:
    part = _mapping(body.get("data")).get(operation)
    return part if isinstance(part, Mapping) else None


_MADE = ("order", "webhook", "product", "warehouse_product")


def _made_something(part: Mapping[str, Any]) -> bool:
    """Whether a mutation's answer shows what it made, whatever errors stand beside it."""
    return any(isinstance(part.get(name), Mapping) for name in _MADE)


def _body(answer: Answer) -> Mapping[str, Any]:
    try:
        return _mapping(answer.json())
    except ValueError:
        return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _span(text: str) -> float | None:
    """Read "18 seconds" or "55 minutes" leniently (contract §3); None when it says nothing."""
    parts = _SPAN.findall(text)
    return sum(float(count) * _UNIT[unit.lower()] for count, unit in parts) if parts else None


def _retry_after(answer: Answer) -> float:
    told = answer.header("Retry-After")
    return float(told) if re.fullmatch(r"\d{1,5}", told) else DEFAULT_WAIT
