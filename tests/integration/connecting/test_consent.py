"""Brightpearl's consent page: there, back, and everything that may come back instead."""

from datetime import timedelta

import pytest
from sqlmodel import select

from shared.accounts import CONNECTION_BROKEN
from shared.connecting.refusal import Refused
from shared.connecting.stored import OAUTH
from shared.db.account_tables import ConnectionRequest
from shared.db.note_tables import OrderLink
from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
)
from tests.integration.connecting.merchant import ACCOUNT, BEN, OTHER, Merchant


def test_an_approval_connects_the_account(merchant: Merchant) -> None:
    merchant.connect_brightpearl()

    row = merchant.row()
    assert (row.kind, row.vendor_account, row.credentials_version) == (OAUTH, "demo", 1)
    assert row.base_url == f"{merchant.vendors.url}/public-api/demo"
    assert merchant.secrets().keys() == {
        "access_token", "refresh_token", "installation_instance_id",
    }  # fmt: skip
    assert merchant.connections.brightpearl(ACCOUNT).warehouses()


def test_connecting_has_webhooks_looked_at_and_everything_fetched(merchant: Merchant) -> None:
    merchant.connect_brightpearl()

    [fetch] = merchant.events(REFERENCE_REQUESTED)
    assert fetch.payload == {"part": "all"}
    assert len(merchant.events(BRIGHTPEARL_CHECK_REQUESTED)) == 1


@pytest.mark.parametrize("name", [BRIGHTPEARL_CHECK_REQUESTED, RECONCILIATION_REQUESTED])
def test_a_look_at_the_account_is_about_it_so_that_a_later_one_supersedes_it(
    merchant: Merchant, name: str
) -> None:
    merchant.connect_brightpearl()

    assert [row.subject for row in merchant.events(name)] == ["demo"]


def test_what_waited_for_the_connection_goes_on_and_nothing_else(merchant: Merchant) -> None:
    merchant.hold(f"{CONNECTION_BROKEN}:brightpearl")
    merchant.hold(f"{CONNECTION_BROKEN}:shiphero")

    merchant.connect_brightpearl()

    assert merchant.held() == [f"{CONNECTION_BROKEN}:shiphero"]


def test_the_state_is_kept_as_a_digest_only(merchant: Merchant) -> None:
    address = merchant.begin()

    with merchant.session() as session:
        [kept] = session.exec(select(ConnectionRequest)).all()
    assert kept.state_digest not in address
    assert len(address.partition("state=")[2]) >= 43


def test_a_state_is_good_once(merchant: Merchant) -> None:
    address = merchant.begin()
    merchant.come_back(merchant.vendors.approve(address))

    with pytest.raises(Refused, match="used already"):
        merchant.come_back(merchant.vendors.approve(address))

    assert merchant.row().credentials_version == 1


def test_a_state_is_good_for_a_quarter_of_an_hour(merchant: Merchant) -> None:
    back = merchant.vendors.approve(merchant.begin())
    merchant.ahead = timedelta(minutes=16)

    with pytest.raises(Refused, match="longer than a quarter"):
        merchant.come_back(back)


def test_a_state_is_good_for_the_person_who_began(merchant: Merchant) -> None:
    back = merchant.vendors.approve(merchant.begin())

    with pytest.raises(Refused, match="not begun by you"):
        merchant.come_back(back, who=BEN)
    with pytest.raises(Refused, match="not begun by you"):
        merchant.come_back(back, OTHER)

    assert merchant.come_back(back) == "demo"


def test_a_made_up_state_connects_nothing(merchant: Merchant) -> None:
    with pytest.raises(Refused, match="not begun by you"):
        merchant.come_back("http://portal/?code=any&state=made-up")


def test_a_dead_code_is_refused_with_a_sentence(merchant: Merchant) -> None:
    back = merchant.vendors.approve(merchant.begin())

    with pytest.raises(Refused, match=r"did not complete the approval for demo: .*invalid_grant"):
        merchant.come_back(back.replace("code=", "code=x"))


@pytest.mark.parametrize("code", ["", "a/b", "demo?x=1", "..", "dé", "-x", "a" * 65])
def test_an_account_code_that_is_none_is_refused_before_anything_is_sent(
    merchant: Merchant, code: str
) -> None:
    with pytest.raises(Refused, match="no Brightpearl account code"):
        merchant.begin(code=code)


def test_an_account_of_another_merchant_cannot_be_taken(merchant: Merchant) -> None:
    early = merchant.vendors.approve(merchant.begin(OTHER))
    merchant.connect_brightpearl()

    with pytest.raises(Refused, match="connected to another Goodsout account"):
        merchant.begin(OTHER, code="DEMO")
    with pytest.raises(Refused, match="connected to another Goodsout account"):
        merchant.come_back(early, OTHER)

    assert merchant.connections.brightpearl_account(ACCOUNT) == "demo"


def test_an_account_with_orders_stays_with_its_brightpearl_account(merchant: Merchant) -> None:
    merchant.vendors.control("accounts", code="tea2")
    merchant.connect_brightpearl()
    merchant.keep(
        OrderLink(
            account_id=ACCOUNT, note_id=501, key="k", order_number="n", intended_at=merchant.now()
        )
    )

    with pytest.raises(Refused, match="has sent orders for Brightpearl account demo"):
        merchant.begin(code="tea2")


def test_without_an_app_of_ours_a_person_is_told_what_to_do(merchant: Merchant) -> None:
    merchant.connections = merchant.process(brightpearl_client_id="")

    with pytest.raises(Refused, match="connect a private app"):
        merchant.begin()


def test_a_host_that_is_not_allowed_gets_no_token(merchant: Merchant) -> None:
    merchant.connections = merchant.process(brightpearl_hosts="")

    with pytest.raises(Refused, match="named a host that is not its own"):
        merchant.connect_brightpearl()

    assert merchant.vendors.calls("get-warehouse") == 0
