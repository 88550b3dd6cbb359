"""The two sides each contract test runs against: our fake, and the sandbox over HTTP."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.models import ShipHeroOrder
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.builders import a_goods_out_note, a_product, a_sales_order
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero

ROOT = Path(__file__).resolve().parents[3]
START_WITHIN = 30.0  # seconds


@dataclass(frozen=True, kw_only=True)
class BrightpearlSide:
    """A Brightpearl holding one open note of two lines or fewer."""

    client: Brightpearl | FakeBrightpearl
    note_id: int
    order_id: int
    product_id: int


@dataclass(frozen=True, kw_only=True)
class ShipHeroSide:
    """A ShipHero that stocks `sku`; `ship` plays its warehouse for a whole order.

    `hook_url` is an address that answers the HEAD which ShipHero sends at registration.
    """

    client: ShipHero | FakeShipHero
    sku: str
    hook_url: str
    ship: Callable[[str], None]


class Sandbox:
    """The sandbox's control API."""

    def __init__(self, address: str) -> None:
        self.address = address

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Ask the control API for something."""
        answer = requests.post(f"{self.address}/control/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Start a sandbox of our own on a free port."""
    port = _free_port()
    folder = tmp_path_factory.mktemp("sandbox")
    settings = {"SANDBOX_PORT": str(port), "SANDBOX_SMTP_PORT": "0"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(port, process, folder / "log")
        yield Sandbox(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(params=["fake", "sandbox"])
def brightpearl(request: pytest.FixtureRequest) -> BrightpearlSide:
    """One Brightpearl with one open note."""
    if request.param == "fake":
        fake = FakeBrightpearl(a_goods_out_note(), a_sales_order(), a_product())
        return BrightpearlSide(client=fake, note_id=501, order_id=4001, product_id=1501)
    sandbox: Sandbox = request.getfixturevalue("sandbox")
    made = sandbox.post("sales-orders", {"count": 1, "notes": 1, "lines": 1})["orders"][0]
    client = Brightpearl(
        brightpearl_http(),
        StaffApp(app_ref="demo_goodsout", staff_token="sandbox-staff-token"),
        base_url=f"{sandbox.address}/public-api/demo",
    )
    [note_id] = made["noteIds"]
    note = client.goods_out_notes([note_id])[note_id]
    [row] = next(iter(note.order_rows.values()))
    return BrightpearlSide(
        client=client, note_id=note_id, order_id=made["orderId"], product_id=row.product_id
    )


@pytest.fixture(params=["fake", "sandbox"])
def shiphero(request: pytest.FixtureRequest) -> ShipHeroSide:
    """One ShipHero that takes orders."""
    if request.param == "fake":
        fake = FakeShipHero()
        return ShipHeroSide(
            client=fake,
            sku="TEA-EARL",
            hook_url="https://hooks.example.com/sh",
            ship=partial(_ship, fake),
        )
    sandbox: Sandbox = request.getfixturevalue("sandbox")
    http = shiphero_http()
    tokens = ShipHeroTokens(http, base_url=sandbox.address)
    got = tokens.exchange_password("demo@sandbox.test", "sandbox")
    client = ShipHero(
        http,
        BearerToken(access_token=got.access_token, refresh_token=got.refresh_token, tokens=tokens),
        base_url=sandbox.address,
    )
    return ShipHeroSide(
        client=client,
        sku=_known_sku(sandbox),
        hook_url=f"{sandbox.address}/control/health",
        ship=partial(_ship_at, sandbox, client),
    )


def whole(client: ShipHero | FakeShipHero, order_id: str) -> ShipHeroOrder:
    """Read an order that has to be there."""
    order = client.order(order_id)
    assert order is not None
    return order


def _ship(fake: FakeShipHero, order_id: str) -> None:
    fake.ship(order_id)


def _ship_at(sandbox: Sandbox, client: ShipHero, order_id: str) -> None:
    sandbox.post(f"shiphero-orders/{whole(client, order_id).legacy_id}/ship", {"parcels": 1})


def _known_sku(sandbox: Sandbox) -> str:
    made = sandbox.post("sales-orders", {"count": 1, "notes": 1, "lines": 1})["orders"][0]
    client = Brightpearl(
        brightpearl_http(),
        StaffApp(app_ref="demo_goodsout", staff_token="sandbox-staff-token"),
        base_url=f"{sandbox.address}/public-api/demo",
    )
    rows = client.sales_orders([made["orderId"]])[made["orderId"]].order_rows
    return next(row.product_sku for row in rows.values() if row.product_sku)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    pytest.fail(f"the sandbox did not start:\n{log.read_text(errors='replace')[-2000:]}")
