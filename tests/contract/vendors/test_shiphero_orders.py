"""What our fake, the sandbox and ShipHero promise alike about orders and their shipments."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from shared.errors import ConnectionBroken, Permanent
from shared.vendors.shiphero.faults import NotFound
from shared.vendors.shiphero.models import OrderRef
from shared.vendors.shiphero.new_order import (
    NewAddress,
    NewLineItem,
    NewShippingLines,
    OrderChange,
)
from tests.builders import a_new_order
from tests.contract.vendors.sides import ShipHeroSide, whole

NOBODY = "T3JkZXI6OTk5OTk5OTk5"
HOUR = timedelta(hours=1)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def _make(side: ShipHeroSide, key: str, **header: Any) -> OrderRef:
    line = NewLineItem(
        sku=side.sku, partner_line_item_id=f"{key}-1", quantity=2, price=Decimal("4.50")
    )
    return side.client.create_order(
        a_new_order(partner_order_id=key, order_number=f"N-{key}", line_items=(line,), **header)
    )


def test_credentials_that_are_not_good_break_the_connection(shiphero: ShipHeroSide) -> None:
    with pytest.raises(ConnectionBroken) as caught:
        shiphero.stranger.account()

    assert caught.value.vendor == "shiphero"


def test_a_key_and_a_number_nobody_used_find_nothing(shiphero: ShipHeroSide) -> None:
    key = shiphero.key()

    assert shiphero.client.orders_by_key(key) == ()
    assert not shiphero.client.has_order(key)
    assert shiphero.client.orders_by_number(f"N-{key}") == ()


def test_an_order_nobody_made_is_none(shiphero: ShipHeroSide) -> None:
    assert shiphero.client.order(NOBODY) is None


def test_no_order_changed_long_ago(shiphero: ShipHeroSide) -> None:
    page = shiphero.client.orders_page(updated_from=LONG_AGO, updated_to=LONG_AGO + HOUR)

    assert (page.rows, page.cursor) == ((), None)


def test_orders_of_a_window_changed_within_it(shiphero: ShipHeroSide) -> None:
    now = datetime.now(UTC)

    page = shiphero.client.orders_page(updated_from=now - HOUR, updated_to=now)

    changed = [one.updated_at or LONG_AGO for one in page.rows]
    assert all(now - 2 * HOUR <= one <= now + HOUR for one in changed)


@pytest.mark.writes
def test_an_order_that_was_made_is_found_by_its_key_and_its_number(shiphero: ShipHeroSide) -> None:
    key = shiphero.key()

    made = _make(shiphero, key)

    assert made.partner_order_id == key
    assert shiphero.client.has_order(key)
    assert [one.id for one in shiphero.client.orders_by_key(key)] == [made.id]
    assert [one.id for one in shiphero.client.orders_by_number(f"N-{key}")] == [made.id]


@pytest.mark.writes
def test_a_part_of_a_key_finds_nothing(shiphero: ShipHeroSide) -> None:
    key = shiphero.key()

    _make(shiphero, key)

    assert shiphero.client.orders_by_key(key[:-1]) == ()
    assert not shiphero.client.has_order(key[:-1])


@pytest.mark.writes
def test_an_order_is_read_with_what_it_was_given(shiphero: ShipHeroSide) -> None:
    key = shiphero.key()
    made = _make(shiphero, key)

    order = whole(shiphero.client, made.id)

    assert (order.partner_order_id, order.order_number) == (key, f"N-{key}")
    assert (order.fulfilled, order.canceled, order.shipments) == (False, False, ())
    assert [(one.sku, one.partner_line_item_id, one.quantity) for one in order.line_items] == [
        (shiphero.sku, f"{key}-1", 2)
    ]
    assert order.shipping_lines.title == "Standard 48h"


@pytest.mark.writes
def test_an_orders_header_is_kept_as_it_was_given(shiphero: ShipHeroSide) -> None:
    until = datetime(2031, 7, 9, 6, 30, tzinfo=UTC)
    made = _make(
        shiphero,
        shiphero.key(),
        shop_name="Web shop",
        tags=("Wholesale",),
        priority_flag=True,
        hold_until_date=until,
        required_ship_date=until,
        packing_note="Two layers",
        gift_note="Happy birthday",
        currency="EUR",
        total_price=Decimal("16.20"),
        billing_address=NewAddress(first_name="Max", last_name="Fern", address1="1 Bank Street"),
    )

    order = whole(shiphero.client, made.id)

    assert (order.shop_name, order.tags, order.priority_flag) == ("Web shop", ("Wholesale",), True)
    assert (order.hold_until_date, order.currency) == (until, "EUR")
    assert order.total_price == Decimal("16.20")


@pytest.mark.writes
def test_an_order_just_made_is_among_those_that_changed(shiphero: ShipHeroSide) -> None:
    made = _make(shiphero, shiphero.key())
    now = datetime.now(UTC)

    page = shiphero.client.orders_page(updated_from=now - HOUR, updated_to=now + HOUR)

    assert made.id in [one.id for one in page.rows]
    assert [line.sku for one in page.rows if one.id == made.id for line in one.line_items] == [
        shiphero.sku
    ]


@pytest.mark.writes
def test_only_what_is_named_of_an_order_is_changed_and_twice_is_as_once(
    shiphero: ShipHeroSide,
) -> None:
    key = shiphero.key()
    made = _make(shiphero, key, tags=("Wholesale",))
    express = NewShippingLines(title="Express", price=Decimal("9.90"), carrier="ups", method="x")
    change = OrderChange(order_id=made.id, shipping_lines=express, priority_flag=True)

    changed = [shiphero.client.update_order(change).id for _ in range(2)]

    order = whole(shiphero.client, made.id)
    assert changed == [made.id, made.id]
    assert (order.shipping_lines.title, order.priority_flag) == ("Express", True)
    assert (order.tags, order.partner_order_id) == (("Wholesale",), key)
    assert [line.quantity for line in order.line_items] == [2]


@pytest.mark.writes
def test_an_order_nobody_made_cannot_be_changed(shiphero: ShipHeroSide) -> None:
    with pytest.raises(NotFound):
        shiphero.client.update_order(OrderChange(order_id=NOBODY, priority_flag=True))


# What these two hold is not known of ShipHero (contract §7).
@pytest.mark.staged
def test_no_tags_clears_them(shiphero: ShipHeroSide) -> None:
    made = _make(shiphero, shiphero.key(), tags=("Wholesale",))

    shiphero.client.update_order(OrderChange(order_id=made.id, tags=()))

    assert whole(shiphero.client, made.id).tags == ()


@pytest.mark.staged
@pytest.mark.parametrize("end", ["ship", "cancel"])
def test_an_order_that_has_ended_is_not_changed(shiphero: ShipHeroSide, end: str) -> None:
    made = _make(shiphero, shiphero.key())
    if end == "ship":
        shiphero.ship(made.id)
    else:
        shiphero.client.cancel_order(made.id, reason="contract test")

    with pytest.raises(Permanent) as refused:
        shiphero.client.update_order(OrderChange(order_id=made.id, priority_flag=True))

    assert refused.value.code == "shiphero_invalid_argument"
    assert not whole(shiphero.client, made.id).priority_flag


@pytest.mark.writes
def test_a_cancelled_order_says_so_and_is_still_found(shiphero: ShipHeroSide) -> None:
    key = shiphero.key()
    made = _make(shiphero, key)

    cancelled = shiphero.client.cancel_order(made.id, reason="the note was deleted")

    assert cancelled.canceled
    assert [one.canceled for one in shiphero.client.orders_by_key(key)] == [True]


@pytest.mark.writes
def test_an_order_nobody_made_cannot_be_cancelled(shiphero: ShipHeroSide) -> None:
    with pytest.raises(NotFound):
        shiphero.client.cancel_order(NOBODY, reason="contract test")


@pytest.mark.staged
def test_a_shipped_order_has_a_shipment_with_a_label_and_our_line(shiphero: ShipHeroSide) -> None:
    key = shiphero.key()
    made = _make(shiphero, key)

    shiphero.ship(made.id)

    order = whole(shiphero.client, made.id)
    [shipment] = order.shipments
    [label] = shipment.shipping_labels
    assert order.fulfilled
    assert label.tracking_number
    assert {line.line_item.partner_line_item_id for line in shipment.line_items} == {f"{key}-1"}
    assert {line.shipping_label_id for line in shipment.line_items} == {label.id}
    assert sum(line.quantity for line in shipment.line_items) == 2


@pytest.mark.staged
def test_pages_of_changed_orders_lead_on_until_each_was_seen(shiphero: ShipHeroSide) -> None:
    made = {_make(shiphero, shiphero.key()).id for _ in range(26)}
    page = partial(
        shiphero.client.orders_page,
        updated_from=datetime.now(UTC) - HOUR,
        updated_to=datetime.now(UTC) + HOUR,
    )

    first = page()
    second = page(after=first.cursor)

    assert {one.id for one in (*first.rows, *second.rows)} == made
    assert (len(first.rows), second.cursor) == (25, None)
