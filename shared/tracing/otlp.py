"""Send spans to a collector by OTLP over HTTP, with OpenTelemetry's own SDK."""

import atexit
from datetime import UTC, datetime, timedelta

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared.tracing.spans import Span

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCOPE = InstrumentationScope("goodsout")


class Otlp:
    """The way from one process to the collector.

    Spans are gathered and sent by a thread; a collector that is away costs spans, never work.
    """

    def __init__(self, url: str, service: str) -> None:
        self._resource = Resource.create({"service.name": service, "service.namespace": "goodsout"})
        self._processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=url))
        atexit.register(self._processor.shutdown)

    def send(self, span: Span) -> None:
        """Hand a span over; it neither waits nor raises."""
        self._processor.on_end(
            ReadableSpan(
                name=span.name,
                context=_context(span.trace, span.id),
                parent=_context(span.trace, span.parent) if span.parent else None,
                resource=self._resource,
                attributes=dict(span.attributes),
                kind=SpanKind[span.kind.name],
                status=Status(StatusCode.ERROR, span.failed) if span.failed else Status(),
                start_time=_nanoseconds(span.began),
                end_time=_nanoseconds(span.ended),
                instrumentation_scope=SCOPE,
            )
        )


def _context(trace: str, span: str) -> SpanContext:
    return SpanContext(
        int(trace, 16), int(span, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )


def _nanoseconds(moment: datetime) -> int:
    # In whole microseconds: a float would round.
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000
