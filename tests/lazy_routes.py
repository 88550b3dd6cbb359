"""Has werkzeug write what builds a route's address when the first one is built, not before.

It writes two functions a route, which is nine tenths of making an app; tests make thousands of
apps, and few build an address. Nothing else changes; without this the tests are only slower.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]

_written: Callable[..., Build] = Rule._compile_builder


def _written_when_called(rule: Rule, *given: Any, **named: Any) -> Build:
    @cache
    def written() -> Build:
        return _written(rule, *given, **named)

    def build(bound: Rule, **values: Any) -> tuple[str, str]:
        return written()(bound, **values)

    return build


def write_routes_lazily() -> None:
    """Do so in this process."""
    Rule._compile_builder = _written_when_called  # type: ignore[method-assign, assignment]
