"""Prices and totals are exact decimals, whatever the currency."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vendors.brightpearl.models import NoteRow
from shared.vendors.brightpearl.order_models import (
    Money,
    OrderCurrency,
    OrderRow,
    Quantity,
    RowComposition,
    RowValue,
    TotalValue,
)
from shared.vendors.shiphero.new_order import NewOrder
from tests.builders import a_goods_out_note, a_sales_order, an_order_row
from tests.unit.shiphero_push.making import made

amounts = st.decimals("0", "9999999.9999", places=4)
pieces = st.integers(1, 5000)


def a_row(row_id: int, net: Decimal | str, quantity: Decimal | str = "1", **more: Any) -> OrderRow:
    return an_order_row(
        id=row_id,
        quantity=Quantity(magnitude=Decimal(quantity)),
        row_value=RowValue(row_net=Money(value=Decimal(net))),
        **more,
    )


def a_part(row_id: int, quantity: str, *, of: int = 8001, listed: str = "0", net: str = "0") -> Any:
    parts = RowComposition(bundle_child=True, parent_order_row_id=of)
    price = Money(value=Decimal(listed))
    return a_row(row_id, net, quantity, composition=parts, product_price=price)


def priced(net: Decimal, quantity: Decimal, total: Decimal = Decimal(0)) -> NewOrder:
    value = TotalValue(total=total, tax_amount=total)
    return made(order=a_sales_order(a_row(8001, net, quantity), total_value=value))


def line_prices(*rows: OrderRow) -> dict[str, str]:
    """Give what each component on a note costs, by its row."""
    on_note = {row.id: (NoteRow(product_id=1, quantity=Decimal(1)),) for row in rows[1:]}
    lines = made(a_goods_out_note(order_rows=on_note), a_sales_order(*rows)).line_items
    return {line.partner_line_item_id[-4:]: f"{line.price:f}" for line in lines}


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
        ("0", "3", "0.00"),
        ("5.00", "2.5", "2.00"),
    ],
)
def test_a_unit_price_is_the_rows_net_by_its_pieces(net: str, quantity: str, price: str) -> None:
    order = priced(Decimal(net), Decimal(quantity))

    assert order.model_dump(mode="json")["line_items"][0]["price"] == price


@pytest.mark.parametrize(
    ("currency", "total", "written"),
    [("JPY", "12500", "12500.00"), ("KWD", "12.345", "12.345"), ("GBP", "12.30", "12.30")],
)
def test_a_total_keeps_the_decimals_of_its_currency(
    currency: str, total: str, written: str
) -> None:
    order = made(
        order=a_sales_order(
            currency=OrderCurrency(accounting_currency_code="GBP", order_currency_code=currency),
            total_value=TotalValue(total=Decimal(total), base_total=Decimal(1)),
        )
    )

    assert (order.currency, order.model_dump(mode="json")["total_price"]) == (currency, written)


def test_a_discount_is_already_in_a_rows_net() -> None:
    row = a_row(
        8001, "9.00", "2", product_price=Money(value=Decimal(10)), discount_percentage=Decimal(55)
    )

    assert made(order=a_sales_order(row)).line_items[0].price == Decimal("4.50")


@pytest.mark.parametrize(("sequence", "price"), [(1, "3.95"), (None, "3.95"), (2, "0.00")])
def test_postage_is_on_the_orders_first_note(sequence: int | None, price: str) -> None:
    postage = a_row(8002, "2.95", nominal_code="4040")
    insurance = a_row(8003, "1", nominal_code="4040")
    order = a_sales_order(an_order_row(), postage, insurance)

    lines = made(a_goods_out_note(sequence=sequence), order, shipping_nominal="4040").shipping_lines

    assert f"{lines.price:f}" == price


@pytest.mark.parametrize(("nominal", "row_id"), [("", 8002), ("4041", 8002), ("4040", 8001)])
def test_what_is_not_known_to_be_postage_is_none(nominal: str, row_id: int) -> None:
    # Row 8001 is on the note: goods, whatever it is booked on.
    order = a_sales_order(an_order_row(), a_row(row_id, "2.95", nominal_code="4040"))

    assert made(order=order, shipping_nominal=nominal).shipping_lines.price == 0


def test_a_bundles_price_is_shared_by_list_prices() -> None:
    bundle = a_row(8001, "24.00")

    prices = line_prices(
        bundle, a_part(8002, "2", listed="5.00"), a_part(8003, "1", listed="20.00")
    )

    assert prices == {"8002": "4.00", "8003": "16.00"}


def test_a_bundles_price_is_shared_by_pieces_where_a_part_has_no_list_price() -> None:
    prices = line_prices(a_row(8001, "24.00"), a_part(8002, "2"), a_part(8003, "1", listed="20"))

    assert prices == {"8002": "8.00", "8003": "8.00"}


def test_a_part_that_is_priced_itself_keeps_its_price() -> None:
    prices = line_prices(a_row(8001, "24.00"), a_part(8002, "2", net="6"), a_part(8003, "1"))

    assert prices == {"8002": "3.00", "8003": "24.00"}


def test_a_bundle_in_a_bundle_shares_its_share() -> None:
    prices = line_prices(
        a_row(8001, "24.00"), a_part(8002, "1"), a_part(8003, "1"), a_part(8004, "3", of=8003)
    )

    assert (prices["8002"], prices["8004"]) == ("12.00", "4.00")


def test_rows_that_are_each_others_part_cost_nothing() -> None:
    prices = line_prices(an_order_row(), a_part(8002, "1", of=8003), a_part(8003, "1", of=8002))

    assert prices == {"8002": "0.00", "8003": "0.00"}


def test_a_part_whose_bundle_is_gone_costs_nothing() -> None:
    assert line_prices(an_order_row(), a_part(8002, "1", of=9999)) == {"8002": "0.00"}


@given(net=amounts, quantities=st.lists(pieces, min_size=1, max_size=5))
def test_the_parts_of_a_bundle_are_worth_what_was_paid(net: Decimal, quantities: list[int]) -> None:
    parts = [a_part(8002 + at, str(count)) for at, count in enumerate(quantities)]

    prices = line_prices(a_row(8001, net), *parts)

    worth = sum(Decimal(prices[str(part.id)]) * part.quantity.magnitude for part in parts)
    assert abs(worth - net) <= Decimal("0.00005") * sum(quantities)
