"""The Flask side of an endpoint that vendors call: bounds, deadlines, and 5xx for our trouble.

A 4xx makes Brightpearl drop an event for good, so anything that is our own fault answers 503.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import TypeVar

import structlog
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import Counter
from pydantic import Field

from shared.errors import OurTrouble
from shared.settings import Settings

T = TypeVar("T")
log = structlog.get_logger()

BODY_LIMIT = 1024 * 1024
ANSWERS = Counter(
    "goodsout_webhooks_total", "Webhooks by vendor and our answer.", ["source", "answer"]
)


class EdgeSettings(Settings):
    """What a webhook endpoint is told."""

    keep_deadline: float = Field(default=0.9, gt=0, description="Seconds until a webhook gets 503")
    keep_threads: int = Field(default=8, gt=0, description="Webhooks kept side by side")


class TooLarge(Exception):  # noqa: N818 - named after what the body is
    """The body is over `BODY_LIMIT`."""


def bounded_body() -> bytes:
    """Read the request's body, at most `BODY_LIMIT` bytes; raises TooLarge."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise TooLarge
    body = request.stream.read(BODY_LIMIT + 1)
    if len(body) > BODY_LIMIT:
        raise TooLarge
    return body


class Deadline:
    """Runs database work in threads, so that a database that hangs costs a 503, not a worker.

    Work that finishes late has kept the event all the same; the vendor's repetition is then a
    duplicate, which the dedupe key catches.
    """

    def __init__(self, *, seconds: float, threads: int) -> None:
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="keep")

    def run(self, work: Callable[[], T]) -> T:
        """Do `work`; raises OurTrouble when it is not done within the deadline."""
        future = self._pool.submit(work)
        try:
            return future.result(timeout=self._seconds)
        except Late:
            future.cancel()
            raise OurTrouble(f"our database did not answer within {self._seconds} s") from None


def answer_our_trouble(app: Flask, source: str) -> None:
    """Make every trouble of our own a 503 and every bug a 500, never a 4xx."""

    @app.errorhandler(OurTrouble)
    def refuse_for_now(trouble: OurTrouble) -> ResponseReturnValue:
        log.error("webhook.our_trouble", source=source, reason=str(trouble))
        return jsonify(error="not kept, please send it again"), 503

    @app.after_request
    def count(response: Response) -> Response:
        if request.path.startswith("/webhooks/"):
            ANSWERS.labels(source, str(response.status_code)).inc()
        return response
