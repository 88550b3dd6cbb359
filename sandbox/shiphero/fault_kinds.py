"""The kinds of trouble ShipHero can be told to make: what each does, and its contract section."""

from sandbox.turnable import FaultKind

SHIPHERO_FAULTS = (
    FaultKind(
        "status", "An HTTP `status`, 500 if none is given; `seconds` is its Retry-After", "§4"
    ),
    FaultKind("html_502", "A gateway's page with 502", "§4"),
    FaultKind("empty", "Every field null and no error", "§4"),
    FaultKind("delay", "The answer comes after `seconds`", "§4"),
    FaultKind("trickle", "The answer's bytes come one by one over `seconds`", "§4"),
    FaultKind("drop_before", "The connection is cut, nothing was done", "§4"),
    FaultKind("drop_after", "The connection is cut after it was done", "§4"),
    FaultKind("unexpected_error", '"Unexpected Error"; done or not, as `after_effect` says', "§4"),
    FaultKind("not_json", "200 with a body that is no JSON", "§4"),
    FaultKind("wrong_shape", "200 with JSON of another shape", "§4"),
    FaultKind("code_3", "Error code 3, an invalid id", "§4"),
    FaultKind("code_5", "Error code 5, not found", "§4"),
    FaultKind("code_7", "Error code 7, a scope is missing", "§1"),
    FaultKind("throttled", "Error 30 that says to wait `seconds`", "§3"),
    FaultKind("throttled_structural", "Error 30 that never ends by waiting", "§3"),
    FaultKind("validation_error", "A GraphQL validation error: locations, no code", "§4"),
    FaultKind("error_beside_data", "The right data with an error next to it", "§4"),
)
SHIPHERO_KINDS = tuple(kind.name for kind in SHIPHERO_FAULTS)
