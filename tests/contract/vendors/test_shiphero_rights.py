"""What a user of ShipHero may, a 3PL's customers, credits and older schemas, as the sandbox plays.

Nothing of this can be asked of a real test account without changing it for everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from shared.errors import ConnectionBroken, Permanent, Throttled
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.faults import DocumentRefused, TooCostly
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from shared.vendors.shiphero.webhook_bodies import SHIPMENT_UPDATE
from tests.builders import a_new_order
from tests.contract.vendors.sandbox_process import Pair, Sandbox
from tests.contract.vendors.sandbox_sides import sandbox_shiphero, shiphero_client
from tests.contract.vendors.sides import AnyShipHero, whole

THREE_PL = "sandbox-3pl-refresh-token"


@pytest.fixture
def client(sandbox: Sandbox, pair: Pair) -> AnyShipHero:
    return sandbox_shiphero(sandbox, pair).client


@pytest.fixture
def three_pl(sandbox: Sandbox) -> ShipHero:
    return shiphero_client(sandbox, THREE_PL)


@contextmanager
def _turned(sandbox: Sandbox, name: str, *, to: bool) -> Iterator[None]:
    sandbox.post("switches", {name: to})
    try:
        yield
    finally:
        sandbox.post("switches", {name: not to})


def _user(sandbox: Sandbox, pair: Pair, *scopes: str) -> ShipHero:
    user = {"account": pair.shiphero["account"], "scopes": scopes}
    made = sandbox.post("shiphero/users", {"username": uuid4().hex, **user})
    return shiphero_client(sandbox, made["refresh_token"])


def test_a_scope_that_is_missing_is_named(sandbox: Sandbox, pair: Pair) -> None:
    with pytest.raises(Permanent, match="view:orders") as caught:
        _user(sandbox, pair, "view:products").orders_by_key("GO-1")

    assert caught.value.code == "shiphero_scope_missing"


def test_without_the_scope_for_personal_data_an_order_is_read_all_the_same(
    sandbox: Sandbox, pair: Pair, client: AnyShipHero
) -> None:
    made = client.create_order(a_new_order())

    order = whole(_user(sandbox, pair, "view:orders"), made.id)

    assert order.shipping_address.first_name == ""
    assert order.line_items


def test_a_3pl_has_customers_and_other_accounts_have_none(
    three_pl: ShipHero, client: AnyShipHero
) -> None:
    assert three_pl.account().is_3pl
    assert len(three_pl.customers()) == 2
    assert client.customers() == ()


def test_what_is_made_for_a_customer_is_found_for_that_customer_alone(
    sandbox: Sandbox, three_pl: ShipHero
) -> None:
    mine, theirs = (
        shiphero_client(sandbox, THREE_PL, customer=one.id) for one in three_pl.customers()
    )
    key = f"GO-{uuid4().hex}"

    made = mine.create_order(a_new_order(partner_order_id=key))

    assert [one.id for one in mine.orders_by_key(key)] == [made.id]
    assert theirs.orders_by_key(key) == ()
    assert mine.cancel_order(made.id, reason="contract test").canceled


def test_a_customers_products_and_webhooks_are_its_own(
    sandbox: Sandbox, three_pl: ShipHero
) -> None:
    mine, theirs = (
        shiphero_client(sandbox, THREE_PL, customer=one.id) for one in three_pl.customers()
    )
    label = uuid4().hex

    mine.create_webhook(
        name=SHIPMENT_UPDATE, url=f"{sandbox.address}/control/health", shop_name=label
    )

    assert mine.products_page().rows
    assert [one.shop_name for one in mine.webhooks()] == [label]
    assert theirs.webhooks() == ()
    mine.delete_webhook(name=SHIPMENT_UPDATE, shop_name=label)
    assert mine.webhooks() == ()


def test_more_products_than_a_page_holds_are_all_found(sandbox: Sandbox) -> None:
    client = sandbox_shiphero(sandbox, sandbox.make_pair(products=120)).client

    first = client.products_page()
    second = client.products_page(after=first.cursor)

    assert len({one.sku for one in (*first.rows, *second.rows)}) == len(first.rows) + len(
        second.rows
    )
    assert (len(first.rows), second.cursor) == (100, None)


def test_an_expired_token_is_refreshed_and_the_call_goes_on(
    sandbox: Sandbox, pair: Pair, client: AnyShipHero
) -> None:
    number = pair.shiphero["account"]
    sandbox.post(f"shiphero/accounts/{number}/tokens/expire", {})

    assert client.account().id


def test_tokens_that_were_taken_back_break_the_connection(
    sandbox: Sandbox, pair: Pair, client: AnyShipHero
) -> None:
    sandbox.post(f"shiphero/accounts/{pair.shiphero['account']}/tokens/revoke", {})

    with pytest.raises(ConnectionBroken):
        client.account()


def test_credits_that_are_used_up_say_until_when(
    sandbox: Sandbox, pair: Pair, client: AnyShipHero
) -> None:
    number = pair.shiphero["account"]
    sandbox.post(f"shiphero/accounts/{number}", {"credits_max": 1001, "credits_per_second": 1})
    sandbox.post(f"shiphero/accounts/{number}/spend", {"credits": 1000})

    with pytest.raises(Throttled):
        client.orders_by_key("GO-1")


def test_a_bucket_too_small_for_any_page_is_said_to_be_too_small(
    sandbox: Sandbox, pair: Pair, client: AnyShipHero
) -> None:
    sandbox.post(f"shiphero/accounts/{pair.shiphero['account']}", {"credits_max": 5})

    with pytest.raises(TooCostly):
        client.products_page()


def test_webhooks_are_listed_by_the_schema_of_2024_too(
    sandbox: Sandbox, client: AnyShipHero
) -> None:
    with _turned(sandbox, "newer_schema", to=False):
        client.create_webhook(
            name=SHIPMENT_UPDATE, url=f"{sandbox.address}/control/health", shop_name="contract"
        )
        [hook] = client.webhooks()
        with pytest.raises(DocumentRefused):
            client.enable_webhook(hook.id)

    assert (hook.enabled, hook.health) == (None, None)


def test_a_second_refresh_token_is_handed_on(sandbox: Sandbox, pair: Pair) -> None:
    tokens = ShipHeroTokens(shiphero_http(), base_url=sandbox.address)
    kept: list[str | None] = []
    first = BearerToken(
        access_token="old",
        refresh_token=str(pair.shiphero["refresh_token"]),
        tokens=tokens,
        keep=lambda got: kept.append(got.refresh_token),
    )

    with _turned(sandbox, "refresh_gives_refresh_token", to=True):
        newer = first.refreshed()

    assert newer is not None
    assert kept == [newer.refresh_token]
    assert tokens.refresh(newer.refresh_token or "").access_token
