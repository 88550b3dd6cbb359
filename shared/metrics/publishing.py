"""What the relay counts: messages by the broker's answer, how late they left, what was swept."""

from prometheus_client import Counter, Gauge, Histogram

from shared.events import Queue

PUBLISHED = Counter(
    "goodsout_published_total",
    "Messages handed to the broker, by queue and answer: confirmed, refused or returned.",
    ["queue", "result"],
)
LAG_SECONDS = Histogram(
    "goodsout_relay_lag_seconds",
    "From when an event was due until the broker had confirmed it; waiting for a budget counts.",
    ["queue"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 14400),
)
CONFIRM_SECONDS = Histogram(
    "goodsout_publish_seconds",
    "From handing a batch to the broker until its last confirm.",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
BATCH = Histogram(
    "goodsout_publish_batch_messages",
    "How many messages left at once.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
SWEPT = Counter(
    "goodsout_swept_total",
    "Rows the sweeper made due again; 'forgotten' ones are defects.",
    ["kind"],
)
LAST_LOOK = Gauge(
    "goodsout_relay_last_look_timestamp_seconds", "When the relay last looked for due rows."
)
SWEPT_KINDS = ("lost", "abandoned", "forgotten")


def begin_at_zero(results: tuple[str, ...]) -> None:
    """Show every count before anything was counted: a rise from nothing shows to nobody."""
    for kind in SWEPT_KINDS:
        SWEPT.labels(kind)
    for queue in Queue:
        LAG_SECONDS.labels(queue.value)
        for result in results:
            PUBLISHED.labels(queue.value, result)
