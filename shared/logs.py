"""Structured log lines: JSON for machines, colours on a terminal, and an allow-list of keys.

Never a body, token, signature, name or address: a key that is not on the list is left out, and
its absence shows as `left_out`, so that forgetting to allow one is seen in review, not in a leak.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

from shared.log_lines import brief

ALLOWED = frozenset({
    # structlog's own
    "event", "level", "timestamp", "exception", "exc_info", "stack_info", "logger",
    # who and what
    "service", "account", "event_id", "event_name", "subject", "note_id", "attempt", "queue",
    "vendor", "operation", "topic", "worker", "pid", "port", "source",
    # how it went
    "result", "reason", "reason_code", "status", "seconds", "count", "size", "limit", "is_new",
    "lost", "abandoned", "forgotten", "stage", "side", "sentence", "request_id", "until", "kind",
    "signal", "version", "error", "tries", "deliveries", "why", "retry_in", "purpose", "broker",
})  # fmt: skip


def configure_logs(service: str, log_format: str = "auto") -> None:
    """Set up structlog and the standard library's logging for one process."""
    shared_steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _naming(service),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json = (structlog.processors.ExceptionRenderer(_frames), structlog.processors.JSONRenderer())
    last: Mapping[str, tuple[Any, ...]] = {
        "json": as_json,
        "pretty": (structlog.dev.ConsoleRenderer(exception_formatter=_print_frames),),
        "brief": (structlog.processors.ExceptionRenderer(_frames), brief),
    }
    if log_format == "auto":
        log_format = "pretty" if sys.stderr.isatty() else "json"
    structlog.configure(
        processors=[*shared_steps, _only_allowed, *last[log_format]],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries speak through the standard library; only their warnings matter here.
    # pika writes several lines for each attempt to connect; ours says `broker.lost` once.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    # Its warnings repeat the address that was asked, and that may be a merchant's secret.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for every health check
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")


ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def _naming(service: str) -> Callable[..., MutableMapping[str, Any]]:
    """Name the process on every line, those of its other threads too."""

    def name(
        _logger: object, _method: str, line: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        line["service"] = service
        return line

    return name


def _frames(exc_info: ExcInfo) -> str:
    """Tell where it happened, without the messages.

    A database's or a model's message repeats the row or body that it could not take.
    """
    return "".join(_frames_of(exc_info[1]))


def _frames_of(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _frames_of(earlier)
        yield "\nand then\n\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"


def _print_frames(stream: TextIO, exc_info: Any) -> None:
    stream.write("\n" + _frames(exc_info))


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
