"""What consumers count: attempts by how they ended, how long things took, messages."""

from datetime import datetime
from typing import Final

from prometheus_client import Counter, Histogram

from shared.events import SHIPMENT_ANNOUNCED, Event

# From a moment to the three days for which a failure is retried.
LONG: Final = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400, 259200)

ATTEMPTS = Counter(
    "goodsout_attempts_total",
    "Attempts by queue, event name, result and reason code.",
    ["queue", "event", "result", "reason"],
)
ATTEMPT_SECONDS = Histogram(
    "goodsout_attempt_seconds",
    "How long an attempt took, vendor calls included.",
    ["event"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
)
ACCOUNT_ATTEMPTS = Counter(
    "goodsout_account_attempts_total",
    "Attempts by account, queue and result.",
    ["account", "queue", "result"],
)
NOTE_TO_ORDER = Histogram(
    "goodsout_note_to_order_seconds",
    "From when a note came in until ShipHero had its order; what was held counts in full.",
    buckets=LONG,
)
SHIPMENT_TO_NOTE = Histogram(
    "goodsout_shipment_to_note_seconds",
    "From when ShipHero told of a shipment until Brightpearl had it.",
    buckets=LONG,
)
TAKEN = Histogram(
    "goodsout_taken_messages",
    "How many messages a consumer took at once.",
    ["queue"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 200),
)
STALE = Counter(
    "goodsout_stale_messages_total", "Messages about rows that had moved on since.", ["queue"]
)
UNREADABLE = Counter(
    "goodsout_unreadable_messages_total", "Messages sent to a dead-letter queue.", ["queue"]
)


def begin_at_zero(queue: str) -> None:
    """Show a queue's counts before anything was counted: a rise from nothing shows to nobody."""
    TAKEN.labels(queue)
    STALE.labels(queue)
    UNREADABLE.labels(queue)


def count_attempt(
    event: Event, *, queue: str, account: str, result: str, code: str, seconds: float
) -> None:
    """Count one attempt that ended after `seconds`; `account` is its label."""
    ATTEMPTS.labels(queue, event.name, result, code).inc()
    ATTEMPT_SECONDS.labels(event.name).observe(seconds)
    ACCOUNT_ATTEMPTS.labels(account, queue, result).inc()


def time_delivery(event: Event, *, now: datetime) -> None:
    """Time an event that was delivered just now, where people wait for it."""
    if event.name == SHIPMENT_ANNOUNCED:
        SHIPMENT_TO_NOTE.observe(max(0.0, (now - event.recorded_at).total_seconds()))


def time_order(came_in: datetime, *, now: datetime) -> None:
    """Time a note that became an order just now."""
    NOTE_TO_ORDER.observe(max(0.0, (now - came_in).total_seconds()))
