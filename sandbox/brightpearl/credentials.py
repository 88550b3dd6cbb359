"""Who may call: a table of tokens, so that more kinds can be added (contract section 2)."""

from werkzeug.datastructures import Headers

from sandbox.store import Document, Store

MISSING = "Not authenticated. You must provide a valid authentication token."
EXPIRED = "Authorization token expired"


class NotAllowed(Exception):  # noqa: N818 - it is an answer
    """A call without good credentials; the text is the 401's `response`."""


def sent_token(headers: Headers) -> str | None:
    """Find the token in the three documented places."""
    bearer = headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        return bearer.removeprefix("Bearer ").strip()
    return headers.get("brightpearl-staff-token") or headers.get("brightpearl-account-token")


def pool_of(store: Store, account: str, headers: Headers) -> str:
    """Name the budget a request counts against, good credentials or not."""
    known = store.get("bp_credential", sent_token(headers) or "")
    return f"{account}/{known['pool'] if known else 'unknown'}"


def check(store: Store, account: str, headers: Headers) -> Document:
    """Give the credential of a request, or say why it is none."""
    token = sent_token(headers)
    if not token or not headers.get("brightpearl-app-ref"):
        raise NotAllowed(MISSING)
    known = store.get("bp_credential", token)
    if known is None or known["account"] != account or not _rightly_sent(known, headers):
        raise NotAllowed(f"Invalid instance token: {token}")
    if known["expired"]:
        raise NotAllowed(EXPIRED)
    return known


def _rightly_sent(known: Document, headers: Headers) -> bool:
    return known["header"] in headers and headers.get("brightpearl-app-ref") == known["app_ref"]
