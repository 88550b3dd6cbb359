"""What reaches ShipHero of a note, its sales order and the account's settings."""

from decimal import Decimal

import pytest

from shared.errors import Permanent
from shared.outcome import Delivered
from shared.vendors.brightpearl.models import GoodsOutNote, NoteRow
from shared.vendors.brightpearl.order_models import Parties, SalesOrder
from tests.builders import a_goods_out_note, a_party, a_product, a_sales_order, an_order_row
from tests.unit.core.notebook import Notebook, settings
from tests.unit.shiphero_push.pushing import Pushing

SECOND = a_goods_out_note(id=502, sequence=2)


def test_several_notes_of_an_order_are_told_apart(book: Notebook) -> None:
    pushing = Pushing(book, a_goods_out_note(), SECOND, a_sales_order())

    pushing.push_all(501, 502)

    numbers = {one.partner_order_id: one.order_number for one in pushing.shiphero.asked}
    assert numbers == {"GO-demo-501": "WEB-4001", "GO-demo-502": "WEB-4001-2"}


def test_the_accounts_template_names_the_order_on_the_sync_log_too(pushing: Pushing) -> None:
    pushing.settings = settings(order_number_template="{order_id}/{sequence}")

    pushing.push()

    assert [one.order_number for one in pushing.shiphero.asked] == ["4001/1"]
    assert [one.order_number for one in pushing.book.links()] == ["4001/1"]


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ({}, {}),
        ({"packing_note_field": "PCF_PACK"}, {"PCF_PACK": "Two layers"}),
        ({"gift_note_field": "PCF_GIFT"}, {"PCF_PACK": "Two layers"}),
    ],
)
def test_custom_fields_are_read_only_where_a_setting_names_one(
    book: Notebook, named: dict[str, str], read: dict[str, str]
) -> None:
    order = a_sales_order(custom_fields={"PCF_PACK": "Two layers"})
    pushing = Pushing(book, a_goods_out_note(), order)
    pushing.settings = settings(**named)

    assert pushing.desk.sales_orders([4001])[4001].custom_fields == read


def test_a_packing_note_is_read_and_sent_with_the_order(book: Notebook) -> None:
    order = a_sales_order(custom_fields={"PCF_PACK": "Two layers"})
    pushing = Pushing(book, a_goods_out_note(), order)
    pushing.settings = settings(packing_note_field="PCF_PACK")

    pushing.push()

    assert [one.packing_note for one in pushing.shiphero.asked] == ["Two layers"]
    assert pushing.brightpearl.calls.count("sales_orders") == 1


def test_no_orders_are_no_request(pushing: Pushing) -> None:
    assert pushing.desk.sales_orders([]) == {}
    assert pushing.brightpearl.calls == []


def test_the_release_date_is_compared_with_the_present(pushing: Pushing) -> None:
    release = pushing.book.now.replace(hour=18)
    pushing.brightpearl.notes[501] = a_goods_out_note(release_date=release)

    pushing.push()

    assert [one.hold_until_date for one in pushing.shiphero.asked] == [release]


def test_a_channel_without_a_name_is_no_obstacle(pushing: Pushing) -> None:
    pushing.settings = settings(channels={})

    assert isinstance(pushing.push(), Delivered)
    assert [one.shop_name for one in pushing.shiphero.asked] == ["Brightpearl"]


NOWHERE = Parties(customer=a_party(), delivery=a_party(address_line1="", address_line2=""))
ABROAD = Parties(delivery=a_party(country_iso_code="", country_iso_code3=""))
LONG = Parties(delivery=a_party(address_line1="a" * 300))


def of(quantity: str) -> GoodsOutNote:
    return a_goods_out_note(
        order_rows={8001: (NoteRow(product_id=1501, quantity=Decimal(quantity)),)}
    )


@pytest.mark.parametrize(
    ("note", "order", "code"),
    [
        (of("1.5"), a_sales_order(), "fractional_quantity"),
        (a_goods_out_note(order_rows={}), a_sales_order(), "note_without_rows"),
        (a_goods_out_note(), a_sales_order(an_order_row(id=9)), "order_row_missing"),
        (a_goods_out_note(), a_sales_order(parties=NOWHERE), "address_missing"),
        (a_goods_out_note(), a_sales_order(parties=ABROAD), "country_missing"),
        (a_goods_out_note(), a_sales_order(parties=LONG), "address_too_long"),
    ],
)
def test_nothing_is_made_of_what_would_be_half_an_order(
    book: Notebook, note: GoodsOutNote, order: SalesOrder, code: str
) -> None:
    pushing = Pushing(book, note, order)

    error = pushing.fail()

    assert isinstance(error, Permanent)
    assert (error.code, pushing.shiphero.asked, book.links()) == (code, [], [])


def test_nothing_is_made_where_the_product_has_no_sku(book: Notebook) -> None:
    pushing = Pushing(book, a_goods_out_note(), a_sales_order(an_order_row(product_sku="")))
    pushing.brightpearl.stocked = {1501: a_product(sku="")}

    error = pushing.fail()

    assert isinstance(error, Permanent)
    assert (error.code, pushing.shiphero.asked) == ("product_without_sku", [])
