"""What has left the warehouse, whatever became of labels, lines and kits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shipment_return.parcels import Tally, parcels_of
from shared.vendors.shiphero.models import Shipment, ShipmentLineItem
from tests.builders import (
    MORNING,
    a_line_item,
    a_shiphero_order,
    a_shipment,
    a_shipping_label,
)


def shipped(line_id: str, quantity: int, label: str = "LABEL-1") -> ShipmentLineItem:
    return ShipmentLineItem(
        id=f"S-{line_id}", line_item_id=line_id, shipping_label_id=label, quantity=quantity
    )


def labelled(*numbers: str, **fields: Any) -> Shipment:
    labels = tuple(
        a_shipping_label(id=f"L-{place}", tracking_number=number)
        for place, number in enumerate(numbers)
    )
    return a_shipment(shipping_labels=labels, **fields)


@pytest.mark.parametrize("nothing", ["", "  ", "Pickup", "PICKUP", " pickup "])
def test_what_cannot_be_tracked_is_no_tracking_number(nothing: str) -> None:
    parcels = parcels_of(a_shiphero_order(shipments=(labelled(nothing),)))

    assert (parcels.tracking, parcels.boxes, parcels.complete) == ((), 1, True)


def test_a_number_on_several_labels_is_told_once() -> None:
    parcels = parcels_of(a_shiphero_order(shipments=(labelled("1Z-A", "1Z-B", "1Z-A"),)))

    assert (parcels.tracking, parcels.boxes) == (("1Z-A", "1Z-B"), 3)


def test_a_refunded_shipment_has_not_left() -> None:
    parcels = parcels_of(a_shiphero_order(shipments=(a_shipment(refunded=True),)))

    assert (parcels.shipped, parcels.tracking, parcels.complete) == (0, (), False)


def test_the_pieces_of_a_refunded_label_have_not_left() -> None:
    labels = (a_shipping_label(refunded=True), a_shipping_label(id="LABEL-2"))
    lines = (shipped("LINE-1", 1, "LABEL-1"), shipped("LINE-1", 1, "LABEL-2"))
    shipment = a_shipment(shipping_labels=labels, line_items=lines)

    parcels = parcels_of(a_shiphero_order(shipments=(shipment,)))

    assert (parcels.shipped, parcels.boxes, parcels.complete) == (1, 1, False)


def test_a_line_cannot_make_up_for_another() -> None:
    lines = (a_line_item(id="LINE-1"), a_line_item(id="LINE-2"))
    shipment = a_shipment(line_items=(shipped("LINE-1", 4),))

    parcels = parcels_of(a_shiphero_order(line_items=lines, shipments=(shipment,)))

    assert (parcels.shipped, parcels.ordered, parcels.complete) == (2, 4, False)


def test_pieces_are_added_up_over_shipments() -> None:
    halves = [a_shipment(id=f"S{one}", line_items=(shipped("LINE-1", 1),)) for one in (1, 2)]

    parcels = parcels_of(a_shiphero_order(shipments=tuple(halves)))

    assert parcels.complete


def test_an_order_without_lines_is_never_complete() -> None:
    assert not parcels_of(a_shiphero_order(line_items=(), shipments=(a_shipment(),))).complete


def test_a_shipment_without_labels_is_one_box() -> None:
    assert parcels_of(a_shiphero_order(shipments=(a_shipment(shipping_labels=()),))).boxes == 1


def test_the_last_shipment_tells_when_the_note_left() -> None:
    later = a_shipment(id="S2", created_date=MORNING.replace(hour=17))

    parcels = parcels_of(a_shiphero_order(shipments=(later, a_shipment())))

    assert parcels.last_shipped_at == MORNING.replace(hour=17)


VOID = ["voided", "void", "Voided ", "canceled", "cancelled", "refunded"]


@pytest.mark.parametrize("status", VOID)
def test_the_pieces_of_a_voided_label_have_not_left(status: str) -> None:
    void = a_shipment(shipping_labels=(a_shipping_label(status=status),))

    parcels = parcels_of(a_shiphero_order(shipments=(void,), fulfillment_status="fulfilled"))

    assert (parcels.shipped, parcels.boxes, parcels.tracking) == (0, 0, ())
    assert not parcels.complete


@pytest.mark.parametrize("status", ["valid", "", "printed", "delivered"])
def test_a_label_with_any_other_word_stands(status: str) -> None:
    shipment = a_shipment(shipping_labels=(a_shipping_label(status=status),))

    assert parcels_of(a_shiphero_order(shipments=(shipment,))).complete


@pytest.mark.parametrize("lines_of", ["LABEL-1", "LABEL-2"])
def test_a_label_made_anew_takes_the_voided_ones_pieces_wherever_its_lines_are(
    lines_of: str,
) -> None:
    labels = (
        a_shipping_label(status="voided"),
        a_shipping_label(id="LABEL-2", tracking_number="1Z-NEW"),
    )
    shipment = a_shipment(shipping_labels=labels, line_items=(shipped("LINE-1", 2, lines_of),))

    parcels = parcels_of(a_shiphero_order(shipments=(shipment,)))

    assert (parcels.complete, parcels.boxes, parcels.tracking) == (True, 1, ("1Z-NEW",))


def test_one_of_two_labels_voided_leaves_its_pieces_to_come() -> None:
    labels = (a_shipping_label(status="voided"), a_shipping_label(id="LABEL-2"))
    lines = (shipped("LINE-1", 1, "LABEL-1"), shipped("LINE-1", 1, "LABEL-2"))
    shipment = a_shipment(shipping_labels=labels, line_items=lines)

    parcels = parcels_of(a_shiphero_order(shipments=(shipment,), fulfillment_status="fulfilled"))

    assert (parcels.shipped, parcels.boxes, parcels.complete) == (1, 1, False)


def test_a_voided_shipment_that_was_made_again_counts_once() -> None:
    void = a_shipment(shipping_labels=(a_shipping_label(status="void"),))
    again = a_shipment(
        id="S2",
        shipping_labels=(a_shipping_label(id="L-2", tracking_number="1Z-2"),),
        line_items=(shipped("LINE-1", 2, "L-2"),),
    )

    parcels = parcels_of(a_shiphero_order(shipments=(void, again)))

    assert (parcels.complete, parcels.boxes, parcels.tracking) == (True, 1, ("1Z-2",))


def test_a_kit_that_ships_as_its_components_is_complete_when_shiphero_calls_it_fulfilled() -> None:
    lines = (a_line_item(), a_line_item(id="PART-1", partner_line_item_id="", quantity=4))
    parts = a_shipment(line_items=(shipped("PART-1", 4),))

    still = parcels_of(a_shiphero_order(line_items=lines, shipments=(parts,)))
    ended = parcels_of(
        a_shiphero_order(line_items=lines, shipments=(parts,), fulfillment_status="fulfilled")
    )

    assert (still.complete, ended.complete) == (False, True)
    assert (ended.shipped, ended.ordered, ended.boxes) == (0, 2, 1)


def test_a_kit_that_ships_under_its_own_line_is_complete_by_its_pieces() -> None:
    lines = (a_line_item(), a_line_item(id="PART-1", partner_line_item_id="", quantity=4))

    parcels = parcels_of(a_shiphero_order(line_items=lines, shipments=(a_shipment(),)))

    assert parcels.complete


def test_a_line_that_the_warehouse_added_keeps_no_note_waiting() -> None:
    gift = a_line_item(id="GIFT", sku="CARD", partner_line_item_id="", quantity=1)

    parcels = parcels_of(
        a_shiphero_order(line_items=(a_line_item(), gift), shipments=(a_shipment(),))
    )

    assert (parcels.ordered, parcels.complete) == (2, True)


def test_an_order_called_fulfilled_of_which_nothing_left_is_not_complete() -> None:
    assert not parcels_of(a_shiphero_order(fulfillment_status="fulfilled")).complete


def test_an_earlier_order_that_left_completes_its_note() -> None:
    earlier = a_shiphero_order(shipments=(a_shipment(),))
    present = a_shiphero_order(id="SH-2", partner_order_id="GO-demo-501.2")

    parcels = parcels_of(present, earlier)

    assert (parcels.complete, parcels.tracking) == (True, ("1Z-TEST-0001",))


@given(st.lists(st.text(max_size=70), max_size=5), st.integers(0, 99))
def test_a_tally_is_read_as_it_was_written(numbers: list[str], boxes: int) -> None:
    tally = Tally(boxes=boxes, tracking=frozenset(numbers))

    assert Tally.read(tally.written()) == tally
    assert Tally.read("") is None
