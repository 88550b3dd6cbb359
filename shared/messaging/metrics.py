"""What the relay and the consumers count for Prometheus."""

from prometheus_client import Counter, Histogram

PUBLISHED = Counter(
    "goodsout_published_total", "Messages handed to the broker, by its answer.", ["result"]
)
SWEPT = Counter(
    "goodsout_swept_total",
    "Rows the sweeper made due again; 'forgotten' ones are defects.",
    ["kind"],
)
ATTEMPTS = Counter(
    "goodsout_attempts_total",
    "Attempts by event name, result and reason code.",
    ["event", "result", "reason"],
)
ATTEMPT_SECONDS = Histogram(
    "goodsout_attempt_seconds",
    "How long an attempt took, vendor calls included.",
    ["event"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
)
STALE = Counter(
    "goodsout_stale_messages_total", "Messages about rows that had moved on since.", ["queue"]
)
UNREADABLE = Counter(
    "goodsout_unreadable_messages_total", "Messages sent to a dead-letter queue.", ["queue"]
)
