"""The sides that are our fakes."""

from datetime import UTC, datetime
from functools import partial

from shared.clock import utc_now
from shared.errors import ConnectionBroken
from shared.vendors.brightpearl.order_models import OrderDelivery
from shared.vendors.shiphero.account_models import Product
from tests.builders import a_goods_out_note, a_product, a_sales_order
from tests.contract.vendors.sides import (
    BrightpearlSide,
    ConsentSide,
    OpenNote,
    ShipHeroSide,
    TokensSide,
)
from tests.fakes.vendor_logins import FakeBrightpearlOAuth, FakeShipHeroTokens
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero


def fake_brightpearl() -> BrightpearlSide:
    """Build a Brightpearl with one open note."""
    wanted = OrderDelivery(delivery_date=datetime(2026, 7, 9, tzinfo=UTC), shipping_method_id=5)
    order = a_sales_order(custom_fields={"PCF_WRAP": "Ribbon"}, delivery=wanted)
    fake = FakeBrightpearl(a_goods_out_note(), order, a_product())
    stranger = FakeBrightpearl()
    stranger.fails_with = ConnectionBroken("not known", vendor="brightpearl")
    note = OpenNote(id=501, order_id=4001, product_id=1501)
    return BrightpearlSide(client=fake, stranger=stranger, open_note=lambda _: note, owner_id=31)


def fake_consent() -> ConsentSide:
    """Build an account at Brightpearl that approves."""
    oauth, narrow, forged = (FakeBrightpearlOAuth(utc_now) for _ in range(3))
    forged.knows_our_app = False
    narrow.host = "127.0.0.1:8100"
    narrow.knows(oauth)
    return ConsentSide(
        oauth=oauth,
        narrow=narrow,
        forged=forged,
        account="demo",
        redirect_uri="https://goodsout.test/back",
        approve=lambda redirect_uri: oauth.approve("demo", redirect_uri),
        opens=lambda granted: oauth.accepts(granted.access_token),
        now=utc_now,
    )


def fake_shiphero() -> ShipHeroSide:
    """Build a ShipHero that takes orders."""
    fake, stranger = FakeShipHero(), FakeShipHero()
    stranger.fails_with = ConnectionBroken("not known", vendor="shiphero")
    fake.products = [Product(id="PRODUCT-1", sku="TEA-EARL")]
    return ShipHeroSide(
        client=fake,
        stranger=stranger,
        sku="TEA-EARL",
        hook_url="https://hooks.example.com/sh",
        ship=partial(_ship, fake),
        switch_off=fake.switch_off,
    )


def _ship(fake: FakeShipHero, order_id: str) -> None:
    fake.ship(order_id)


def fake_tokens() -> TokensSide:
    """Build ShipHero's token address with one user."""
    fake = FakeShipHeroTokens()
    return TokensSide(
        tokens=fake,
        refresh_token="static",
        username="demo@example.com",
        password="right",
        opens=fake.accepts,
    )
