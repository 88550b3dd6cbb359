"""Log lines for a person who watches a terminal: one short line for what matters, no more.

For `make run`, where honcho has put the time and the process's name in front already. Everything
else is in the journal, which the portal shows.
"""

import json
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog

# What a watcher need not see: it is the same at every start, or told again by another line.
QUIET = frozenset({"process.settings", "process.started", "broker.connected"})
SEEN_ELSEWHERE = frozenset({"delivered", "skipped"})
LATER = ("event", "level", "service", "timestamp", "exception")


def brief(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    """Render one line; drops what a watcher need not see."""
    name = str(line.get("event", ""))
    if line.get("level") in ("info", "debug") and _is_quiet(name, line):
        raise structlog.DropEvent
    word = WORDS.get(name, _plainly)(line)
    loud = "" if line.get("level") in ("info", "debug") else f"{str(line['level']).upper()} "
    trace = f"\n{line['exception']}" if line.get("exception") else ""
    return f"{loud}{word}{trace}"


def _is_quiet(name: str, line: Mapping[str, Any]) -> bool:
    told = name == "delivery.attempted" and line.get("result") in SEEN_ELSEWHERE
    return name in QUIET or told


def _webhook(line: Mapping[str, Any]) -> str:
    vendor = {"brightpearl": "Brightpearl", "shiphero": "ShipHero"}.get(str(line.get("source")))
    again = "" if line.get("is_new") else ", a repetition"
    return f"webhook from {vendor or 'somebody'}{again}"


def _stage(line: Mapping[str, Any]) -> str:
    return f"note {line.get('note_id')}  {line.get('sentence') or line.get('stage')}"


def _attempt(line: Mapping[str, Any]) -> str:
    reason = f" ({line['reason_code']})" if line.get("reason_code") else ""
    return (
        f"{line.get('event_name')} {line.get('subject')}, attempt {line.get('attempt')}: "
        f"{line.get('result')}{reason}"
    )


def _plainly(line: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in line.items() if key not in LATER}
    told = "  ".join(f"{key}={_short(value)}" for key, value in sorted(rest.items()))
    return f"{line.get('event')}  {told}".rstrip()


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "webhook.received": _webhook,
    "sync_log.changed": _stage,
    "delivery.attempted": _attempt,
}
