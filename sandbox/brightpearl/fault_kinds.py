"""The kinds of trouble Brightpearl can be told to make: what each does, and its section."""

from sandbox.turnable import FaultKind

# Answers in the place of the call; with `after_effect` the call has its effect first.
_WRONG_ANSWERS = (
    FaultKind(
        "status", "An HTTP `status`, 500 if none is given, with the body known for it [?]", "§14"
    ),
    FaultKind("unexpected_error", "500 CMNU-003, the generic error", "§14"),
    FaultKind("bad_filter", "500 CMNC-018, a value that cannot be parsed", "§11"),
    FaultKind("refused", "400 with errors; a whole multi-message too", "§15"),
    FaultKind("if_match_mismatch", "The answer to an old If-Match, 409 or 412 as switched", "§7b"),
    FaultKind("html_502", "A gateway's page with 502", "§14"),
    FaultKind("throttled", "503 with the throttle's body", "§4"),
    FaultKind("outage", "503 with another body", "§4"),
    FaultKind("wrong_shape", "200 with JSON of another shape", "§5"),
    FaultKind("not_json", "200 with a body that is no JSON", "§5"),
    FaultKind("empty", "200 with nothing found, whatever is there", "§5"),
    FaultKind("drop_before", "The connection is cut, nothing was done", "§14"),
    FaultKind("drop_after", "The connection is cut after it was done", "§14"),
)
# The call is made, and its answer is right but for one thing.
_ODD_ANSWERS = (
    FaultKind("delay", "The answer comes after `seconds`", "§14"),
    FaultKind("trickle", "The answer's bytes come one by one over `seconds`", "§14"),
    FaultKind("skip_id", "An id-set read leaves out its last existing id without a word", "§5"),
    FaultKind(
        "part_fails", "Part `part` (from 1) of a multi-message gets `status`, undone: 207", "§15"
    ),
)
# Strike webhooks; `operation` is the event's name.
_WEBHOOKS = (
    FaultKind("webhook_lost", "The next webhook is lost", "§13"),
    FaultKind("webhook_doubled", "The next webhook is sent twice", "§13"),
    FaultKind("webhook_late", "The next webhook comes `seconds` late", "§13"),
)
BRIGHTPEARL_FAULTS = (*_WRONG_ANSWERS, *_ODD_ANSWERS, *_WEBHOOKS)
BRIGHTPEARL_KINDS = tuple(kind.name for kind in BRIGHTPEARL_FAULTS)
ODD_KINDS = frozenset(kind.name for kind in _ODD_ANSWERS)
WEBHOOK_KINDS = frozenset(kind.name for kind in _WEBHOOKS)
