"""A sandbox of our own as a process, and its control API."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from deploy.embedded.free_ports import free_port
from deploy.embedded.parts import python
from tests.servers.forge import Forged, forged

ROOT = Path(__file__).resolve().parents[3]
START_WITHIN = 30.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A merchant with an account of its own at both vendors, as the control room made it."""

    code: str
    app_ref: str
    staff_token: str
    oauth: Mapping[str, str]
    shiphero: Mapping[str, Any]


class Sandbox:
    """The sandbox's control API."""

    def __init__(self, address: str) -> None:
        self.address = address

    @property
    def host(self) -> str:
        """Host and port of Brightpearl's first data centre, as `api_domain` names it."""
        return self.address.removeprefix("http://")

    @property
    def hosts(self) -> frozenset[str]:
        """Host and port of both data centres, which an operator has to allow."""
        return frozenset({self.host, self.host.replace("127.0.0.1", "127.0.0.2")})

    def read(self, path: str) -> Any:
        """Read from the control room."""
        answer = requests.get(f"{self.address}/control/{path}", timeout=10)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Ask the control room for something."""
        answer = requests.post(f"{self.address}/control/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def make_pair(self, *, products: int = 5) -> Pair:
        """Make a merchant whom no other test knows."""
        code = f"shop-{uuid4().hex[:8]}"
        made = self.post("accounts", {"code": code, "products": products})
        return Pair(**{name: made[name] for name in Pair.__dataclass_fields__})


@contextmanager
def running_sandbox(folder: Path) -> Iterator[Sandbox]:
    """Start a sandbox on a free port, and end it afterwards."""
    port = free_port()
    settings = {"SANDBOX_PORT": str(port), "SANDBOX_SMTP_PORT": "0"}
    process = forged(python("sandbox"), {**os.environ, **settings}, folder / "log")
    try:
        _wait_for(port, process, folder / "log")
        yield Sandbox(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_for(port: int, process: Forged, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    pytest.fail(f"the sandbox did not start:\n{log.read_text(errors='replace')[-2000:]}")
