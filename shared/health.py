"""/livez, /readyz and /metrics, the same on every process."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from werkzeug.serving import make_server

from shared.deadline import Deadline
from shared.errors import OurTrouble

# A check raises OurTrouble with a sentence when its part does not answer.
Check = Callable[[], None]

# A probe that hangs must not keep a server's threads from answering anything else.
PROBE_SECONDS = 2.0


class _Parts(Collector):
    """What readiness depends on, each asked within its time whenever somebody wants to know."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = {
            name: (Deadline(seconds=PROBE_SECONDS, threads=1, what=name), check)
            for name, check in checks.items()
        }

    def told(self) -> Mapping[str, str]:
        """Give for each part what is wrong, "" where it answers."""
        return {name: _ask(by, check) for name, (by, check) in self._checks.items()}

    def collect(self) -> Iterator[Metric]:
        """Tell Prometheus of each part whether it answers."""
        what = "Whether a part that the process depends on answers: 1 or 0."
        family = GaugeMetricFamily("goodsout_part_up", what, labels=["part"])
        for name, trouble in self.told().items():
            family.add_metric([name], 0 if trouble else 1)
        yield family


def health_routes(checks: Mapping[str, Check], *, more: Iterable[Collector] = ()) -> Blueprint:
    """Build the three routes; `checks` are what readiness depends on, by name.

    `more` is what this process alone tells Prometheus, beside what it counts.
    """
    routes = Blueprint("health", __name__)
    parts, own = _Parts(checks), CollectorRegistry()
    for collector in (parts, *more):
        own.register(collector)

    @routes.get("/livez")
    def show_alive() -> ResponseReturnValue:
        """Answer at once: the process serves requests."""
        return jsonify(alive=True)

    @routes.get("/readyz")
    def show_ready() -> ResponseReturnValue:
        """Say for each part whether it answers; 503 when one does not."""
        told = parts.told()
        is_ready = not any(told.values())
        words = {name: trouble or "ok" for name, trouble in told.items()}
        return jsonify(ready=is_ready, parts=words), 200 if is_ready else 503

    @routes.get("/metrics")
    def show_metrics() -> ResponseReturnValue:
        """Give Prometheus what this process counted, and how its parts are."""
        text = generate_latest() + generate_latest(own)
        return Response(text, mimetype=CONTENT_TYPE_LATEST)

    return routes


def serve_health(
    host: str, port: int, checks: Mapping[str, Check], *, more: Iterable[Collector] = ()
) -> None:
    """Serve the three routes from a thread, for processes that are no web service."""
    app = Flask(__name__)
    app.register_blueprint(health_routes(checks, more=more))
    server = make_server(host, port, app, threaded=True)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


def _ask(deadline: Deadline, check: Check) -> str:
    try:
        deadline.run(check)
    except OurTrouble as trouble:
        return str(trouble)
    return ""
