"""Who may call: a table of tokens, those of private apps and those OAuth gave (section 2)."""

from werkzeug.datastructures import Headers

from sandbox.store import Document
from sandbox.world import World

MISSING = "Not authenticated. You must provide a valid authentication token."
EXPIRED = "Authorization token expired"
BEARER = "Authorization"
UNKNOWN_POOL = "unknown"


class NotAllowed(Exception):  # noqa: N818 - it is an answer
    """A call without good credentials; the text is the 401's `response`."""


def sent_token(headers: Headers) -> str | None:
    """Find the token in the three documented places."""
    bearer = headers.get(BEARER, "")
    if bearer.startswith("Bearer "):
        return bearer.removeprefix("Bearer ").strip()
    return headers.get("brightpearl-staff-token") or headers.get("brightpearl-account-token")


def pool_of(world: World, account: str, headers: Headers) -> str:
    """Name the budget a request counts against, good credentials or not."""
    known = world.store.get("bp_credential", sent_token(headers) or "")
    return str(known["pool"]) if known and known["account"] == account else UNKNOWN_POOL


def check(world: World, account: str, headers: Headers) -> Document:
    """Give the credential of a request, or say why it is none."""
    token = sent_token(headers)
    if not token or not headers.get("brightpearl-app-ref"):
        raise NotAllowed(MISSING)
    known = world.store.get("bp_credential", token)
    if known is None or known["account"] != account or not _rightly_sent(known, headers):
        # The real one repeats the token too (recorded).
        raise NotAllowed(f"Invalid instance token: {token}")
    if known["header"] == BEARER and not headers.get("brightpearl-dev-ref"):
        raise NotAllowed(MISSING)
    if known["expires_at"] is not None and known["expires_at"] <= world.clock.now():
        raise NotAllowed(EXPIRED)
    return known


def _rightly_sent(known: Document, headers: Headers) -> bool:
    dev_ref = headers.get("brightpearl-dev-ref")
    return (
        known["header"] in headers
        and headers.get("brightpearl-app-ref") == known["app_ref"]
        and (not dev_ref or dev_ref == known.get("dev_ref", dev_ref))
    )
