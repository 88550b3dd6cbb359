"""The Flask side of an endpoint that vendors call: bounds, deadlines, and 5xx for our trouble.

A 4xx makes Brightpearl drop an event for good, so anything that is our own fault answers 503.
"""

import structlog
from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import Field
from werkzeug.exceptions import ClientDisconnected, HTTPException

from shared.clock import utc_now
from shared.deadline import Deadline
from shared.errors import OurTrouble
from shared.settings import Settings
from shared.traces import child_of, is_well_formed, traceparent_from
from shared.tracing.emitting import emit
from shared.tracing.spans import Span, of_webhook

__all__ = [
    "Deadline",
    "EdgeSettings",
    "TooLarge",
    "answer_our_trouble",
    "bounded_body",
    "enter_trace",
]

log = structlog.get_logger()

BODY_LIMIT = 1024 * 1024


class EdgeSettings(Settings):
    """What a webhook endpoint is told."""

    keep_deadline: float = Field(default=0.9, gt=0, description="Seconds until a webhook gets 503")
    keep_threads: int = Field(default=8, gt=0, description="Webhooks kept side by side")


class TooLarge(Exception):  # noqa: N818 - named after what the body is
    """The body is over `BODY_LIMIT`."""


def enter_trace() -> str:
    """Give the request a place in the caller's trace, or in one of its own, and hand it out."""
    g.caller = request.headers.get("traceparent", "")
    g.began = utc_now()
    g.traceparent = child_of(traceparent_from(g.caller))
    return str(g.traceparent)


def bounded_body() -> bytes:
    """Read the request's whole body, at most `BODY_LIMIT` bytes.

    Raises TooLarge, and OurTrouble for a body that was cut off on its way: half a body must
    neither be kept nor answered with a 4xx.
    """
    if (request.content_length or 0) > BODY_LIMIT:
        raise TooLarge
    body = bytearray()
    try:
        # One read may give less than there is; only an empty one is the end.
        while piece := request.stream.read(BODY_LIMIT + 1 - len(body)):
            body += piece
            if len(body) > BODY_LIMIT:
                raise TooLarge
    except ClientDisconnected:
        raise OurTrouble("the body was cut off on its way") from None
    return bytes(body)


def answer_our_trouble(app: Flask, source: str) -> None:
    """Make every trouble of our own a 503 and every bug a 500, never a 4xx."""

    @app.errorhandler(OurTrouble)
    def refuse_for_now(trouble: OurTrouble) -> ResponseReturnValue:
        log.error("webhook.our_trouble", source=source, reason=str(trouble))
        return jsonify(error="not kept, please send it again"), 503

    @app.errorhandler(Exception)
    def admit_bug(bug: Exception) -> ResponseReturnValue:
        if isinstance(bug, HTTPException):
            return bug
        # Flask's own line would show the path, which is a secret.
        log.error("webhook.bug", source=source, exc_info=bug)
        return jsonify(error="not kept, please send it again"), 500

    @app.after_request
    def trace(response: Response) -> Response:
        if "traceparent" in g:
            emit(lambda: [_span(source, response.status_code)])
        return response


def _span(source: str, status: int) -> Span:
    caller = g.caller if is_well_formed(g.caller) else ""
    return of_webhook(
        g.traceparent, caller, source=source, status=status, began=g.began, ended=utc_now()
    )
