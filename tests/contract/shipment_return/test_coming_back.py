"""What the sandbox's warehouse does to an order, as Brightpearl has it afterwards."""

from dataclasses import replace

import pytest

from shared.outcome import Delivered, Skipped
from tests.contract.shipment_return.floor import Floor

SKU = "TEA-BRK-125"
PARTS = {"TEA_CHA_P20": 2, "TEA_EGS_125": 1}


def code(outcome: object) -> str:
    """Give the reason code of an outcome, "" where it is plainly done."""
    assert isinstance(outcome, Delivered | Skipped)
    return outcome.code


def test_one_parcel_costs_five_requests_of_the_seven_of_a_round_trip(floor: Floor) -> None:
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, tracking=["1Z-A"])
    floor.forget()

    floor.look(note_id)

    assert floor.requests() == 5
    [note] = floor.notes(note_id)
    shipping = note.shipping
    assert (note.shipped, shipping.reference, shipping.boxes) == (True, "1Z-A", 1)
    assert str(shipping.weight) == "1006.408"


def test_several_parcels_are_joined_and_what_does_not_fit_goes_to_the_order(floor: Floor) -> None:
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, parcels=2, tracking=["9" * 65, "1Z-B"])

    floor.look(note_id)

    [note] = floor.notes(note_id)
    assert (note.shipping.reference, note.shipping.boxes) == ("1Z-B", 2)
    [remark] = floor.remarks(note_id)
    assert "9" * 65 in remark


def test_several_shipments_ship_the_note_with_the_last(floor: Floor) -> None:
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, lines={SKU: 1}, tracking=["1Z-A"])

    waits = code(floor.look(note_id))
    floor.ship(note_id, tracking=["1Z-B"])
    floor.look(note_id)

    [note] = floor.notes(note_id)
    assert (waits, note.shipping.reference) == ("waiting_for_rest", "1Z-A, 1Z-B")


def test_the_first_shipment_ships_the_note_where_the_merchant_wants_it(floor: Floor) -> None:
    floor.desk = replace(floor.desk, settings=replace(floor.desk.settings, shipped_when="first"))
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, lines={SKU: 1}, tracking=["1Z-A"])
    floor.look(note_id)
    floor.ship(note_id, tracking=["1Z-B"])

    floor.look(note_id)

    [note] = floor.notes(note_id)
    assert (note.shipped, note.shipping.reference) == (True, "1Z-A")
    [remark] = floor.remarks(note_id)
    assert "new: 1Z-B; 2 parcels instead of 1." in remark


@pytest.mark.parametrize("kits_ship_as", ["parts", "kit"])
def test_a_kit_ships_its_note_when_all_of_it_has_left(floor: Floor, kits_ship_as: str) -> None:
    floor.turn(kits_ship_as=kits_ship_as)
    floor.make_kit(SKU, **PARTS)
    note_id = floor.note_at_shiphero()
    first = SKU if kits_ship_as == "kit" else "TEA-CHA-P20"
    floor.ship(note_id, lines={first: 1})

    waits = code(floor.look(note_id))
    floor.ship(note_id)
    floor.look(note_id)

    [note] = floor.notes(note_id)
    assert (waits, note.shipped, note.shipping.boxes) == ("waiting_for_rest", True, 2)


@pytest.mark.parametrize("nothing", ["", "Pickup"])
def test_what_cannot_be_tracked_ships_the_note_with_its_boxes(floor: Floor, nothing: str) -> None:
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, tracking=[nothing])

    floor.look(note_id)

    [note] = floor.notes(note_id)
    assert (note.shipped, note.shipping.reference, note.shipping.boxes) == (True, "", 1)


@pytest.mark.parametrize("word", ["voided", "void", "canceled", "refunded"])
def test_a_label_made_anew_before_the_note_is_shipped_is_the_one_written(
    floor: Floor, word: str
) -> None:
    floor.turn(voided_label_status=word)
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, tracking=["1Z-OLD"])
    floor.void("1Z-OLD", remake=True, tracking="1Z-NEW")

    floor.look(note_id)

    [note] = floor.notes(note_id)
    assert (note.shipping.reference, note.shipping.boxes) == ("1Z-NEW", 1)
    assert floor.remarks(note_id) == []


@pytest.mark.parametrize("word", ["voided", "void", "canceled", "refunded"])
def test_a_label_made_anew_later_costs_two_requests_and_the_next_look_none(
    floor: Floor, word: str
) -> None:
    floor.turn(voided_label_status=word)
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, tracking=["1Z-OLD"])
    floor.look(note_id)
    floor.void("1Z-OLD", remake=True, tracking="1Z-NEW")
    floor.forget()

    floor.look(note_id)
    floor.look(note_id)

    assert floor.requests() == 2
    [remark] = floor.remarks(note_id)
    assert "new: 1Z-NEW; no longer valid: 1Z-OLD." in remark


def test_a_voided_label_keeps_the_note_open(floor: Floor) -> None:
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, tracking=["1Z-OLD"])
    floor.void("1Z-OLD")

    waits = code(floor.look(note_id))

    [note] = floor.notes(note_id)
    assert (waits, note.shipped) == ("nothing_shipped", False)


def test_a_note_shipped_by_hand_first_gets_its_tracking_on_the_order(floor: Floor) -> None:
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, tracking=["1Z-A"])
    floor.ship_by_hand(note_id)

    floor.look(note_id)
    floor.look(note_id)

    [remark] = floor.remarks(note_id)
    assert "1Z-A" in remark
    assert floor.shipped_events(note_id) == {1}


def test_a_cancelled_order_is_told_once(
    floor: Floor,
) -> None:
    note_id = floor.note_at_shiphero()
    floor.cancel(note_id)

    canceled = code(floor.look(note_id, topic="Order Canceled"))
    floor.look(note_id, topic="Order Canceled")

    [note] = floor.notes(note_id)
    assert (canceled, note.shipped) == ("canceled_at_shiphero", False)
    [remark] = floor.remarks(note_id)
    assert "was cancelled in the warehouse; nothing was shipped." in remark


def test_a_cancelled_order_of_which_a_part_had_left_names_what_left(floor: Floor) -> None:
    floor.turn(cancel_shipped="allow")
    note_id = floor.note_at_shiphero()
    floor.ship(note_id, lines={SKU: 1}, tracking=["1Z-A"])
    floor.cancel(note_id)

    floor.look(note_id)

    [remark] = floor.remarks(note_id)
    assert "after 1 of 2 pieces had shipped (1Z-A); the rest will not come." in remark
