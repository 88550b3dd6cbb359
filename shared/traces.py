"""The W3C trace context that ties everything together that one webhook set off."""

import re
import secrets

# Ids of zeros only are invalid: https://www.w3.org/TR/trace-context/#trace-id
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def is_well_formed(header: str) -> bool:
    """Say whether a header is a trace context that can be gone on with."""
    return _TRACEPARENT.fullmatch(header) is not None


def traceparent_from(header: str) -> str:
    """Take the caller's trace context when it is well-formed, else begin a trace of our own."""
    if is_well_formed(header):
        return header
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child_of(traceparent: str) -> str:
    """Give the context of a step of our own within the trace of `traceparent`."""
    version, trace, _, flags = traceparent.split("-")
    return f"{version}-{trace}-{secrets.token_hex(8)}-{flags}"


def trace_id(traceparent: str) -> str:
    """Give the part that is the same for everything of one trace; "" when there is none."""
    parts = traceparent.split("-")
    return parts[1] if len(parts) == 4 else ""  # noqa: PLR2004 - version, trace, parent, flags


def parent_id(traceparent: str) -> str:
    """Give the id of the step that handed the context on; "" when there is none."""
    parts = traceparent.split("-")
    return parts[2] if len(parts) == 4 else ""  # noqa: PLR2004 - as above
