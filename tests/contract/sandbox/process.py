"""A sandbox as a process of its own, which can be killed and started again."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from deploy.embedded.parts import python
from tests.contract.sandbox.playing import STAFF
from tests.servers.forge import forged
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[3]
TOKEN = {"Authorization": "Bearer sandbox-access-token"}
NOTES = "/public-api/demo/warehouse-service/goods-note/goods-out"


@dataclass
class Process:
    """One `python -m sandbox` that can be killed and started again on the same file."""

    state: Path
    port: int
    smtp_port: int

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = {
            "SANDBOX_PORT": str(self.port),
            "SANDBOX_SMTP_PORT": str(self.smtp_port),
            "SANDBOX_STATE": str(self.state),
            "SANDBOX_TIME_SCALE": "0.02",
        }
        log = self.state.with_suffix(".log")
        self.process = forged(python("sandbox"), {**os.environ, **settings}, log)
        self.session = requests.Session()
        self.session.trust_env = False
        until(self.answers, within=30, what="the sandbox to answer")

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            return self.call("GET", "/control/health").ok
        except requests.ConnectionError:
            return False

    def end(self, with_signal: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        self.session.close()
        self.process.send_signal(with_signal)
        return self.process.wait(timeout=30)

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Call one path with good credentials for both vendors."""
        sent = TOKEN if path == "/graphql" else STAFF
        url = f"http://127.0.0.1:{self.port}{path}"
        return self.session.request(method, url, json=body, headers=sent, timeout=10)

    def ask(self, query: str, data: dict[str, Any]) -> Any:
        """Run one document over GraphQL."""
        body = {"query": query, "variables": {"data": data}}
        return self.call("POST", "/graphql", body).json()

    def deliveries(self) -> list[dict[str, Any]]:
        """List what was sent."""
        found: list[dict[str, Any]] = self.call("GET", "/control/webhook-deliveries").json()
        return found
