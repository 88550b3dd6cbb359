"""A wire without a network: scripted answers for `requests`, and what was sent over it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from shared.vendors.brightpearl.api import receipt as brightpearl_receipt
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.http import Patience, VendorHttp
from shared.vendors.shiphero.api import receipt as shiphero_receipt
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.tokens import BearerToken

if TYPE_CHECKING:
    from shared.vendors.calls import Call

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ACCOUNT_URL = "https://euw1.brightpearlconnect.com/public-api/demo"
SECRET = "never-to-be-seen"


@dataclass(frozen=True)
class Reply:
    """One scripted answer; `body` is written as JSON unless it is bytes."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """One request that went over the wire."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any

    @property
    def path(self) -> str:
        """The address without its host, query included."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Tell the time of day."""
        return NOW + timedelta(seconds=self.passed)

    def elapsed(self) -> float:
        """Tell the seconds since the start."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.passed += seconds


class Wire(BaseAdapter):
    """Answers from a script, or by a function of what was sent; an exception is raised."""

    def __init__(self, *script: Reply | Exception | Callable[[Sent], Reply]) -> None:
        super().__init__()
        self.script = list(script)
        self.sent: list[Sent] = []
        self.clock = Clock()
        self.calls: list[Call] = []

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override]
        """Take the next answer of the script."""
        content = request.body or b"null"
        self.sent.append(
            Sent(
                method=request.method or "",
                url=request.url or "",
                headers=dict(request.headers),
                body=_read(content),
            )
        )
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        return _response(request, step if isinstance(step, Reply) else step(self.sent[-1]))

    def close(self) -> None:
        """Nothing to close."""

    def http(self, vendor: str = "vendor", patience: Patience | None = None) -> VendorHttp:
        """Open a way out over this wire."""
        receipts = {"brightpearl": brightpearl_receipt, "shiphero": shiphero_receipt}
        more: dict[str, Any] = {"receipt": receipts[vendor]} if vendor in receipts else {}
        return VendorHttp(
            vendor,
            watch=self.calls.append,
            patience=patience or Patience(),
            adapter=self,
            clock=self.clock.now,
            elapsed=self.clock.elapsed,
            sleep=self.clock.sleep,
            **more,
        )


def brightpearl_over(wire: Wire) -> Brightpearl:
    """Make a client of the account `demo`."""
    app = StaffApp(app_ref="demo_goodsout", staff_token=SECRET)
    return Brightpearl(wire.http("brightpearl"), app, base_url=ACCOUNT_URL, jitter=lambda: 0.0)


def shiphero_over(wire: Wire, customer_account_id: str | None = None) -> ShipHero:
    """Make a client whose token cannot be refreshed."""
    return ShipHero(
        wire.http("shiphero"),
        BearerToken(access_token=SECRET),
        customer_account_id=customer_account_id,
        jitter=lambda: 0.0,
    )


def _read(content: str | bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content  # a form


def _response(request: requests.PreparedRequest, reply: Reply) -> requests.Response:
    content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    response = requests.Response()
    response.status_code = reply.status
    response.headers.update(reply.headers)
    response.url = request.url or ""
    response.request = request
    response.raw = HTTPResponse(BytesIO(content), status=reply.status, preload_content=False)
    return response
