"""What the sandbox's own tests play with: a clock to turn, callers, a receiver of webhooks."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.seed import APP_REF, STAFF_TOKEN

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "vendors"
STAFF = {"brightpearl-app-ref": APP_REF, "brightpearl-staff-token": STAFF_TOKEN}
NOTE = "/warehouse-service/goods-note/goods-out"


def sample(path: str) -> str:
    """Read a vendor's sample, or report in the summary that the test did not run."""
    found = SAMPLES / path
    if not found.exists():
        pytest.skip(f"../shared/ is not here: {path} was not compared")
    return found.read_text()


@dataclass
class FakeClock:
    """Time that stands still until it is turned."""

    at: float = 1_782_900_000.0  # 1 July 2026, 10:00 UTC: British summer time

    def __call__(self) -> float:
        """Tell the time that stands."""
        return self.at

    def turn(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.at += seconds


@dataclass(frozen=True)
class BrightpearlCaller:
    """Calls the demo account with good credentials."""

    client: FlaskClient

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Call one resource."""
        sent = STAFF if headers is None else {**STAFF, **headers}
        return self.client.open(f"/public-api/demo{path}", method=method, json=body, headers=sent)

    def note(self, number: int) -> dict[str, Any]:
        """Read one goods-out note."""
        path = f"/warehouse-service/order/*/goods-note/goods-out/{number}"
        answer = self.call("GET", path).get_json()
        body: dict[str, Any] = answer["response"][str(number)]
        return body

    def take_step(self, number: int, code: str, **headers: str) -> TestResponse:
        """Post one event on a note."""
        event = {"eventCode": code, "occured": "2026-07-01T09:30:00.000Z", "eventOwnerId": 31}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", f"{NOTE}/{number}/event", {"events": [event]}, named)

    def subscribe(self, url: str, event: str = "goods-out-note", **more: Any) -> int:
        """Register a webhook with every variable in its body."""
        body = {
            "subscribeTo": event,
            "httpMethod": "POST",
            "uriTemplate": url,
            "bodyTemplate": json.dumps(
                {
                    "accountCode": "${account-code}",
                    "resourceType": "${resource-type}",
                    "id": "${resource-id}",
                    "lifecycleEvent": "${lifecycle-event}",
                    "fullEvent": "${full-event}",
                    "raisedOn": "${raised-on}",
                }
            ),
            "contentType": "application/json",
            "idSetAccepted": True,
            "qualityOfService": 1,
            **more,
        }
        answer = self.call("POST", "/integration-service/webhook", body).get_json()
        number: int = answer["response"]
        return number


@dataclass(frozen=True)
class ShipHeroCaller:
    """Asks GraphQL with a good token."""

    client: FlaskClient

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Run one document."""
        answer = self.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": "Bearer sandbox-access-token"},
        )
        body: dict[str, Any] = answer.get_json()
        return body

    def make_order(self, key: str = "GO-demo-7001", **more: Any) -> dict[str, Any]:
        """Create an order of two lines and give its node."""
        wanted = {
            "order_number": "4101/1",
            "partner_order_id": key,
            "shipping_address": {"first_name": "Maeve", "last_name": "Ashdown", "city": "Norwich"},
            "line_items": [
                a_line("TEA-BRK-125", 2, f"{key}-1"),
                a_line("MUG-STN-OAT", 1, f"{key}-2"),
            ],
            **more,
        }
        answer = self.ask(
            "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { "
            "id legacy_id partner_order_id fulfillment_status line_items(first: 5) { edges { "
            "node { sku quantity_allocated product { id } } } } } } }",
            data=wanted,
        )
        node: dict[str, Any] = answer["data"]["order_create"]["order"]
        return node

    def orders(self, arguments: str) -> list[dict[str, Any]]:
        """List orders by filters written as in a query."""
        fields = "id partner_order_id fulfillment_status"
        connection = f"data(first: 50) {{ edges {{ node {{ {fields} }} }} }}"
        answer = self.ask(f"{{ orders({arguments}) {{ {connection} }} }}")
        return [edge["node"] for edge in answer["data"]["orders"]["data"]["edges"]]


def a_line(sku: str, quantity: int, partner_id: str) -> dict[str, Any]:
    """Build a line of a new order."""
    return {"sku": sku, "quantity": quantity, "partner_line_item_id": partner_id, "price": "6.25"}


@dataclass
class Receiver:
    """An HTTP server that answers webhooks as it is told and keeps what came."""

    statuses: list[int] = field(default_factory=list)
    head_status: int = 200
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append((self.path, headers, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_HEAD(self) -> None:
                self.send_response(receiver.head_status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where webhooks may be sent."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def bodies(self) -> list[dict[str, Any]]:
        """Read what came as JSON."""
        return [json.loads(body) for _, _, body in self.got]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
