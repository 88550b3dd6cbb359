"""What our fake and the sandbox promise alike about ShipHero."""

from decimal import Decimal
from uuid import uuid4

import pytest

from shared.vendors.shiphero.faults import AlreadyThere
from shared.vendors.shiphero.new_order import NewLineItem, NewOrder
from shared.vendors.shiphero.webhook_bodies import SHIPMENT_UPDATE
from tests.builders import a_new_order
from tests.contract.vendors.conftest import ShipHeroSide, whole

NOBODY = "T3JkZXI6OTk5OTk5OTk5"


def _key() -> str:
    return f"GO-contract-{uuid4().hex[:12]}"


def _new(side: ShipHeroSide, key: str) -> NewOrder:
    line = NewLineItem(
        sku=side.sku, partner_line_item_id=f"{key}-1", quantity=2, price=Decimal("4.50")
    )
    return a_new_order(partner_order_id=key, order_number=f"N-{key}", line_items=(line,))


def test_an_order_that_was_made_is_found_by_its_key_and_its_number(shiphero: ShipHeroSide) -> None:
    key = _key()

    made = shiphero.client.create_order(_new(shiphero, key))

    assert made.partner_order_id == key
    assert [one.id for one in shiphero.client.orders_by_key(key)] == [made.id]
    assert [one.id for one in shiphero.client.orders_by_number(f"N-{key}")] == [made.id]


def test_a_key_nobody_used_finds_nothing(shiphero: ShipHeroSide) -> None:
    assert shiphero.client.orders_by_key(_key()) == ()


def test_a_part_of_a_key_finds_nothing(shiphero: ShipHeroSide) -> None:
    key = _key()

    shiphero.client.create_order(_new(shiphero, key))

    assert shiphero.client.orders_by_key(key[:-1]) == ()


def test_an_order_is_read_with_the_lines_it_was_given(shiphero: ShipHeroSide) -> None:
    key = _key()
    made = shiphero.client.create_order(_new(shiphero, key))

    order = whole(shiphero.client, made.id)

    assert not order.fulfilled
    assert [(one.sku, one.partner_line_item_id, one.quantity) for one in order.line_items] == [
        (shiphero.sku, f"{key}-1", 2)
    ]
    assert order.shipments == ()


def test_an_order_nobody_made_is_none(shiphero: ShipHeroSide) -> None:
    assert shiphero.client.order(NOBODY) is None


def test_a_cancelled_order_says_so_and_is_still_found(shiphero: ShipHeroSide) -> None:
    key = _key()
    made = shiphero.client.create_order(_new(shiphero, key))

    cancelled = shiphero.client.cancel_order(made.id, reason="the note was deleted")

    assert cancelled.canceled
    assert [one.canceled for one in shiphero.client.orders_by_key(key)] == [True]


def test_a_shipped_order_has_a_shipment_with_a_label_and_our_line(shiphero: ShipHeroSide) -> None:
    key = _key()
    made = shiphero.client.create_order(_new(shiphero, key))

    shiphero.ship(made.id)

    order = whole(shiphero.client, made.id)
    [shipment] = order.shipments
    assert shipment.shipping_labels
    assert {line.line_item.partner_line_item_id for line in shipment.line_items} == {f"{key}-1"}
    assert sum(line.quantity for line in shipment.line_items) == 2
    assert order.fulfilled


def test_the_account_has_a_warehouse(shiphero: ShipHeroSide) -> None:
    assert shiphero.client.account().warehouses


def test_a_webhook_is_made_once_listed_and_deleted(shiphero: ShipHeroSide) -> None:
    client, label = shiphero.client, f"contract-{uuid4().hex[:8]}"
    subscription = {"name": SHIPMENT_UPDATE, "shop_name": label}

    made = client.create_webhook(url=shiphero.hook_url, **subscription)
    with pytest.raises(AlreadyThere):
        client.create_webhook(url=shiphero.hook_url, **subscription)
    listed = [one.shop_name for one in client.webhooks()]
    client.delete_webhook(**subscription)
    client.delete_webhook(**subscription)

    assert made.shared_signature_secret
    assert label in listed
    assert label not in [one.shop_name for one in client.webhooks()]
