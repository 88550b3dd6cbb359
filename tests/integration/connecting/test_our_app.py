"""Brightpearl refuses Goodsout's own app: the operator's trouble, and no merchant's connection."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.connecting.refreshing import Refreshed, refresh_due_tokens
from shared.connecting.trial import try_connection
from shared.connections import Connections
from shared.errors import OurTrouble
from shared.events import CONNECTION_BROKEN
from tests.integration.connecting.merchant import ACCOUNT, BRIGHTPEARL, Merchant

WRONG: list[dict[str, Any]] = [
    {"brightpearl_client_secret": "wrong"},
    {"brightpearl_client_id": "wrong"},
    {"brightpearl_client_id": "", "brightpearl_client_secret": ""},
]


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    merchant.connect_brightpearl()
    merchant.vendors.control("accounts/demo/tokens/expire")
    return merchant


def refused(process: Connections) -> OurTrouble:
    """Meet the refusal of our own app."""
    with pytest.raises(OurTrouble) as raised:
        process.brightpearl(ACCOUNT).warehouses()
    return raised.value


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_app_breaks_no_connection_and_names_the_settings(
    connected: Merchant, wrong: dict[str, Any]
) -> None:
    with capture_logs() as lines:
        trouble = refused(connected.process(**wrong))

    assert trouble.code == "brightpearl_app_refused"
    assert "BRIGHTPEARL_CLIENT_ID and BRIGHTPEARL_CLIENT_SECRET" in str(trouble)
    assert [line["log_level"] for line in lines if line["event"] == "brightpearl.app_refused"] == [
        "error"
    ]
    assert (connected.row().broken_since, connected.row().refreshing_by) == (None, None)
    assert connected.events(CONNECTION_BROKEN) == []


def test_work_goes_on_with_the_right_app_without_a_reconnect(connected: Merchant) -> None:
    refused(connected.process(**WRONG[0]))

    assert connected.connections.brightpearl(ACCOUNT).warehouses()

    assert connected.row().credentials_version == 2


def test_a_test_of_the_connection_says_it_and_breaks_nothing(connected: Merchant) -> None:
    looks = try_connection(connected.process(**WRONG[0]), ACCOUNT, BRIGHTPEARL)

    assert {look.fine for look in looks} == {False}
    assert "BRIGHTPEARL_CLIENT_SECRET" in looks[0].sentence
    assert connected.row().broken_since is None


def test_ahead_of_the_end_nobody_is_asked_to_reconnect(merchant: Merchant) -> None:
    merchant.connect_brightpearl()
    merchant.ahead = timedelta(days=6.5)
    for _ in range(2):
        refreshed = refresh_due_tokens(merchant.process(**WRONG[0]))

    row = merchant.row()
    assert refreshed == Refreshed(renewed=0, failed=1)
    assert row.broken_since is None
    assert len(row.warnings) == 1
    assert "there is nothing to reconnect" in row.warnings[0]


def test_consent_that_our_app_cannot_finish_names_the_settings(merchant: Merchant) -> None:
    back = merchant.vendors.approve(merchant.begin())
    merchant.connections = merchant.process(**WRONG[0])

    with pytest.raises(OurTrouble, match="BRIGHTPEARL_CLIENT_SECRET"):
        merchant.come_back(back)
