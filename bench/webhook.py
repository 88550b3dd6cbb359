"""The webhook endpoint under gunicorn, beside a bare Flask endpoint that keeps nothing."""

import http.client
import json
import os
import secrets
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

from flask import Flask, request

from deploy.embedded.free_ports import free_ports
from deploy.embedded.parts import GUNICORN, Part
from deploy.embedded.waiting import wait_until_ready
from shared.clock import utc_now
from shared.db.account_tables import Account, WebhookSubscription
from shared.db.engine import open_engine, session_maker
from shared.db.migrate import migrate
from shared.secrets import SecretBox, digest, new_key
from tests.servers.postgresql import private_postgresql

RATE, SECONDS, CONNECTIONS = 100, 15, 8


def bare() -> Flask:
    """Build the baseline: it reads the body and answers."""
    app = Flask(__name__)

    @app.get("/readyz")
    def show_ready() -> str:
        return "ok"

    @app.post("/<path:_path>")
    def take(_path: str) -> dict[str, bool]:
        return {"kept": not request.get_data()}

    return app


def main() -> None:
    """Print p50 and p99 at a steady rate, and the most requests a second, for both."""
    with private_postgresql(durable=True) as postgresql:
        keys, secret = new_key(), secrets.token_urlsafe(32)
        _subscribe(postgresql.url, keys, secret)
        environment = {
            "DATABASE_URL": postgresql.url,
            "BROKER_URL": "memory://",
            "SECRET_KEYS": keys,
            "LOG_FORMAT": "json",
        }
        path = f"/webhooks/brightpearl/{secret}"
        with _served("services.order_ingest.app:app()", environment) as port:
            _measure("webhook endpoint", port, path)
        with _served("bench.webhook:bare()", environment) as port:
            _measure("bare Flask", port, path)


@contextmanager
def _served(app: str, environment: Mapping[str, str]) -> Iterator[int]:
    port = free_ports().portal
    command = (*GUNICORN, "--bind", f"127.0.0.1:{port}", app)
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_ready([Part(name=app, command=command, port=port)], seconds=30)
        yield port
    finally:
        process.terminate()
        process.wait()


def _measure(name: str, port: int, path: str) -> None:
    steady = _load(port, path, rate=RATE)
    most = _load(port, path, rate=None)
    cut = statistics.quantiles(steady, n=100)
    print(
        f"{name:<17} at {RATE}/s: p50 {cut[49] * 1000:5.1f} ms, p99 {cut[98] * 1000:5.1f} ms;   "
        f"{CONNECTIONS} connections at once: {len(most) / SECONDS:5.0f} requests/s"
    )


def _load(port: int, path: str, *, rate: int | None) -> list[float]:
    """Post for SECONDS over CONNECTIONS; gives each answer's seconds. Bounded in time."""
    took: list[float] = []
    until = time.monotonic() + SECONDS

    def post_on_one_connection(offset: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        due = time.monotonic() + offset
        while time.monotonic() < until:
            if rate is not None:
                time.sleep(max(0.0, due - time.monotonic()))
                due += CONNECTIONS / rate
            begun = time.monotonic()
            connection.request("POST", path, _body(), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            took.append(time.monotonic() - begun)
        connection.close()

    gap = CONNECTIONS / rate if rate else 0.0
    threads = [
        threading.Thread(target=post_on_one_connection, args=(gap * number / CONNECTIONS,))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _body() -> bytes:
    return json.dumps(
        {
            "accountCode": "bench",
            "resourceType": "goods-out-note",
            "id": "7001",
            "lifecycleEvent": "created",
            "fullEvent": "goods-out-note.created",
            "raisedOn": uuid4().hex,
        }
    ).encode()


def _subscribe(database_url: str, keys: str, secret: str) -> None:
    engine = open_engine(database_url)
    migrate(engine)
    with session_maker(engine)() as session:
        account = Account(id=uuid4(), code="bench", name="bench", created_at=utc_now())
        session.add(account)
        session.flush()
        session.add(
            WebhookSubscription(
                id=uuid4(),
                account_id=account.id,
                vendor="brightpearl",
                topic="goods-out-note",
                path_digest=digest(secret),
                path_secret=SecretBox(keys).seal(secret),
                created_at=utc_now(),
            )
        )
        session.commit()
    engine.dispose()
