"""What our fake, the sandbox and Brightpearl promise alike about notes, orders and products."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import ConnectionBroken
from shared.vendors.brightpearl.models import GoodsOutNote
from tests.contract.vendors.sides import BrightpearlSide, OpenNote

NOBODY = 999_999_999
SECOND = timedelta(seconds=1)
# Of the time before any account only the emptiness is known.
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def _read(side: BrightpearlSide, note: OpenNote) -> GoodsOutNote:
    return side.client.goods_out_notes([note.id])[note.id]


def test_credentials_that_are_not_good_break_the_connection(brightpearl: BrightpearlSide) -> None:
    with pytest.raises(ConnectionBroken) as caught:
        brightpearl.stranger.warehouses()

    assert caught.value.vendor == "brightpearl"


def test_a_note_is_found_by_its_id_and_a_missing_one_is_left_out(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    found = brightpearl.client.goods_out_notes([NOBODY, note.id])

    assert list(found) == [note.id]
    assert found[note.id].order_id == note.order_id
    assert not found[note.id].shipped


def test_only_missing_notes_are_nothing(brightpearl: BrightpearlSide) -> None:
    assert brightpearl.client.goods_out_notes([NOBODY]) == {}


def test_a_note_has_a_number_a_warehouse_and_a_version(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    read = _read(brightpearl, note)

    assert read.number == f"{note.order_id}/{read.sequence}"
    assert read.warehouse_id
    assert read.last_event_version is not None
    assert all(quantity > 0 for quantity in read.quantities.values())


def test_the_notes_of_an_order_are_found(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    assert note.id in brightpearl.client.goods_out_notes_of_order(note.order_id)


def test_every_row_of_a_note_is_a_row_of_its_order(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    order = brightpearl.client.sales_orders([note.order_id])[note.order_id]

    rows = {row_id: order.row(row_id) for row_id in _read(brightpearl, note).order_rows}

    assert rows
    assert all(row is not None and row.product_id for row in rows.values())


def test_a_sales_order_says_who_gets_what_for_how_much(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    order = brightpearl.client.sales_orders([note.order_id])[note.order_id]

    assert order.order_type_code == "SO"
    assert order.parties.delivery.address_full_name or order.parties.delivery.company_name
    assert order.parties.delivery.country_iso_code
    assert order.currency.order_currency_code
    assert order.total_value.total > 0
    assert order.placed_on is not None
    assert all(row.quantity.magnitude for row in order.order_rows.values())


def test_custom_fields_come_only_where_they_are_asked_for(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    bare = brightpearl.client.sales_orders([note.order_id])[note.order_id]

    asked = brightpearl.client.sales_orders([note.order_id], custom_fields=True)[note.order_id]

    assert bare.custom_fields == {}
    assert asked.model_copy(update={"custom_fields": {}}) == bare


@pytest.mark.staged
def test_a_choice_of_an_orders_custom_field_is_read_as_words(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    order = brightpearl.client.sales_orders([note.order_id], custom_fields=True)[note.order_id]

    assert order.custom_fields == {"PCF_WRAP": "Ribbon"}


@pytest.mark.staged
def test_an_order_says_the_day_it_is_to_be_delivered_on(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    order = brightpearl.client.sales_orders([note.order_id])[note.order_id]

    assert order.delivery.delivery_date == datetime(2026, 7, 9, tzinfo=UTC)


def test_missing_orders_and_products_are_nothing(brightpearl: BrightpearlSide) -> None:
    assert brightpearl.client.sales_orders([NOBODY]) == {}
    assert brightpearl.client.products([NOBODY]) == {}


def test_a_notes_product_has_a_name_and_its_stock_is_counted(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    product = brightpearl.client.products([note.product_id])[note.product_id]

    assert product.name
    assert product.stock.stock_tracked
    assert not product.composition.bundle


def test_a_page_of_products_ascends_by_id_and_counts_them_all(brightpearl: BrightpearlSide) -> None:
    page = brightpearl.client.found_products()

    ids = [one.product_id for one in page.rows]
    assert ids == sorted(set(ids))
    assert page.total >= len(ids) > 0


def test_a_page_of_products_may_begin_later(brightpearl: BrightpearlSide) -> None:
    every = brightpearl.client.found_products()

    later = brightpearl.client.found_products(first=2)

    assert later.rows[: len(every.rows) - 1] == every.rows[1:]


def test_products_changed_in_the_future_are_none(brightpearl: BrightpearlSide) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    page = brightpearl.client.found_products(updated_from=tomorrow)

    assert (page.rows, page.next_first) == ((), None)


def test_an_open_note_is_found_by_when_it_was_made(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    made = _read(brightpearl, note).created_on

    page = brightpearl.client.notes_page(
        created_from=made - SECOND, created_to=made + SECOND, shipped=False, transfer=False
    )

    assert note.id in [one.goods_out_note_id for one in page.rows]
    assert page.total >= len(page.rows)


def test_a_found_note_says_what_the_note_says(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    read = _read(brightpearl, note)
    made = read.created_on

    page = brightpearl.client.notes_page(created_from=made - SECOND, created_to=made + SECOND)

    [found] = [one for one in page.rows if one.goods_out_note_id == note.id]
    assert (found.order_id, found.warehouse_id) == (read.order_id, read.warehouse_id)
    assert (found.shipped, found.transfer, found.created_on) == (False, False, read.created_on)


def test_no_note_was_made_long_ago(brightpearl: BrightpearlSide) -> None:
    page = brightpearl.client.notes_page(created_from=LONG_AGO, created_to=LONG_AGO + SECOND)

    assert (page.rows, page.next_first, page.total) == ((), None, 0)


def test_a_page_of_one_leads_on_to_the_rest(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    page = brightpearl.client.search_goods_out_notes(shipped=False, page_size=1)

    assert len(page.notes) == 1
    assert page.next_result == (2 if page.available > 1 else None)
    assert page.notes[0].goods_out_note_id <= note.id


def test_going_through_all_pages_finds_each_note_once(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    made = _read(brightpearl, note).created_on

    found = brightpearl.client.found_goods_out_notes(created_from=made, created_to=made)

    ids = [one.goods_out_note_id for one in found]
    assert ids.count(note.id) == 1
