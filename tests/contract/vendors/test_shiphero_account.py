"""What our fake, the sandbox and ShipHero promise alike about an account and its webhooks."""

import pytest

from shared.vendors.shiphero.faults import AlreadyThere, NotFound
from shared.vendors.shiphero.webhook_bodies import ORDER_CANCELED, SHIPMENT_UPDATE
from tests.contract.vendors.sides import ShipHeroSide

NOBODYS_HOOK = "V2ViaG9vazo5OTk5OTk5OTk="


def test_an_account_has_an_id_and_warehouses(shiphero: ShipHeroSide) -> None:
    account = shiphero.client.account()

    assert account.id
    assert account.warehouses
    assert all(one.id and one.identifier for one in account.warehouses)


def test_customers_are_those_of_the_account(shiphero: ShipHeroSide) -> None:
    customers = shiphero.client.customers()

    assert customers == shiphero.client.account().customers


def test_products_have_a_sku_and_pages_lead_on(shiphero: ShipHeroSide) -> None:
    page = shiphero.client.products_page()

    following = shiphero.client.products_page(after=page.cursor) if page.cursor else page

    assert shiphero.sku in {one.sku for one in page.rows}
    assert all(one.id for one in following.rows)


def test_webhooks_are_listed_even_when_there_is_none(shiphero: ShipHeroSide) -> None:
    hooks = shiphero.client.webhooks()

    assert shiphero.label not in {one.shop_name for one in hooks}
    assert all(one.id and one.name for one in hooks)


@pytest.mark.writes
def test_a_webhook_is_made_once_listed_and_deleted(shiphero: ShipHeroSide) -> None:
    client = shiphero.client
    subscription = {"name": SHIPMENT_UPDATE, "shop_name": shiphero.label}

    made = client.create_webhook(url=shiphero.hook_url, **subscription)
    with pytest.raises(AlreadyThere):
        client.create_webhook(url=shiphero.hook_url, **subscription)
    listed = {one.shop_name: one for one in client.webhooks()}
    client.delete_webhook(**subscription)

    assert made.shared_signature_secret
    assert (listed[shiphero.label].name, listed[shiphero.label].id) == (SHIPMENT_UPDATE, made.id)
    assert listed[shiphero.label].url == shiphero.hook_url
    assert shiphero.label not in {one.shop_name for one in client.webhooks()}


@pytest.mark.writes
def test_a_webhook_that_is_not_there_is_as_good_as_deleted(shiphero: ShipHeroSide) -> None:
    shiphero.client.delete_webhook(name=ORDER_CANCELED, shop_name=shiphero.label)


@pytest.mark.writes
def test_a_webhook_that_is_on_may_be_switched_on(shiphero: ShipHeroSide) -> None:
    made = shiphero.client.create_webhook(
        name=SHIPMENT_UPDATE, url=shiphero.hook_url, shop_name=shiphero.label
    )

    shiphero.client.enable_webhook(made.id)

    listed = {one.id: one.enabled for one in shiphero.client.webhooks()}
    assert listed[made.id]


@pytest.mark.writes
def test_a_webhook_that_is_not_there_cannot_be_switched_on(shiphero: ShipHeroSide) -> None:
    with pytest.raises(NotFound):
        shiphero.client.enable_webhook(NOBODYS_HOOK)


@pytest.mark.staged
def test_a_webhook_that_was_switched_off_is_switched_on_again(shiphero: ShipHeroSide) -> None:
    client = shiphero.client
    made = client.create_webhook(
        name=SHIPMENT_UPDATE, url=shiphero.hook_url, shop_name=shiphero.label
    )
    shiphero.switch_off(made.id)

    [off] = client.webhooks()
    client.enable_webhook(made.id)
    [on] = client.webhooks()

    assert (off.enabled, off.health) == (False, "UNHEALTHY")
    assert (on.enabled, on.health) == (True, "HEALTHY")
