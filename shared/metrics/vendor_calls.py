"""What is counted of the calls to both vendors, and of the waits for their budgets."""

from collections.abc import Iterable

from prometheus_client import Counter, Histogram

from shared.events import Lane
from shared.vendors.calls import Call

CALLS = Counter(
    "goodsout_vendor_calls_total",
    "HTTP requests by vendor, operation and answer: ok, throttled, refused, failed or none.",
    ["vendor", "operation", "answer"],
)
CALL_SECONDS = Histogram(
    "goodsout_vendor_call_seconds",
    "How long a vendor took to answer.",
    ["vendor", "operation"],
    buckets=(0.03, 0.1, 0.3, 0.6, 1, 2, 5, 10, 25),
)
BUDGET_WAIT_SECONDS = Histogram(
    "goodsout_budget_wait_seconds",
    "For how long work was put off because a budget was used up, by vendor and lane.",
    ["vendor", "lane"],
    buckets=(0.3, 1, 3, 10, 30, 60, 120, 600),
)
REFUSED, FAILED = 400, 500


def begin_at_zero(vendors: Iterable[str]) -> None:
    """Show every wait before anything waited: a rise from nothing shows to nobody."""
    for vendor in vendors:
        for lane in Lane:
            BUDGET_WAIT_SECONDS.labels(vendor, lane.name.lower())


def count_call(call: Call) -> None:
    """Count one call that has ended."""
    CALLS.labels(call.vendor, call.operation, answer_of(call)).inc()
    CALL_SECONDS.labels(call.vendor, call.operation).observe(call.seconds)


def count_wait(vendor: str, lane: Lane, *, seconds: float) -> None:
    """Count work that was put off for `seconds`."""
    BUDGET_WAIT_SECONDS.labels(vendor, lane.name.lower()).observe(max(0.0, seconds))


def answer_of(call: Call) -> str:
    """Say in a word what the vendor answered; "none" where nothing came."""
    if call.budget.refused:
        return "throttled"
    if call.status is None:
        return "none"
    if call.status >= FAILED:
        return "failed"
    return "refused" if call.status >= REFUSED else "ok"
