"""A token of Brightpearl's that ends, and a budget that is used up, as the sandbox plays them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import ConnectionBroken, Throttled
from shared.vendors.authentication import Authentication
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.brightpearl.oauth import Granted, OAuthApp, OAuthToken
from tests.contract.vendors.sandbox_process import Pair, Sandbox
from tests.contract.vendors.sandbox_sides import an_oauth_app, sandbox_brightpearl, sandbox_consent
from tests.contract.vendors.sides import ConsentSide


@pytest.fixture
def merchant(sandbox: Sandbox, pair: Pair) -> ConsentSide:
    return sandbox_consent(sandbox, pair)


@pytest.fixture
def app(sandbox: Sandbox, pair: Pair) -> OAuthApp:
    return an_oauth_app(sandbox, pair)


def _token(app: OAuthApp, granted: Granted) -> OAuthToken:
    return OAuthToken(app=app, access_token=granted.access_token, base_url=granted.base_url)


def _renewal(
    merchant: ConsentSide, app: OAuthApp, granted: Granted
) -> Callable[[], Authentication]:
    return lambda: _token(app, merchant.oauth.refresh(merchant.account, granted.refresh_token))


def _granted(merchant: ConsentSide) -> Granted:
    code = merchant.approve(merchant.redirect_uri)
    return merchant.oauth.exchange(merchant.account, code, merchant.redirect_uri)


def test_an_expired_token_is_renewed_once_and_the_call_goes_on(
    sandbox: Sandbox, pair: Pair, merchant: ConsentSide, app: OAuthApp
) -> None:
    granted = _granted(merchant)
    token = replace(_token(app, granted), renew=_renewal(merchant, app, granted))
    client = Brightpearl(brightpearl_http(), token, base_url=granted.base_url)
    sandbox.post(f"accounts/{pair.code}/tokens/expire", {})

    listed = [client.warehouses(), client.warehouses()]

    counted = sandbox.read(f"accounts/{pair.code}/counts")
    assert all(listed)
    assert counted["token_calls"]["token-refresh"] == 1


def test_a_refresh_follows_an_account_that_has_moved(
    sandbox: Sandbox, pair: Pair, merchant: ConsentSide, app: OAuthApp
) -> None:
    granted = _granted(merchant)
    token = replace(_token(app, granted), renew=_renewal(merchant, app, granted))
    client = Brightpearl(brightpearl_http(), token, base_url=granted.base_url)
    sandbox.post(f"accounts/{pair.code}/move", {"data_centre": "use1"})

    assert client.warehouses()


def test_a_token_that_was_taken_back_breaks_the_connection(
    sandbox: Sandbox, pair: Pair, merchant: ConsentSide, app: OAuthApp
) -> None:
    granted = _granted(merchant)
    token = replace(_token(app, granted), renew=_renewal(merchant, app, granted))
    client = Brightpearl(brightpearl_http(), token, base_url=granted.base_url)
    sandbox.post(f"accounts/{pair.code}/tokens/revoke", {})

    with pytest.raises(ConnectionBroken):
        client.warehouses()


def test_a_budget_that_is_used_up_says_until_when(sandbox: Sandbox, pair: Pair) -> None:
    client = sandbox_brightpearl(sandbox, pair).client
    sandbox.post(f"accounts/{pair.code}/spend", {"requests": 200})

    with pytest.raises(Throttled) as caught:
        client.warehouses()

    assert datetime.now(UTC) < caught.value.until < datetime.now(UTC) + timedelta(seconds=63)
