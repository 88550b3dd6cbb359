"""Send spans to a collector by OTLP over HTTP, with OpenTelemetry's own SDK.

OpenTelemetry is an extra (`pip install goodsout[tracing]`) and only imported where it is asked for.
"""

import atexit
import sys
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from shared.tracing.emitting import Sink
from shared.tracing.spans import Span

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext

NEEDED = ("opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_exporter(url: str, service: str) -> Sink:
    """Open the way to the collector at `url`, such as http://collector:4318/v1/traces.

    Spans are gathered and sent by a thread; a collector that is away costs spans, never work.
    Ends the process with a sentence where OpenTelemetry is not installed.
    """
    if not _installed():
        sys.exit(
            "TRACES_URL is set, but OpenTelemetry is not installed: install goodsout[tracing], "
            "or leave TRACES_URL empty."
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.util.instrumentation import (  # noqa: PLC0415 - an extra
        InstrumentationScope,
    )
    from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 - an extra

    processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=url))
    atexit.register(processor.shutdown)
    resource = Resource.create({"service.name": service, "service.namespace": "goodsout"})
    scope = InstrumentationScope("goodsout")

    def send(span: Span) -> None:
        processor.on_end(
            ReadableSpan(
                name=span.name,
                context=_context(span.trace, span.id),
                parent=_context(span.trace, span.parent) if span.parent else None,
                resource=resource,
                attributes=dict(span.attributes),
                kind=SpanKind[span.kind.name],
                status=Status(StatusCode.ERROR, span.failed) if span.failed else Status(),
                start_time=_nanoseconds(span.began),
                end_time=_nanoseconds(span.ended),
                instrumentation_scope=scope,
            )
        )

    return send


def _context(trace: str, span: str) -> "SpanContext":
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415 - an extra

    return SpanContext(
        int(trace, 16), int(span, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )


def _nanoseconds(moment: datetime) -> int:
    # In whole microseconds: a float would round.
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


def _installed() -> bool:
    try:
        return all(find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:
        return False
