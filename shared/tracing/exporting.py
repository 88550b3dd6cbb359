"""Set up the way to a collector of traces, where OpenTelemetry is installed.

OpenTelemetry is an extra (`pip install goodsout[tracing]`): only `shared.tracing.otlp` knows it,
and that is imported where traces are asked for.
"""

import sys
from importlib.util import find_spec

from shared.tracing.emitting import Sink

NEEDED = ("opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


def open_exporter(url: str, service: str) -> Sink:
    """Open the way to the collector at `url`, such as http://collector:4318/v1/traces.

    Ends the process with a sentence where OpenTelemetry is not installed.
    """
    if not _installed():
        sys.exit(
            "TRACES_URL is set, but OpenTelemetry is not installed: install goodsout[tracing], "
            "or leave TRACES_URL empty."
        )
    from shared.tracing.otlp import Otlp  # noqa: PLC0415 - it needs the extra

    return Otlp(url, service).send


def _installed() -> bool:
    try:
        return all(find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:
        return False
