"""/livez, /readyz and /metrics, the same on every process."""

import threading
from collections.abc import Callable, Mapping

from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.serving import make_server

from shared.deadline import Deadline
from shared.errors import OurTrouble

# A check raises OurTrouble with a sentence when its part does not answer.
Check = Callable[[], None]

# A probe that hangs must not keep a server's threads from answering anything else.
PROBE_SECONDS = 2.0


def health_routes(checks: Mapping[str, Check]) -> Blueprint:
    """Build the three routes; `checks` are what readiness depends on, by name."""
    routes = Blueprint("health", __name__)
    bounded = {
        name: (Deadline(seconds=PROBE_SECONDS, threads=1, what=name), check)
        for name, check in checks.items()
    }

    @routes.get("/livez")
    def show_alive() -> ResponseReturnValue:
        """Answer at once: the process serves requests."""
        return jsonify(alive=True)

    @routes.get("/readyz")
    def show_ready() -> ResponseReturnValue:
        """Say for each part whether it answers; 503 when one does not."""
        troubles = {name: why for name, (by, check) in bounded.items() if (why := _ask(by, check))}
        parts = {name: troubles.get(name, "ok") for name in checks}
        return jsonify(ready=not troubles, parts=parts), 503 if troubles else 200

    @routes.get("/metrics")
    def show_metrics() -> ResponseReturnValue:
        """Give Prometheus what this process counted."""
        return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)

    return routes


def serve_health(host: str, port: int, checks: Mapping[str, Check]) -> None:
    """Serve the three routes from a thread, for processes that are no web service."""
    app = Flask(__name__)
    app.register_blueprint(health_routes(checks))
    server = make_server(host, port, app, threaded=True)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


def _ask(deadline: Deadline, check: Check) -> str:
    try:
        deadline.run(check)
    except OurTrouble as trouble:
        return str(trouble)
    return ""
