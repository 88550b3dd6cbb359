"""What a webhook endpoint counts: our answers by status, how long they took, forgeries."""

import time
from typing import Final

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

ANSWERS = Counter(
    "goodsout_webhooks_total", "Webhooks by vendor and our answer.", ["source", "answer"]
)
ANSWER_SECONDS = Histogram(
    "goodsout_webhook_seconds",
    "How long a vendor waited for our answer to a webhook.",
    ["source"],
    buckets=(0.003, 0.01, 0.03, 0.1, 0.3, 0.9, 2, 5),
)
FORGED = Counter("goodsout_webhooks_forged_total", "Webhooks with a wrong signature.", ["source"])
# What our endpoints answer; 5xx is our own trouble, and the vendor sends it again.
STATUSES: Final = ("200", "401", "404", "413", "500", "503")


def count_answers(app: Flask, source: str) -> None:
    """Count every answer of `app` to a vendor's webhook."""
    for status in STATUSES:
        ANSWERS.labels(source, status)  # shown from the start: a rise from nothing shows to nobody
    FORGED.labels(source)

    @app.before_request
    def begin() -> None:
        g.arrived = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        if request.path.startswith("/webhooks/"):
            ANSWERS.labels(source, str(response.status_code)).inc()
            ANSWER_SECONDS.labels(source).observe(time.monotonic() - g.arrived)
        return response
