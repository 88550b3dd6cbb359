"""What of an order may still change, and how a change is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.shiphero_push.header import (
    FIXED_FIELDS,
    HEADER_FIELDS,
    by_hand,
    changed_fields,
    header_of,
)
from shared.vendors.brightpearl.models import NoteShipping
from shared.vendors.brightpearl.order_models import OrderDelivery
from shared.vendors.shiphero.new_order import NewOrder
from tests.builders import a_goods_out_note, a_sales_order
from tests.unit.core.notebook import NOON
from tests.unit.shiphero_push.making import made, to_party

SOON = NOON + timedelta(days=2)
BY_THEN = OrderDelivery(delivery_date=SOON)


def of_fields(**fields: str) -> NewOrder:
    order = a_sales_order(custom_fields=fields)
    return made(order=order, packing_note_field="PACK", gift_note_field="GIFT")


def changed(before: NewOrder, after: NewOrder, now: datetime = NOON) -> set[str]:
    return set(changed_fields(header_of(before), header_of(after), now=now))


def hand(before: NewOrder, after: NewOrder) -> set[str]:
    return set(by_hand(header_of(before), header_of(after)))


def test_a_header_is_the_same_for_the_same_order() -> None:
    assert header_of(made()) == header_of(made())
    assert changed(made(), made()) == set()


@pytest.mark.parametrize(
    ("after", "field"),
    [
        (made(a_goods_out_note(priority=True)), "priority_flag"),
        (made(a_goods_out_note(shipping=NoteShipping())), "shipping_lines"),
        (made(a_goods_out_note(release_date=SOON)), "hold_until_date"),
        (made(order=to_party(address_line1="8 Quay Street")), "shipping_address"),
        (made(channels={1: "Web"}, channel_as="tag"), "tags"),
        (of_fields(PACK="Two layers"), "packing_note"),
        (of_fields(GIFT="Happy birthday"), "gift_note"),
    ],
)
def test_each_field_that_moves_is_named_both_ways(after: NewOrder, field: str) -> None:
    assert changed(made(), after) == {field}
    assert changed(after, made()) == {field}


def test_a_date_that_is_gone_and_what_an_update_does_not_take_are_left_to_a_person() -> None:
    dated = made(order=a_sales_order(delivery=BY_THEN))
    elsewhere = made(channels={1: "Web"})
    mailed = made(order=to_party(email="eve@example.com"))

    assert changed(made(), dated) == {"required_ship_date"}
    assert (changed(dated, made()), hand(dated, made())) == (set(), {"required_ship_date"})
    assert (changed(made(), elsewhere), hand(made(), elsewhere)) == (set(), {"shop_name"})
    assert hand(made(), mailed) == {"email"}


def test_rows_prices_and_the_number_are_no_header() -> None:
    other = made(order=a_sales_order(reference="OTHER-1"))

    assert changed(made(), other) == set()


@pytest.mark.parametrize(("now", "names"), [(NOON, {"hold_until_date"}), (SOON, set[str]())])
def test_a_hold_that_ran_out_is_no_change(now: datetime, names: set[str]) -> None:
    held = made(a_goods_out_note(release_date=SOON))

    assert changed(held, made(), now) == names


def test_a_hold_that_was_moved_is_a_change_even_after_it_ran_out() -> None:
    held = made(a_goods_out_note(release_date=SOON))
    moved = made(a_goods_out_note(release_date=SOON + timedelta(days=7)))

    assert changed(held, moved, SOON) == {"hold_until_date"}


def test_nothing_personal_stands_in_a_header() -> None:
    order = to_party(address_full_name="Orsolya Quill", address_line1="9 Hidden Mews")
    order = order.model_copy(update={"custom_fields": {"GIFT": "For Orsolya"}})
    words = " ".join(header_of(made(order=order, gift_note_field="GIFT")).values())

    assert {
        part for part in ("Orsolya", "Quill", "Hidden", "ida@example.com") if part in words
    } == (set())


def test_every_field_of_a_header_is_known() -> None:
    full = made(
        a_goods_out_note(priority=True, release_date=SOON),
        a_sales_order(
            custom_fields={"PACK": "a", "GIFT": "b"}, delivery=OrderDelivery(delivery_date=SOON)
        ),
        packing_note_field="PACK",
        gift_note_field="GIFT",
        channels={1: "Web"},
        channel_as="tag",
    )

    assert set(header_of(full)) == {*HEADER_FIELDS, *FIXED_FIELDS}


def test_what_was_remembered_before_there_were_headers_differs_in_what_is_set() -> None:
    empty: dict[str, Any] = {}

    assert changed_fields(empty, header_of(made()), now=datetime.now(UTC)) == {
        "shipping_lines",
        "shipping_address",
        "billing_address",
    }
