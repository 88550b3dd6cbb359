"""Disconnecting: webhooks removed, credentials erased, and nothing of it comes back."""

import pytest
from sqlmodel import select

from shared.connecting import leaving
from shared.connecting.leaving import disconnect
from shared.connecting.refusal import Refused
from shared.db.account_tables import WebhookSubscription
from shared.db.portal_tables import NotePerson
from shared.errors import ConnectionBroken
from shared.vendors.brightpearl.account_models import NewWebhook
from shared.webhooks import at_brightpearl
from shared.webhooks.registration import Registrar, check_brightpearl
from tests.integration.connecting.merchant import ACCOUNT, BRIGHTPEARL, OTHER, SHIPHERO, Merchant

ANN = "ann@fernleaf.example"


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    """Give a merchant with webhooks at Brightpearl, one of them of somebody else."""
    merchant.connect_brightpearl()
    client = merchant.connections.brightpearl(ACCOUNT)
    client.create_webhook(
        NewWebhook(subscribe_to="product", uri_template="https://other.example/x")
    )
    registrar = Registrar(
        open_session=merchant.open_session,
        box=merchant.box,
        account_id=ACCOUNT,
        account_code="demo",
        now=merchant.now,
    )
    check_brightpearl(registrar, client, at_brightpearl.Wanted(base_url="http://127.0.0.1:1"))
    return merchant


def hooks(merchant: Merchant) -> list[str]:
    """List what Brightpearl holds, with credentials of the merchant's own."""
    merchant.connect_brightpearl()
    listed = merchant.connections.brightpearl(ACCOUNT).webhooks()
    return [hook.uri_template for hook in listed]


def test_our_webhooks_go_and_those_of_others_stay(connected: Merchant) -> None:
    left = disconnect(connected.connections, ACCOUNT, BRIGHTPEARL, asked_by=ANN)

    assert (left.webhooks_removed, left.trouble) == (len(at_brightpearl.TOPICS), "")
    assert hooks(connected) == ["https://other.example/x"]


def test_the_credentials_are_erased(connected: Merchant) -> None:
    disconnect(connected.connections, ACCOUNT, BRIGHTPEARL, asked_by=ANN)

    row = connected.row()
    assert (row.credentials, row.kind, row.vendor_account) == ("", "", "demo")
    assert row.broken_reason == f"Disconnected by {ANN}."
    with pytest.raises(ConnectionBroken, match="is not connected any more"):
        connected.connections.brightpearl(ACCOUNT)


def test_whose_the_notes_are_is_forgotten(connected: Merchant) -> None:
    many = leaving.AT_ONCE + 1
    with connected.session() as session:
        session.add_all(
            NotePerson(account_id=ACCOUNT, digest="d", note_id=one, kept_at=connected.now())
            for one in range(1, many + 1)
        )
        session.add(NotePerson(account_id=OTHER, digest="d", note_id=1, kept_at=connected.now()))
        session.commit()

    disconnect(connected.connections, ACCOUNT, BRIGHTPEARL, asked_by=ANN)

    with connected.session() as session:
        assert [one.account_id for one in session.exec(select(NotePerson))] == [OTHER]


def test_a_vendor_that_refuses_is_left_all_the_same(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")

    left = disconnect(connected.connections, ACCOUNT, BRIGHTPEARL, asked_by=ANN)

    assert "could not be removed" in left.trouble
    assert connected.row().credentials == ""
    with connected.session() as session:
        rows = session.exec(select(WebhookSubscription)).all()
    assert all(row.retired_at is not None for row in rows)


def test_versions_go_on_so_that_late_refusals_are_told_apart(connected: Merchant) -> None:
    disconnect(connected.connections, ACCOUNT, BRIGHTPEARL, asked_by=ANN)
    connected.connect_brightpearl()

    assert connected.row().credentials_version == 3
    assert connected.connections.brightpearl(ACCOUNT).warehouses()


def test_another_account_may_connect_what_was_left(connected: Merchant) -> None:
    disconnect(connected.connections, ACCOUNT, BRIGHTPEARL, asked_by=ANN)

    assert connected.begin(connected.other)


def test_what_is_not_connected_cannot_be_left(merchant: Merchant) -> None:
    merchant.connect_brightpearl()

    with pytest.raises(Refused, match="ShipHero is not connected"):
        disconnect(merchant.connections, ACCOUNT, SHIPHERO, asked_by=ANN)
