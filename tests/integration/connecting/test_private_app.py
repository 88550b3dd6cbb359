"""Connecting by a private app of the merchant's own."""

import pytest

from shared.connecting.private_app import connect_private_app, data_centres
from shared.connecting.refusal import Refused
from shared.connecting.stored import PRIVATE_APP
from shared.errors import ConnectionBroken
from tests.integration.connecting.merchant import ACCOUNT, Merchant

TOKEN = "sandbox-staff-token"


def connect(merchant: Merchant, *, token: str = TOKEN, name: str = "goodsout", at: str = "") -> str:
    return connect_private_app(
        merchant.connections,
        ACCOUNT,
        vendor_account="demo",
        app_name=name,
        staff_token=token,
        data_centre=at or merchant.vendors.host,
        by="ann",
    )


@pytest.mark.parametrize("name", ["goodsout", "demo_goodsout", " demo_goodsout "])
def test_a_private_app_is_tried_and_kept(merchant: Merchant, name: str) -> None:
    assert connect(merchant, name=name) == "demo"

    assert merchant.row().kind == PRIVATE_APP
    assert merchant.secrets() == {"app_ref": "demo_goodsout", "staff_token": TOKEN}
    assert merchant.connections.brightpearl(ACCOUNT).warehouses()


def test_a_wrong_token_is_refused_and_nothing_is_kept(merchant: Merchant) -> None:
    with pytest.raises(Refused, match="did not accept the app for account demo"):
        connect(merchant, token="wrong")

    with pytest.raises(ConnectionBroken, match="not connected yet"):
        merchant.connections.brightpearl(ACCOUNT)


@pytest.mark.parametrize("place", ["", "evil.example", "euw9"])
def test_a_token_goes_to_a_known_data_centre_only(merchant: Merchant, place: str) -> None:
    with pytest.raises(Refused, match="Choose the data centre"):
        connect(merchant, at=place or " ")


def test_the_data_centres_are_brightpearls_and_the_operators(merchant: Merchant) -> None:
    offered = data_centres(merchant.connections.settings)

    assert list(offered) == ["euw1", "use1", merchant.vendors.host, merchant.vendors.second_host]


def test_a_single_wrong_refusal_breaks_nothing(merchant: Merchant) -> None:
    connect(merchant)
    merchant.vendors.fault("brightpearl", "status", status=401, operation="get-warehouse")

    assert merchant.connections.brightpearl(ACCOUNT).warehouses()


def test_a_second_refusal_in_a_row_is_the_end(merchant: Merchant) -> None:
    connect(merchant)
    merchant.vendors.control("accounts/demo/tokens/revoke", private=True)

    with pytest.raises(ConnectionBroken) as raised:
        merchant.connections.brightpearl(ACCOUNT).warehouses()

    assert raised.value.version == 1
    assert merchant.vendors.calls("get-warehouse") == 2
