"""OAuth with Brightpearl: where the browser goes, what is asked, and where a token never goes."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.errors import ConnectionBroken, OurTrouble, Permanent, Throttled, Transient
from shared.vendors.brightpearl.hosts import allowed_base_url, private_base_url
from shared.vendors.brightpearl.oauth import BrightpearlOAuth, Granted, OAuthApp
from tests.unit.vendors.wire import NOW, SECRET, Reply, Wire

APP = OAuthApp(
    client_id="goodsout",
    client_secret=SECRET,
    dev_ref="acme-dev",
    oauth_url="https://oauth.brightpearl.com",
    hosts=frozenset({"127.0.0.1:8100"}),
)
TOKENS = {
    "access_token": "A+/=",
    "refresh_token": "R+/=",
    "installation_instance_id": "13",
    "api_domain": "euw1.brightpearlconnect.com",
    "token_type": "Bearer",
    "expires_in": 604800,
}


def an_oauth(reply: Reply) -> tuple[BrightpearlOAuth, Wire]:
    wire = Wire(lambda _sent: reply)
    return BrightpearlOAuth(wire.http("brightpearl"), APP, lambda: NOW), wire


def test_the_browser_is_sent_to_the_accounts_own_consent_page() -> None:
    oauth, _ = an_oauth(Reply())

    address = urlsplit(oauth.consent_url("acme/x", "https://go.example/back?a=b", "s+t"))

    assert (address.netloc, address.path) == ("oauth.brightpearl.com", "/authorize/acme%2Fx")
    assert parse_qs(address.query) == {
        "response_type": ["code"],
        "client_id": ["goodsout"],
        "redirect_uri": ["https://go.example/back?a=b"],
        "state": ["s+t"],
    }


def test_a_code_is_exchanged_form_encoded() -> None:
    oauth, wire = an_oauth(Reply(body=TOKENS))

    granted = oauth.exchange("acme", "c+/=", "https://go.example/back")

    assert granted == Granted(
        access_token="A+/=",
        refresh_token="R+/=",
        expires_at=NOW + timedelta(days=7),
        base_url="https://euw1.brightpearlconnect.com/public-api/acme",
        installation_instance_id="13",
    )
    [sent] = wire.sent
    assert sent.url == "https://oauth.brightpearl.com/token/acme"
    assert b"code=c%2B%2F%3D" in sent.body and b"client_secret=" in sent.body  # noqa: PT018


@pytest.mark.parametrize(
    ("told", "days"),
    [(537227, 537227 / 86400), ("604800", 7), (None, 7), (0, 7), (-1, 7), (True, 7), ("soon", 7)],
)
def test_a_life_that_no_token_has_counts_as_the_documented_one(told: Any, days: float) -> None:
    oauth, _ = an_oauth(Reply(body={**TOKENS, "expires_in": told}))

    granted = oauth.refresh("acme", "R")

    assert granted.expires_at == NOW + timedelta(days=days)


def test_a_refresh_without_a_new_refresh_token_says_so() -> None:
    body = {name: TOKENS[name] for name in ("access_token", "api_domain")}
    oauth, _ = an_oauth(Reply(body=body))

    assert oauth.refresh("acme", "R").refresh_token == ""


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=400, body={"error": "invalid_grant"}), ConnectionBroken),
        (Reply(status=400, body={"error": "invalid_client"}), OurTrouble),
        (Reply(status=401, body={"error": "unauthorized_client"}), OurTrouble),
        (Reply(status=400, body={"error": "invalid_request"}), ConnectionBroken),
        (Reply(status=401, body={"response": SECRET}), ConnectionBroken),
        (Reply(status=429), Throttled),
        (Reply(status=503, body={"response": SECRET}), Throttled),
        (Reply(status=500, body={"response": SECRET}), Transient),
        (Reply(body=b"<html>"), Transient),
        (Reply(body={"access_token": SECRET}), Transient),
        (Reply(body=[]), Transient),
    ],
)
def test_a_refusal_is_one_of_our_errors_and_repeats_no_secret(
    reply: Reply, error: type[Exception]
) -> None:
    oauth, _ = an_oauth(reply)

    with pytest.raises(error) as raised:
        oauth.refresh("acme", SECRET)

    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "host",
    [
        "evilbrightpearl.com",
        "brightpearl.com.evil.example",
        "brightpearlconnect.com",
        "user@ws-eu1.brightpearl.com",
        "ws-eu1.brightpearl.com@evil.example",
        "ws-eu1.brightpearl.com:8443",
        "ws-eu1.brightpearl.com/evil",
        "ws-eu1.brightpearl.com?x",
        "ws-eu1.brightpearl.com#x",
        "ws-eu1.brightpearl.com\\evil",
        "ws eu1.brightpearl.com",
        "-.brightpearl.com",
        ".brightpearl.com",
        "169.254.169.254",
        "[::1]",
        "127.0.0.1:8101",
        "localhost",
        "wş-eu1.brightpearl.com",
        "",
    ],
)
def test_a_token_goes_to_no_host_but_brightpearls(host: str) -> None:
    with pytest.raises(Permanent) as refused:
        allowed_base_url(host, "acme", extra=APP.hosts)

    assert refused.value.code == "foreign_host"


@pytest.mark.parametrize(
    ("host", "base_url"),
    [
        ("euw1.brightpearlconnect.com", "https://euw1.brightpearlconnect.com/public-api/acme"),
        ("WS-USE.brightpearl.com", "https://ws-use.brightpearl.com/public-api/acme"),
        ("euw1.brightpearlconnect.com:443", "https://euw1.brightpearlconnect.com/public-api/acme"),
        ("127.0.0.1:8100", "http://127.0.0.1:8100/public-api/acme"),
    ],
)
def test_brightpearls_own_hosts_and_the_operators_are_let_in(host: str, base_url: str) -> None:
    assert allowed_base_url(host, "acme", extra=APP.hosts) == base_url


def test_a_foreign_host_in_an_answer_is_told_before_anything_goes_there() -> None:
    oauth, wire = an_oauth(Reply(body={**TOKENS, "api_domain": "evil.example"}))

    with pytest.raises(Permanent):
        oauth.refresh("acme", "R")

    assert {urlsplit(sent.url).hostname for sent in wire.sent} == {"oauth.brightpearl.com"}


def test_a_private_app_names_its_data_centre() -> None:
    use1 = "https://use1.brightpearlconnect.com/public-api/acme"

    assert private_base_url("use1", "acme") == use1
    with pytest.raises(Permanent):
        private_base_url("evil.example", "acme")
