"""The sides that are the sandbox, over HTTP; each test gets a merchant of its own where it can."""

from urllib.parse import parse_qs, urlsplit

import requests

from shared.clock import utc_now
from shared.errors import ConnectionBroken
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.brightpearl.hosts import private_base_url
from shared.vendors.brightpearl.oauth import BrightpearlOAuth, Granted, OAuthApp, OAuthToken
from shared.vendors.calls import Watch
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.contract.vendors.sandbox_process import Pair, Sandbox
from tests.contract.vendors.sides import (
    BrightpearlSide,
    ConsentSide,
    OpenNote,
    ShipHeroSide,
    TokensSide,
    Use,
    whole,
)

BACK = "https://goodsout.test/back?a=1"


# What not every sales order has; the fake's has the same.
ODD = {"customFields": {"PCF_WRAP": {"id": 6, "value": "Ribbon"}}, "deliveryDate": "2026-07-09"}


def sandbox_brightpearl(sandbox: Sandbox, pair: Pair) -> BrightpearlSide:
    """Build a Brightpearl whose notes are made when they are asked for."""
    client = brightpearl_client(sandbox, pair, pair.staff_token)

    def open_note(_use: Use) -> OpenNote:
        wish = {"account": pair.code, "count": 1, "notes": 1, "lines": 1, **ODD}
        [made] = sandbox.post("sales-orders", wish)["orders"]
        [note_id] = made["noteIds"]
        [[row]] = client.goods_out_notes([note_id])[note_id].order_rows.values()
        return OpenNote(id=note_id, order_id=made["orderId"], product_id=row.product_id)

    return BrightpearlSide(
        client=client,
        stranger=brightpearl_client(sandbox, pair, "nobody's token"),
        open_note=open_note,
        owner_id=31,
    )


def brightpearl_client(sandbox: Sandbox, pair: Pair, token: str) -> Brightpearl:
    """Build the client of a private app; the sandbox is a host the operator allows."""
    base_url = private_base_url(sandbox.host, pair.code, extra=sandbox.hosts)
    app = StaffApp(app_ref=pair.app_ref, staff_token=token)
    return Brightpearl(brightpearl_http(), app, base_url=base_url)


def sandbox_consent(sandbox: Sandbox, pair: Pair) -> ConsentSide:
    """Build an account whose merchant approves at the sandbox's consent page."""
    app = an_oauth_app(sandbox, pair)
    oauth = _oauth(app)

    def approve(redirect_uri: str) -> str:
        page = oauth.consent_url(pair.code, redirect_uri, "s/1")
        answer = requests.get(f"{page}&decision=approve", allow_redirects=False, timeout=10)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    return ConsentSide(
        oauth=oauth,
        narrow=_oauth(an_oauth_app(sandbox, pair, hosts=frozenset())),
        forged=_oauth(an_oauth_app(sandbox, pair, client_secret="forged")),
        account=pair.code,
        redirect_uri=BACK,
        approve=approve,
        opens=lambda granted: opens_brightpearl(app, granted),
        now=utc_now,
    )


def opens_brightpearl(app: OAuthApp, granted: Granted, watch: Watch | None = None) -> bool:
    """Tell whether a granted token reads the account's warehouses."""
    token = OAuthToken(app=app, access_token=granted.access_token)
    client = Brightpearl(brightpearl_http(watch), token, base_url=granted.base_url)
    try:
        return bool(client.warehouses())
    except ConnectionBroken:
        return False


def sandbox_shiphero(sandbox: Sandbox, pair: Pair) -> ShipHeroSide:
    """Build a ShipHero that stocks what the merchant sells."""
    client = shiphero_client(sandbox, str(pair.shiphero["refresh_token"]))
    [product, *_] = client.products_page().rows

    def ship(order_id: str) -> None:
        number = whole(client, order_id).legacy_id
        sandbox.post(f"shiphero-orders/{number}/ship", {"parcels": 1})

    def switch_off(webhook_id: str) -> None:
        sandbox.post(f"shiphero/webhooks/{webhook_id}/health", {"health": "UNHEALTHY"})

    stranger = ShipHero(
        shiphero_http(), BearerToken(access_token="nobody's"), base_url=sandbox.address
    )
    return ShipHeroSide(
        client=client,
        stranger=stranger,
        sku=product.sku,
        hook_url=f"{sandbox.address}/control/health",
        ship=ship,
        switch_off=switch_off,
    )


def shiphero_client(
    sandbox: Sandbox, refresh_token: str, *, customer: str | None = None
) -> ShipHero:
    """Build the client of a user of ShipHero, and of a 3PL's customer where one is named."""
    http = shiphero_http()
    tokens = ShipHeroTokens(http, base_url=sandbox.address)
    got = tokens.refresh(refresh_token)
    token = BearerToken(access_token=got.access_token, refresh_token=refresh_token, tokens=tokens)
    return ShipHero(http, token, customer_account_id=customer, base_url=sandbox.address)


def sandbox_tokens(sandbox: Sandbox, pair: Pair) -> TokensSide:
    """Build ShipHero's token address with the merchant's user."""
    return TokensSide(
        tokens=ShipHeroTokens(shiphero_http(), base_url=sandbox.address),
        refresh_token=str(pair.shiphero["refresh_token"]),
        username=str(pair.shiphero["username"]),
        password=str(pair.shiphero["password"]),
        opens=lambda access_token: opens_shiphero(sandbox.address, access_token),
    )


def opens_shiphero(address: str, access_token: str, watch: Watch | None = None) -> bool:
    """Tell whether an access token reads its own account."""
    token = BearerToken(access_token=access_token)
    client = ShipHero(shiphero_http(watch), token, base_url=address)
    try:
        return bool(client.account().id)
    except ConnectionBroken:
        return False


def _oauth(app: OAuthApp) -> BrightpearlOAuth:
    return BrightpearlOAuth(brightpearl_http(), app, utc_now)


def an_oauth_app(
    sandbox: Sandbox,
    pair: Pair,
    *,
    hosts: frozenset[str] | None = None,
    client_secret: str | None = None,
) -> OAuthApp:
    """Build our app as the sandbox knows it; `hosts` are those the operator allows."""
    return OAuthApp(
        client_id=pair.oauth["client_id"],
        client_secret=client_secret or pair.oauth["client_secret"],
        dev_ref=pair.oauth["dev_ref"],
        oauth_url=f"{sandbox.address}/oauth",
        hosts=sandbox.hosts if hosts is None else hosts,
    )
