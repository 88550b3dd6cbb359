"""What ShipHero is asked for, field by field."""

from decimal import Decimal
from typing import Any

import pytest

from services.shiphero_push.transform import order_number, to_new_order
from shared.accounts import MAPPED, Method, Warehouse
from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.vendors.brightpearl.models import GoodsOutNote, NoteRow
from shared.vendors.brightpearl.order_models import Parties, SalesOrder
from shared.vendors.shiphero.new_order import NewAddress, NewOrder
from tests.builders import MORNING, a_goods_out_note, a_party, a_sales_order, an_order_row

KEY = NoteKey(account="demo", note_id=501)
METHOD = Method(name="Standard 48h", title="Standard", carrier="ups", method="ground")
WAREHOUSE = Warehouse(name="Main", decision=MAPPED, shiphero_id="WAREHOUSE-1")


def made(note: GoodsOutNote | None = None, order: SalesOrder | None = None) -> NewOrder:
    return to_new_order(
        note or a_goods_out_note(),
        order or a_sales_order(),
        key=KEY,
        method=METHOD,
        warehouse=WAREHOUSE,
    )


def address(**fields: Any) -> NewAddress:
    parties = Parties(customer=a_party(), delivery=a_party(**fields), billing=a_party())
    return made(order=a_sales_order(parties=parties)).shipping_address


def rows(**parts: str) -> GoodsOutNote:
    """Build a note of rows `r8001="2"`; "1+1" comes from two locations."""
    return a_goods_out_note(
        order_rows={
            int(name[1:]): tuple(
                NoteRow(product_id=1501, quantity=Decimal(part), location_id=place)
                for place, part in enumerate(parts.split("+"))
            )
            for name, parts in parts.items()
        }
    )


def refusal(note: GoodsOutNote | None = None, order: SalesOrder | None = None) -> Permanent:
    with pytest.raises(Permanent) as raised:
        made(note, order)
    return raised.value


def test_an_order_bears_the_sales_orders_words() -> None:
    order = made()

    assert order.model_dump(mode="json", exclude_none=True, exclude={"shipping_address"}) == {
        "order_number": "WEB-4001",
        "partner_order_id": "GO-demo-501",
        "shop_name": "Brightpearl",
        "fulfillment_status": "pending",
        "order_date": MORNING.strftime("%Y-%m-%dT%H:%M:%S"),
        "total_tax": "2.70",
        "total_price": "16.20",
        "currency": "GBP",
        "shipping_lines": {
            "title": "Standard", "price": "0.00", "carrier": "ups", "method": "ground",
        },
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
    }  # fmt: skip


def test_an_address_keeps_each_of_its_lines_in_its_place() -> None:
    assert address().model_dump(exclude_none=True) == {
        "first_name": "Ida",
        "last_name": "Moss",
        "company": "Moss & Fern",
        "address1": "7 Quay Street",
        "address2": "Unit 3",
        "city": "Bristol",
        "state": "Avon",
        "zip": "BS1 4XX",
        "country": "GB",
        "country_code": "GB",
        "email": "ida@example.com",
        "phone": "0117 000 0000",
    }


@pytest.mark.parametrize(
    ("full", "company", "names"),
    [
        ("Ida Moss", "", ("Ida", "Moss")),
        ("Ida Mary Moss", "", ("Ida Mary", "Moss")),
        ("Ida", "", ("Ida", ".")),
        ("  Ida Moss  ", "", ("Ida", "Moss")),
        ("", "Fern", ("Fern", ".")),
        ("", "", (".", ".")),
        ("Þórdís Ósk Ægisdóttir", "", ("Þórdís Ósk", "Ægisdóttir")),
        ("李小龙", "", ("李小龙", ".")),
    ],
)
def test_a_full_name_becomes_two(full: str, company: str, names: tuple[str, str]) -> None:
    made_of = address(address_full_name=full, company_name=company)

    assert (made_of.first_name, made_of.last_name) == names


def test_long_parts_of_an_address_are_cut_to_their_limits() -> None:
    long = address(
        address_full_name="A" * 70 + " " + "B" * 70,
        company_name="C" * 200,
        address_line1="D" * 300,
        address_line2="E" * 300,
        postal_code="F" * 40,
    )

    parts = (long.first_name, long.last_name, long.company, long.address1, long.address2, long.zip)
    assert [len(part or "") for part in parts] == [64, 64, 128, 255, 255, 32]


@pytest.mark.parametrize(
    ("line1", "line2", "streets"),
    [
        ("7 Quay Street", "", ("7 Quay Street", None)),
        ("", "7 Quay Street", ("7 Quay Street", None)),
        ("   ", "7 Quay Street", ("7 Quay Street", None)),
        ("Straße 1", "Hinterhof", ("Straße 1", "Hinterhof")),
    ],
)
def test_the_first_street_line_is_never_empty(
    line1: str, line2: str, streets: tuple[str, str | None]
) -> None:
    made_of = address(address_line1=line1, address_line2=line2)

    assert (made_of.address1, made_of.address2) == streets


def test_a_mobile_number_stands_in_for_a_telephone() -> None:
    assert address(telephone="", mobile_telephone="07700").phone == "07700"


def test_the_customers_mail_address_stands_in_for_the_deliverys() -> None:
    parties = Parties(customer=a_party(email="c@example.com"), delivery=a_party(email=""))

    order = made(order=a_sales_order(parties=parties))

    assert (order.email, order.shipping_address.email) == ("c@example.com", None)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"address_line1": "", "address_line2": " "}, "address_missing"),
        ({"country_iso_code": ""}, "country_missing"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(missing: dict[str, str], code: str) -> None:
    parties = Parties(customer=a_party(), delivery=a_party(**missing), billing=a_party())

    error = refusal(order=a_sales_order(parties=parties))

    assert error.code == code
    assert "Sales order 4001" in str(error)


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


@pytest.mark.parametrize(
    ("reference", "sequence", "number"),
    [
        ("WEB-4001", 1, "WEB-4001"),
        ("WEB-4001", None, "WEB-4001"),
        ("WEB-4001", 2, "WEB-4001-2"),
        ("  WEB-4001 ", 1, "WEB-4001"),
        ("", 1, "4001"),
        ("", 3, "4001-3"),
    ],
)
def test_an_order_is_named_as_people_look_for_it(
    reference: str, sequence: int | None, number: str
) -> None:
    note = a_goods_out_note(sequence=sequence)

    assert order_number(note, a_sales_order(reference=reference)) == number


def test_an_urgent_note_makes_an_urgent_order() -> None:
    assert made(a_goods_out_note(priority=True)).priority_flag is True


def test_an_order_without_a_date_bears_the_notes() -> None:
    assert made(order=a_sales_order(placed_on=None)).order_date == MORNING
