"""The security headers of every answer; a page that needs another policy sets its own."""

from typing import Final

from flask import Response, request

POLICY: Final = "Content-Security-Policy"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def with_headers(response: Response) -> Response:
    """Set them all; what is kept of a merchant's pages is kept by nobody else."""
    response.headers.setdefault(POLICY, CONTENT_SECURITY_POLICY)
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        # Pages hold a merchant's figures; nothing between us and them may keep those.
        response.headers["Cache-Control"] = "no-store"
    return response
