"""What ShipHero is asked for, field by field; `test_addresses` and `test_prices` have theirs."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.accounts import MAPPED, Method, Warehouse
from shared.notes.key import NoteKey
from shared.pushing.transform import order_number
from shared.vendors.brightpearl.models import NoteShipping
from shared.vendors.brightpearl.order_models import OrderDelivery
from tests.builders import MORNING, a_goods_out_note, a_sales_order, an_order_row
from tests.unit.core.notebook import NOON, settings
from tests.unit.shiphero_push.making import made, refusal, rows

IN_CHICAGO = timezone(timedelta(hours=-6))
IN_BERLIN = timezone(timedelta(hours=2))


def test_an_order_bears_the_sales_orders_words() -> None:
    order = made()

    bare = order.model_dump(
        mode="json", exclude_none=True, exclude={"shipping_address", "billing_address"}
    )
    assert bare == {
        "order_number": "WEB-4001",
        "partner_order_id": "GO-demo-501",
        "shop_name": "Brightpearl",
        "fulfillment_status": "pending",
        "order_date": MORNING.strftime("%Y-%m-%dT%H:%M:%S"),
        "total_tax": "2.70",
        "total_price": "16.20",
        "currency": "GBP",
        "shipping_lines": {"title": "Standard", "price": "0.00", "carrier": "ups", "method": "g"},
        "email": "ida@example.com",
        "line_items": [
            {
                "sku": "TEA-EARL",
                "partner_line_item_id": "GO-demo-501-8001",
                "quantity": 2,
                "price": "4.50",
                "product_name": "Earl Grey, loose",
                "warehouse_id": "WAREHOUSE-1",
            }
        ],
    }


def test_stock_of_several_locations_is_summed_for_each_row() -> None:
    order = made(rows(r8001="2+3+1"))

    assert [line.quantity for line in order.line_items] == [6]


def test_a_quantity_whose_parts_add_up_to_whole_pieces_is_sent() -> None:
    order = made(rows(r8001="0.5+1.5"))

    assert [line.quantity for line in order.line_items] == [2]


@pytest.mark.parametrize("quantity", ["1.5", "0", "0.0001"])
def test_what_is_no_whole_piece_is_refused(quantity: str) -> None:
    error = refusal(rows(r8001=quantity))

    assert error.code == "fractional_quantity"
    assert f"takes {quantity} of TEA-EARL" in str(error)


def test_two_rows_of_one_product_stay_two_lines() -> None:
    order = a_sales_order(an_order_row(), an_order_row(id=8002))

    lines = made(rows(r8002="1", r8001="2"), order).line_items

    assert [(line.partner_line_item_id, line.quantity) for line in lines] == [
        ("GO-demo-501-8001", 2),
        ("GO-demo-501-8002", 1),
    ]


def test_a_row_that_is_not_on_the_note_does_not_travel() -> None:
    postage = an_order_row(id=8002, product_id=1000, product_sku="", product_name="Postage")

    lines = made(order=a_sales_order(an_order_row(), postage)).line_items

    assert [line.sku for line in lines] == ["TEA-EARL"]


@pytest.mark.parametrize("sku", ["", "   "])
def test_a_product_without_sku_is_refused(sku: str) -> None:
    error = refusal(order=a_sales_order(an_order_row(product_sku=sku)))

    assert error.code == "product_without_sku"
    assert "Product 1501 (Earl Grey, loose) has no SKU; give it one" in str(error)


def test_a_row_that_the_order_no_longer_has_is_refused() -> None:
    error = refusal(rows(r9999="1"))

    assert error.code == "order_row_missing"
    assert "no longer has row 9999" in str(error)


def test_a_note_that_takes_nothing_is_refused() -> None:
    error = refusal(a_goods_out_note(order_rows={}))

    assert error.code == "note_without_rows"
    assert "Note 4001/1 takes nothing" in str(error)


@pytest.mark.parametrize("method_id", [6, 7])
def test_a_method_that_is_not_mapped_is_refused(method_id: int) -> None:
    note = a_goods_out_note(shipping=NoteShipping(shipping_method_id=method_id))

    assert refusal(note).code == "shipping_method_unmapped"


def test_a_note_without_method_leaves_the_choice_to_the_warehouse() -> None:
    lines = made(a_goods_out_note(shipping=NoteShipping())).shipping_lines

    assert (lines.title, lines.carrier, lines.method) == ("Standard", None, None)


def test_a_title_alone_maps_a_method() -> None:
    lines = made(methods={5: Method(name="Standard 48h", title="Two days")}).shipping_lines

    assert (lines.title, lines.carrier, lines.method) == ("Two days", None, None)


def test_lines_are_locked_to_the_warehouse_of_the_mapping() -> None:
    lines = made(
        warehouses={2: Warehouse(name="Main", decision=MAPPED, shiphero_id="V2FyZQ==")}
    ).line_items

    assert [line.warehouse_id for line in lines] == ["V2FyZQ=="]


@pytest.mark.parametrize(
    ("template", "sequence", "number"),
    [
        ("{reference}", 1, "WEB-4001"),
        ("{reference}", None, "WEB-4001"),
        ("{reference}", 2, "WEB-4001-2"),
        ("{order_id}/{sequence}", 2, "4001/2"),
        ("{channel} {note_id}", 2, "Web shop 501"),
    ],
)
def test_an_order_is_named_by_the_accounts_template(
    template: str, sequence: int | None, number: str
) -> None:
    note = a_goods_out_note(sequence=sequence)
    chosen = settings(order_number_template=template, channels={1: "Web shop"})

    assert order_number(note, a_sales_order(), chosen) == number


def test_an_order_is_of_the_shop_that_its_channel_is_called() -> None:
    order = made(channels={1: "Web shop"})

    assert (order.shop_name, order.tags) == ("Web shop", None)


def test_a_channel_may_be_a_tag_instead() -> None:
    order = made(channels={1: "Web, shop"}, channel_as="tag")

    assert (order.shop_name, order.tags) == ("Brightpearl", ("Web shop",))


@pytest.mark.parametrize("channel_as", ["shop_name", "tag"])
def test_an_order_without_a_known_channel_is_brightpearls(channel_as: str) -> None:
    order = made(channels={2: "Other"}, channel_as=channel_as)

    assert (order.shop_name, order.tags) == ("Brightpearl", None)


def test_packing_and_gift_notes_are_what_the_named_fields_say() -> None:
    order = a_sales_order(custom_fields={"PCF_PACK": " Two layers ", "PCF_CARD": "Happy birthday"})

    told = made(order=order, packing_note_field="PCF_PACK", gift_note_field="PCF_CARD")

    assert (told.packing_note, told.gift_note) == ("Two layers", "Happy birthday")


@pytest.mark.parametrize("field", ["", "PCF_OTHER"])
def test_a_field_that_is_not_named_or_empty_makes_no_note(field: str) -> None:
    order = a_sales_order(custom_fields={"PCF_PACK": "Two layers", "": "nothing"})

    assert made(order=order, packing_note_field=field).packing_note is None


def test_a_long_note_shows_that_it_was_cut() -> None:
    order = a_sales_order(custom_fields={"PCF_PACK": "a" * 1001})

    assert made(order=order, packing_note_field="PCF_PACK").packing_note == "a" * 997 + "..."


@pytest.mark.parametrize(
    "delivery",
    [
        datetime(2026, 7, 3, tzinfo=UTC),
        datetime(2026, 7, 3, tzinfo=IN_BERLIN),
        datetime(2026, 7, 3, tzinfo=IN_CHICAGO),
        datetime(2026, 7, 2, 18, tzinfo=IN_CHICAGO),  # midnight in UTC, written in the offset
        datetime(2026, 7, 3, 2, tzinfo=IN_BERLIN),
        datetime(2026, 7, 3, 16, 30, tzinfo=IN_BERLIN),
    ],
)
def test_the_delivery_day_is_the_day_to_ship_by_in_every_zone(delivery: datetime) -> None:
    order = made(order=a_sales_order(delivery=OrderDelivery(delivery_date=delivery)))

    assert order.model_dump(mode="json")["required_ship_date"] == "2026-07-03T12:00:00"


def test_an_order_without_delivery_date_is_shipped_as_the_warehouse_does() -> None:
    assert made().required_ship_date is None


def test_an_order_is_held_until_a_release_date_in_the_future() -> None:
    release = datetime(2026, 3, 5, 8, tzinfo=IN_BERLIN)

    order = made(a_goods_out_note(release_date=release))

    assert order.model_dump(mode="json")["hold_until_date"] == "2026-03-05T06:00:00"


@pytest.mark.parametrize("release", [None, NOON, NOON - timedelta(days=3)])
def test_a_release_date_that_has_come_holds_nothing(release: datetime | None) -> None:
    assert made(a_goods_out_note(release_date=release)).hold_until_date is None


def test_a_note_that_is_kept_back_by_us_is_not_held_there_too() -> None:
    note = a_goods_out_note(release_date=NOON + timedelta(days=3))

    assert made(note, release_policy="keep_back").hold_until_date is None


@pytest.mark.parametrize(("priority", "flag"), [(True, True), (False, None)])
def test_an_urgent_note_makes_an_urgent_order(priority: bool, flag: bool | None) -> None:  # noqa: FBT001 - the table's column
    assert made(a_goods_out_note(priority=priority)).priority_flag is flag


def test_an_order_without_a_date_bears_the_notes() -> None:
    assert made(order=a_sales_order(placed_on=None)).order_date == MORNING


def test_keys_name_the_account_the_note_and_the_row() -> None:
    order = made(a_goods_out_note(id=7001))

    assert order.partner_order_id == str(NoteKey(account="demo", note_id=7001))
    assert [line.partner_line_item_id for line in order.line_items] == ["GO-demo-7001-8001"]
