"""A collector of traces of a test's own: what OpenTelemetry's exporter sends, by trace."""

import gzip
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One span as it came."""

    service: str
    name: str
    id: str
    parent: str


class Collector:
    """Keeps every span, by trace id."""

    def __init__(self) -> None:
        self.traces: dict[str, list[Seen]] = defaultdict(list)
        self.url = ""

    def keep(self, body: bytes) -> None:
        """Read one request of the exporter."""
        for of_process in ExportTraceServiceRequest.FromString(body).resource_spans:
            about = {one.key: one.value.string_value for one in of_process.resource.attributes}
            for scope in of_process.scope_spans:
                for span in scope.spans:
                    self.traces[span.trace_id.hex()].append(
                        Seen(
                            service=about["service.name"],
                            name=span.name,
                            id=span.span_id.hex(),
                            parent=span.parent_span_id.hex(),
                        )
                    )

    def holding(self, *names: str) -> list[Seen]:
        """Give the spans of the first trace that has each of these, none while there is none."""
        for spans in list(self.traces.values()):
            if set(names) <= {span.name for span in spans}:
                return spans
        return []


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listen on a port of 127.0.0.1 until the end."""
    collector = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            collector.keep(gzip.decompress(body) if packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
        Thread(target=server.serve_forever, daemon=True).start()
        yield collector
        server.shutdown()
