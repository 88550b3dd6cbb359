"""Where this process' spans go; nowhere, until an exporter was set up at its start."""

from collections.abc import Callable, Iterable

from shared.tracing.spans import Span

Sink = Callable[[Span], None]

_sinks: list[Sink] = []


def collect(sink: Sink) -> None:
    """Have every span from now on given to `sink`, which must neither wait nor raise."""
    _sinks.append(sink)


def collect_nothing() -> None:
    """Forget every sink."""
    _sinks.clear()


def emit(spans: Callable[[], Iterable[Span]]) -> None:
    """Give the spans of a step away; they are not even made where nobody collects them.

    What belongs to no trace, such as what a clock or a person set off, is left out.
    """
    if not _sinks:
        return
    for span in spans():
        if not span.trace:
            continue
        for sink in _sinks:
            sink(span)
