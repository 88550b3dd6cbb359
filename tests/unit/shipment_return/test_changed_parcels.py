"""What becomes of a shipped note's parcels is told once, and what did not change costs nothing."""

import pytest

from shared.errors import UnknownOutcome
from shared.notes.state import DONE
from shared.outcome import Delivered, Skipped
from shared.vendors.shiphero.models import ShipHeroOrder, Shipment, ShippingLabel
from tests.builders import a_goods_out_note, a_shiphero_order, a_shipping_label
from tests.unit.shipment_return.returning import Returning, a_shipment_update


def change(returning: Returning, *labels: ShippingLabel) -> None:
    """Have the one shipment bear these labels from now on."""
    [order] = returning.shiphero.orders
    shipment = order.shipments[0].model_copy(update={"shipping_labels": labels})
    put(returning, order, shipment)


def put(returning: Returning, order: ShipHeroOrder, *shipments: Shipment) -> None:
    changed = order.model_copy(update={"shipments": shipments})
    returning.shiphero.orders = [changed]


def label(number: str, status: str = "valid") -> ShippingLabel:
    return a_shipping_label(id=f"LABEL-{number}", tracking_number=number, status=status)


@pytest.fixture
def shipped(returning: Returning) -> Returning:
    """Give note 501, shipped with one parcel; what was asked of Brightpearl is forgotten."""
    returning.shiphero.ship("SH-501", "1Z-A")
    returning.one()
    returning.mark(shipment_stage=DONE)
    returning.brightpearl.calls.clear()
    return returning


def test_an_unchanged_shipment_update_costs_no_brightpearl_request(shipped: Returning) -> None:
    outcome = shipped.one()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "parcels_unchanged"
    assert shipped.brightpearl.calls == []


def test_a_label_made_anew_is_told_in_one_order_note(shipped: Returning) -> None:
    change(shipped, label("1Z-A", "voided"), label("1Z-B"))

    outcome = shipped.one()
    shipped.one()

    words = "new: 1Z-B; no longer valid: 1Z-A"
    assert outcome == Delivered(
        reference="4001/1", summary=f"Its parcels changed, told in an order note: {words}."
    )
    [remark] = shipped.brightpearl.remarks
    assert remark.text.startswith(
        f"The parcels of note 4001/1 changed after it was shipped: {words}. [GO-501-parcels-"
    )
    assert shipped.brightpearl.calls == ["order_notes", "add_order_note"]
    assert shipped.book.row().tracking == "1Z-B"


def test_a_voided_label_says_that_no_parcel_is_left(shipped: Returning) -> None:
    change(shipped, label("1Z-A", "voided"))

    shipped.one()

    [remark] = shipped.brightpearl.remarks
    assert "no parcel is left, 1Z-A was voided" in remark.text


def test_a_further_parcel_is_told_with_their_number(shipped: Returning) -> None:
    change(shipped, label("1Z-A"), label("1Z-B"))

    shipped.one()

    assert "new: 1Z-B; 2 parcels instead of 1." in shipped.brightpearl.remarks[0].text


def test_a_further_parcel_without_a_number_is_told_too(shipped: Returning) -> None:
    change(shipped, label("1Z-A"), label("Pickup"))

    shipped.one()

    assert ": 2 parcels instead of 1." in shipped.brightpearl.remarks[0].text


def test_a_change_that_is_taken_back_and_made_again_is_told_each_time(shipped: Returning) -> None:
    for number in ("1Z-B", "1Z-A", "1Z-B"):
        change(shipped, label(number))
        shipped.one()

    assert len(shipped.brightpearl.remarks) == 3


def test_a_change_whose_answer_was_lost_is_told_once(shipped: Returning) -> None:
    change(shipped, label("1Z-B"))
    shipped.brightpearl.loses_answers = True
    with pytest.raises(UnknownOutcome):
        shipped.one()
    shipped.brightpearl.loses_answers = False

    assert isinstance(shipped.one(), Delivered)
    assert len(shipped.brightpearl.remarks) == 1


def test_a_change_told_by_a_process_that_died_before_it_could_remember_is_told_once(
    shipped: Returning,
) -> None:
    told_before = shipped.book.row().parcels_told
    change(shipped, label("1Z-B"))
    shipped.one()
    shipped.mark(parcels_told=told_before)

    assert isinstance(shipped.one(a_shipment_update()), Delivered)
    assert len(shipped.brightpearl.remarks) == 1


def test_an_order_that_shows_no_shipment_any_more_is_no_proof_of_a_void(
    shipped: Returning,
) -> None:
    put(shipped, a_shiphero_order())

    outcome = shipped.one()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "nothing_shipped"
    assert shipped.brightpearl.calls == []


def test_a_note_shipped_by_hand_whose_settlement_was_lost_is_done_by_the_next_look(
    returning: Returning,
) -> None:
    returning.brightpearl.notes[501] = a_goods_out_note(shipped=True)
    first = returning.one()

    assert (
        returning.one()
        == first
        == Delivered(reference="4001/1", summary="Without a tracking number.")
    )


def test_changes_before_the_note_is_shipped_need_no_order_note(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-A")
    change(returning, label("1Z-A", "void"), label("1Z-B"))

    returning.one()

    assert returning.note.shipping.reference == "1Z-B"
    assert returning.brightpearl.remarks == []


def test_a_voided_label_before_the_note_is_shipped_keeps_it_open(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-A")
    change(returning, label("1Z-A", "void"))

    outcome = returning.one()

    assert isinstance(outcome, Skipped)
    assert (outcome.code, returning.note.shipped) == ("nothing_shipped", False)


def test_with_the_first_shipment_the_note_is_shipped_and_later_parcels_are_told(
    returning: Returning,
) -> None:
    returning.choose(shipped_when="first")
    order = a_shiphero_order(line_items=(returning.a_line(quantity=4),))
    returning.shiphero.orders = [order]
    first = returning.a_half("S1", "1Z-1")
    put(returning, order, first)
    returning.one()
    put(returning, order, first, returning.a_half("S2", "1Z-2"))

    returning.one(a_shipment_update())

    assert (returning.note.shipped, returning.note.shipping.reference) == (True, "1Z-1")
    [remark] = returning.brightpearl.remarks
    assert "new: 1Z-2; 2 parcels instead of 1." in remark.text
