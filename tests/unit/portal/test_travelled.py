"""Which rows of a sales order travelled, how much of each, and why the others did not."""

from decimal import Decimal

from services.portal.log.travelled import lines_of_note, parcels_of, rows_left
from shared.vendors.brightpearl.models import NoteRow
from shared.vendors.brightpearl.order_models import RowComposition
from tests.builders import (
    a_goods_out_note,
    a_line_item,
    a_product,
    a_sales_order,
    a_shiphero_order,
    a_shipment,
    a_shipping_label,
    an_order_row,
)

KEY = "GO-demo-501"


def a_line(**changed: object) -> object:
    usual = {"partner_line_item_id": f"{KEY}-8001", "sku": "TEA-EARL", "quantity": 2}
    return a_line_item(**{**usual, **changed})


def test_a_row_stands_beside_its_line() -> None:
    order = a_shiphero_order(line_items=(a_line(quantity_shipped=1),))

    [line] = lines_of_note(a_goods_out_note(), a_sales_order(), order, key=KEY)

    assert (line.sku, line.on_note, line.there, line.shipped) == ("TEA-EARL", "2", "2", "1")
    assert not line.differs


def test_another_quantity_a_missing_line_and_one_too_many_differ() -> None:
    more = a_shiphero_order(line_items=(a_line(quantity=3),))
    other = a_shiphero_order(line_items=(a_line(partner_line_item_id="theirs"),))

    [changed] = lines_of_note(a_goods_out_note(), a_sales_order(), more, key=KEY)
    missing, extra = lines_of_note(a_goods_out_note(), a_sales_order(), other, key=KEY)

    assert changed.differs
    assert (missing.there, missing.differs) == ("not in the order", True)
    assert (extra.on_note, extra.differs) == ("not on the note", True)


def test_each_row_that_did_not_travel_says_why() -> None:
    rows = (
        an_order_row(),
        an_order_row(id=1, composition=RowComposition(bundle_parent=True)),
        an_order_row(id=2),
        an_order_row(id=3, product_id=1000),
        an_order_row(id=4, product_id=77),
        an_order_row(id=5),
    )
    other = a_goods_out_note(
        id=502, sequence=2, order_rows={2: (NoteRow(product_id=1, quantity=Decimal(1)),)}
    )
    untracked = a_product(id=77, stock={"stockTracked": False})

    left = rows_left(a_goods_out_note(), a_sales_order(*rows), {502: other}, {77: untracked})

    assert [one.why for one in left] == [
        "a bundle: its parts are on notes, not it itself",
        "on note 4001/2",
        "a row of text, no product",
        "not stock-tracked: Brightpearl puts only counted stock on notes",
        "not on any note yet",
    ]


def test_a_refunded_label_is_void() -> None:
    labels = (a_shipping_label(), a_shipping_label(id="L2", refunded=True))
    order = a_shiphero_order(shipments=(a_shipment(shipping_labels=labels),))

    assert [parcel.is_void for parcel in parcels_of(order)] == [False, True]
