"""Spans are made only where somebody collects them, and never without a trace."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.tracing import exporting
from shared.tracing.emitting import collect, collect_nothing, emit
from shared.tracing.exporting import open_exporter
from shared.tracing.spans import Span, of_webhook

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SPAN = of_webhook(
    f"00-{'a' * 32}-{'b' * 16}-01", "", source="shiphero", status=200, began=NOON, ended=NOON
)


@pytest.fixture
def collected() -> Iterator[list[Span]]:
    spans: list[Span] = []
    collect(spans.append)
    yield spans
    collect_nothing()


def test_nothing_is_made_where_nobody_collects() -> None:
    def never() -> Iterable[Span]:
        raise AssertionError

    emit(never)


def test_a_span_without_a_trace_is_left_out(collected: list[Span]) -> None:
    emit(lambda: [SPAN, replace(SPAN, trace="")])

    assert collected == [SPAN]


def test_a_missing_opentelemetry_is_named_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "NEEDED", ("no_such_telemetry",))

    with pytest.raises(SystemExit, match=r"install goodsout\[tracing\]"):
        open_exporter("http://127.0.0.1:1/v1/traces", "relay")
