"""Structured log lines: JSON for machines, colours on a terminal, and an allow-list of keys.

Never a body, token, signature, name or address: a key that is not on the list is left out, and
its absence shows as `left_out`, so that forgetting to allow one is seen in review, not in a leak.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset({
    # structlog's own
    "event", "level", "timestamp", "exception", "exc_info", "stack_info", "logger",
    # who and what
    "service", "account", "event_id", "event_name", "subject", "note_id", "attempt", "queue",
    "vendor", "operation", "topic", "worker", "pid", "port", "address", "source",
    # how it went
    "result", "reason", "reason_code", "status", "seconds", "count", "size", "limit", "is_new",
    "lost", "abandoned", "forgotten", "stage", "side", "sentence", "request_id", "until", "kind",
    "signal", "version", "error", "tries",
})  # fmt: skip


def configure_logs(service: str, log_format: str = "auto") -> None:
    """Set up structlog and the standard library's logging for one process."""
    pretty = log_format == "pretty" or (log_format == "auto" and sys.stderr.isatty())
    shared_steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # The plain traceback, because the pretty one shows local variables, an address among them.
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if pretty
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared_steps, _only_allowed, *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # Libraries speak through the standard library; only their warnings matter here.
    # pika writes several lines for each attempt to connect; ours says `broker.lost` once.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")


def _only_allowed(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if line.get("event") == "process.settings":
        return line  # `log_settings` has masked every secret by itself
    strange = sorted(set(line) - ALLOWED)
    for key in strange:
        del line[key]
    if strange:
        line["left_out"] = strange
    return line
