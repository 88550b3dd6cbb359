"""Credentials are renewed before they end, by whichever process is first."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.embedded.parts import python
from shared.connecting.refreshing import Refreshed, refresh_due_tokens
from tests.integration.connecting.merchant import ACCOUNT, BRIGHTPEARL, SHIPHERO, Merchant
from tests.servers.forge import forged


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    merchant.connect_brightpearl()
    merchant.connect_shiphero()
    return merchant


@pytest.mark.parametrize(
    ("days", "renewed"), [(5.9, []), (6.1, [BRIGHTPEARL]), (21.1, [BRIGHTPEARL, SHIPHERO])]
)
def test_credentials_are_renewed_when_their_end_is_near(
    connected: Merchant, days: float, renewed: list[str]
) -> None:
    connected.ahead = timedelta(days=days)

    refreshed = refresh_due_tokens(connected.connections)

    assert refreshed == Refreshed(renewed=len(renewed), failed=0)
    versions = {
        vendor: connected.row(vendor).credentials_version for vendor in (BRIGHTPEARL, SHIPHERO)
    }
    assert [vendor for vendor, version in versions.items() if version == 2] == renewed


def test_a_refusal_ahead_of_the_end_breaks_nothing_and_warns(connected: Merchant) -> None:
    connected.vendors.fault("brightpearl", "status", status=400, operation="token-refresh")
    connected.ahead = timedelta(days=6.5)

    refreshed = refresh_due_tokens(connected.connections)

    row = connected.row()
    assert refreshed == Refreshed(renewed=0, failed=1)
    assert row.broken_since is None
    assert "refused to renew our credentials, and they end on" in row.warnings[0]
    assert connected.connections.brightpearl(ACCOUNT).warehouses()


def test_one_that_fails_stops_no_other(connected: Merchant) -> None:
    connected.vendors.fault("brightpearl", "status", status=500, operation="token-refresh")
    connected.ahead = timedelta(days=22)

    assert refresh_due_tokens(connected.connections) == Refreshed(renewed=1, failed=1)
    assert connected.row(SHIPHERO).credentials_version == 2


def test_several_processes_at_once_renew_once(connected: Merchant, tmp_path: Path) -> None:
    connected.vendors.turn(access_token_life=3600)
    connected.connect_brightpearl()
    connected.vendors.turn(access_token_life=604_800)
    connected.vendors.fault("brightpearl", "delay", operation="token-refresh", seconds=30)
    environment = {
        **os.environ,
        "DATABASE_URL": connected.engine.url.render_as_string(hide_password=False),
        "BROKER_URL": "memory://",
        "SECRET_KEYS": connected.key,
        "BRIGHTPEARL_CLIENT_ID": "goodsout-sandbox",
        "BRIGHTPEARL_CLIENT_SECRET": "sandbox-client-secret",
        "BRIGHTPEARL_DEV_REF": "goodsout-dev",
        "BRIGHTPEARL_OAUTH_URL": f"{connected.vendors.url}/oauth",
        "BRIGHTPEARL_HOSTS": connected.vendors.host,
        "SHIPHERO_URL": connected.vendors.url,
    }
    command = python("shared.cli.main", "refresh-tokens")
    processes = [forged(command, environment, tmp_path / "told") for _ in range(3)]
    ended = [process.wait(timeout=120) for process in processes]

    assert ended == [0, 0, 0], (tmp_path / "told").read_text()
    assert connected.vendors.calls("token-refresh") == 1
    assert connected.row().credentials_version == 3
