"""Prices and totals are exact decimals, whatever the currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shiphero_push.transform import to_new_order
from shared.accounts import MAPPED, Method, Warehouse
from shared.notes.key import NoteKey
from shared.vendors.brightpearl.order_models import Money, Quantity, RowValue, TotalValue
from shared.vendors.shiphero.new_order import NewOrder
from tests.builders import a_goods_out_note, a_sales_order, an_order_row

amounts = st.decimals("0", "9999999.9999", places=4)
pieces = st.integers(1, 5000)


def priced(net: Decimal, quantity: Decimal, total: Decimal = Decimal(0)) -> NewOrder:
    row = an_order_row(
        quantity=Quantity(magnitude=quantity), row_value=RowValue(row_net=Money(value=net))
    )
    value = TotalValue(total=total, tax_amount=total)
    return to_new_order(
        a_goods_out_note(),
        a_sales_order(row, total_value=value),
        key=NoteKey(account="demo", note_id=501),
        method=Method(name="Standard", title="Standard"),
        warehouse=Warehouse(name="Main", decision=MAPPED),
    )


@given(price=amounts, quantity=pieces)
def test_a_price_of_brightpearls_precision_comes_through_exactly(
    price: Decimal, quantity: int
) -> None:
    order = priced(price * quantity, Decimal(quantity))

    assert order.line_items[0].price == price


@given(net=amounts, quantity=pieces)
def test_a_price_that_does_not_come_out_even_is_off_by_half_a_ten_thousandth_at_most(
    net: Decimal, quantity: int
) -> None:
    order = priced(net, Decimal(quantity))

    assert abs(order.line_items[0].price * quantity - net) <= Decimal("0.00005") * quantity


@given(total=amounts)
def test_totals_are_the_sales_orders_own(total: Decimal) -> None:
    order = priced(Decimal(1), Decimal(1), total)

    assert (order.total_price, order.total_tax) == (total, total)


@given(total=amounts)
def test_an_amount_is_written_plainly_with_two_decimals_at_least(total: Decimal) -> None:
    written = priced(Decimal(1), Decimal(1), total).model_dump(mode="json")["total_price"]

    assert Decimal(written) == total
    assert 2 <= len(written.partition(".")[2]) <= 4


@pytest.mark.parametrize(
    ("net", "quantity", "price"),
    [
        ("13.5000", "3", "4.50"),
        ("10.0000", "3", "3.3333"),
        ("20.0000", "3", "6.6667"),
        ("3.7050", "3", "1.235"),
        ("1000000000", "1", "1000000000.00"),
        ("4.50", "0", "0.00"),
        ("5.00", "2.5", "2.00"),
    ],
)
def test_a_unit_price_is_the_rows_net_by_its_pieces(net: str, quantity: str, price: str) -> None:
    order = priced(Decimal(net), Decimal(quantity))

    assert order.model_dump(mode="json")["line_items"][0]["price"] == price
