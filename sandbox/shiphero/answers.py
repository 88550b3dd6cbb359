"""The envelope of ShipHero's answers: flat errors and `extensions.throttling`."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from sandbox.shiphero.credits import Bucket
from sandbox.shiphero.faults import Refused

log = logging.getLogger(__name__)
UNEXPECTED = "Unexpected Error"


def error_of(error: GraphQLError, named: Mapping[str, str], request_id: str) -> dict[str, Any]:
    """Write an error flat: message, operation, field, request_id, code (section 4)."""
    path = [part for part in error.path or [] if isinstance(part, str)]
    cause = error.original_error
    if cause is None:
        return _plain(error)
    written = {
        "message": UNEXPECTED,
        "operation": named.get(path[0]) if path else None,
        "field": _field(path, named),
        "request_id": request_id,
    }
    if not isinstance(cause, Refused):
        log.error("a resolver failed", exc_info=cause)
        return written
    written["message"] = cause.message
    return {**written, **cause.more} if cause.code is None else {**written, "code": cause.code}


def plain_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Write validation errors: with locations, without code (section 4)."""
    return [_plain(error) for error in errors]


def throttling(
    bucket: Bucket, complexity: int, counts: Mapping[str, int], price: int
) -> dict[str, Any]:
    """Write what every answer says about credits (section 3)."""
    detail = {
        name: {"items_count": count, "cost": price, "total_cost": price + count, "fields": {}}
        for name, count in counts.items()
    }
    return {
        "throttling": {
            "estimated_complexity": complexity,
            "cost": sum(int(each["total_cost"]) for each in detail.values()),  # type: ignore[call-overload]
            "cost_detail": detail,
            "user_quota": bucket.quota(),
        }
    }


def _plain(error: GraphQLError) -> dict[str, Any]:
    locations = [{"line": at.line, "column": at.column} for at in error.locations or []]
    return {"message": error.message, "locations": locations}


def _field(path: Sequence[str], named: Mapping[str, str]) -> str | None:
    if not path:
        return None
    return named.get(path[0]) if len(path) == 1 else path[-1]
