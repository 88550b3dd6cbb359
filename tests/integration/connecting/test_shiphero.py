"""Connecting ShipHero: tokens for a password, scopes, and the customers of a 3PL."""

from datetime import timedelta

import pytest

from shared.connecting.refusal import Refused
from shared.connecting.shiphero import choose_customer, shiphero_customers
from shared.connecting.stored import CHOOSING_CUSTOMER, USER
from shared.connecting.tokens import NO_PII
from shared.errors import ConnectionBroken
from shared.events import REFERENCE_REQUESTED, SHIPHERO_CHECK_REQUESTED
from tests.integration.connecting.merchant import ACCOUNT, ANN, PASSWORD, SHIPHERO, Merchant

OURS, CUSTOMER = 51_077, 97_016


def a_user(merchant: Merchant, *scopes: str) -> tuple[str, str]:
    """Make a user with these scopes; gives its name and password."""
    made = merchant.vendors.control(
        "shiphero/users", username="limited@sandbox.test", account=OURS, scopes=list(scopes)
    )
    return made["username"], made["password"]


def make_3pl(merchant: Merchant) -> None:
    merchant.vendors.control(f"shiphero/accounts/{CUSTOMER}", parent=OURS)
    merchant.vendors.control(f"shiphero/accounts/{OURS}", is_3pl=True)


def test_a_password_becomes_tokens_and_is_not_kept(merchant: Merchant) -> None:
    has_to_choose = merchant.connect_shiphero()

    row = merchant.row(SHIPHERO)
    assert (has_to_choose, row.kind, row.vendor_account) == (False, USER, "")
    assert merchant.secrets(SHIPHERO).keys() == {"access_token", "refresh_token"}
    assert PASSWORD not in merchant.secrets(SHIPHERO).values()
    assert row.expires_at is not None
    assert row.expires_at - merchant.now() > timedelta(days=27)
    assert [event.payload["part"] for event in merchant.events(REFERENCE_REQUESTED)] == [
        "shiphero_account", "shiphero_products",
    ]  # fmt: skip
    assert len(merchant.events(SHIPHERO_CHECK_REQUESTED)) == 1


@pytest.mark.parametrize("answer", ["401", "403", "400"])
def test_a_wrong_password_is_said_in_a_sentence(merchant: Merchant, answer: str) -> None:
    merchant.vendors.turn(wrong_password_answer=answer)

    with pytest.raises(Refused, match="did not accept this user and password"):
        merchant.connect_shiphero(password="wrong")


def test_missing_scopes_are_named(merchant: Merchant) -> None:
    name, password = a_user(merchant, "view:orders", "view:products", "view:webhooks")

    with pytest.raises(Refused, match="lacks what we need: change:orders"):
        merchant.connect_shiphero(name, password)


def test_a_scope_that_shows_only_when_reading_is_named_too(merchant: Merchant) -> None:
    name, password = a_user(merchant, "view:orders", "change:orders")

    with pytest.raises(Refused, match="view:webhooks"):
        merchant.connect_shiphero(name, password)


def test_hidden_names_are_warned_of_and_stop_nothing(merchant: Merchant) -> None:
    name, password = a_user(merchant, "view:orders", "change:orders", "view:webhooks")

    merchant.connect_shiphero(name, password)

    assert merchant.row(SHIPHERO).warnings == [NO_PII]
    assert merchant.connections.shiphero(ACCOUNT).account()


def test_a_3pl_sends_nothing_until_its_customer_is_chosen(merchant: Merchant) -> None:
    make_3pl(merchant)

    assert merchant.connect_shiphero()
    with pytest.raises(ConnectionBroken, match="choose the customer account"):
        merchant.connections.shiphero(ACCOUNT)

    assert merchant.row(SHIPHERO).kind == CHOOSING_CUSTOMER
    assert merchant.events(REFERENCE_REQUESTED) == []


def test_the_chosen_customer_goes_with_every_call(merchant: Merchant) -> None:
    make_3pl(merchant)
    merchant.connect_shiphero()
    merchant.hold("connection_broken:shiphero")
    [customer] = shiphero_customers(merchant.connections, ACCOUNT)

    choose_customer(merchant.connections, ACCOUNT, customer_id=customer.id, by=ANN)

    assert merchant.row(SHIPHERO).vendor_account == customer.id
    assert merchant.held() == []
    assert merchant.connections.shiphero(ACCOUNT)._customer_account_id == customer.id


def test_only_a_listed_customer_can_be_chosen(merchant: Merchant) -> None:
    make_3pl(merchant)
    merchant.connect_shiphero()

    with pytest.raises(Refused, match="one of the customer accounts"):
        choose_customer(merchant.connections, ACCOUNT, customer_id="made-up", by=ANN)


def test_reconnecting_a_3pl_keeps_the_choice(merchant: Merchant) -> None:
    make_3pl(merchant)
    merchant.connect_shiphero()
    [customer] = shiphero_customers(merchant.connections, ACCOUNT)
    choose_customer(merchant.connections, ACCOUNT, customer_id=customer.id, by=ANN)

    assert not merchant.connect_shiphero()

    assert merchant.row(SHIPHERO).vendor_account == customer.id
