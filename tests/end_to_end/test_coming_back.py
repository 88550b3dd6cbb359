"""What the warehouse does to an order is what Brightpearl and the sync log say afterwards."""

from tests.end_to_end.floor import Floor

LONG = "9" * 65


def test_parcels_and_shipments_come_back_with_their_numbers_and_boxes(floor: Floor) -> None:
    one, several, long, pickup, halves = (floor.note() for _ in range(5))
    floor.ship(one, tracking=["1Z-ONE"])
    floor.ship(several, parcels=2, tracking=["1Z-A", "1Z-B"])
    floor.ship(long, parcels=2, tracking=[LONG, "1Z-SHORT"])
    floor.ship(pickup, tracking=["Pickup"])
    [line] = floor.order(halves)["lines"]
    floor.ship(halves, lines={line["sku"]: 1}, tracking=["1Z-1"])
    floor.wait(halves, shipment_stage="waiting")
    floor.ship(halves, tracking=["1Z-2"])

    shown = {note: floor.wait(note, shipment_stage="done") for note in (one, several, long, pickup)}
    floor.wait(halves, shipment_stage="done")

    assert [row.tracking for row in shown.values()] == ["1Z-ONE", "1Z-A, 1Z-B", "1Z-SHORT", ""]
    shipping = {note: floor.in_brightpearl(note)["shipping"] for note in (*shown, halves)}
    assert [one["boxes"] for one in shipping.values()] == [1, 2, 2, 1, 2]
    assert shipping[halves]["reference"] == "1Z-1, 1Z-2"
    assert [LONG in text for text in floor.remarks(long)] == [True]


def test_a_kit_comes_back_when_all_of_it_has_left_however_it_is_shown(own_room: Floor) -> None:
    floor = own_room
    floor.make_kits()
    shown = {}
    for kits_ship_as in ("parts", "kit"):
        floor.turn(kits_ship_as=kits_ship_as)
        note = floor.note()
        shown[note] = floor.order(note)["lines"]
        floor.ship(note, lines={shown[note][-1]["sku"]: 1})
        floor.wait(note, shipment_stage="waiting")

    for note in shown:
        floor.ship(note)

    for note in shown:
        floor.wait(note, shipment_stage="done")
        assert floor.in_brightpearl(note)["shipping"]["boxes"] == 2
    assert [len(lines) for lines in shown.values()] == [3, 1]


def test_parcels_that_change_after_the_note_was_shipped_become_one_order_note(
    floor: Floor,
) -> None:
    floor.turn(shipment_update_on_label_change=True)
    before, after, unheard = floor.note(), floor.note(), floor.note()
    for note in (after, unheard):
        floor.ship(note, tracking=[f"OLD-{note}"])
        floor.wait(note, shipment_stage="done")
    floor.choose(shipment_sync_on=False)
    floor.ship(before, tracking=["OLD-BEFORE"])
    floor.void(before, "OLD-BEFORE", remake=True, tracking="NEW-BEFORE")
    floor.choose(shipment_sync_on=True)
    floor.void(after, f"OLD-{after}", remake=True, tracking="NEW-AFTER")
    floor.turn(shipment_update_on_label_change=False)
    floor.void(unheard, f"OLD-{unheard}", remake=True, tracking="NEW-UNHEARD")

    floor.compare_orders()

    floor.wait(after, tracking="NEW-AFTER")
    floor.wait(unheard, tracking="NEW-UNHEARD")
    floor.wait(before, tracking="NEW-BEFORE", shipment_stage="done")
    words = f"new: NEW-AFTER; no longer valid: OLD-{after}."
    assert [words in text for text in floor.remarks(after)] == [True]
    assert len(floor.remarks(unheard)) == 1
    assert floor.remarks(before) == []


def test_with_the_first_shipment_the_note_ships_and_later_numbers_go_to_its_order(
    floor: Floor,
) -> None:
    floor.choose(shipped_when="first")
    note = floor.note()
    [line] = floor.order(note)["lines"]
    floor.ship(note, lines={line["sku"]: 1}, tracking=["1Z-1"])
    floor.wait(note, shipment_stage="done")

    floor.ship(note, tracking=["1Z-2"])

    floor.wait(note, tracking="1Z-1, 1Z-2")
    assert floor.in_brightpearl(note)["shipping"]["reference"] == "1Z-1"
    assert ["new: 1Z-2; 2 parcels instead of 1." in text for text in floor.remarks(note)] == [True]


def test_a_cancelled_order_shows_on_the_log_in_brightpearl_and_as_an_alert(
    own_room: Floor,
) -> None:
    floor = own_room
    floor.turn(cancel_shipped="allow")
    canceled, part, unheard = floor.note(), floor.note(), floor.note()
    floor.cancel(canceled)
    [line] = floor.order(part)["lines"]
    floor.ship(part, lines={line["sku"]: 1}, tracking=["1Z-PART"])
    floor.wait(part, shipment_stage="waiting")
    floor.cancel(part)
    floor.lose_webhooks("Order Canceled")
    floor.cancel(unheard)

    floor.compare_orders()

    for note in (canceled, part, unheard):
        floor.wait(note, order_stage="canceled")
        assert len(floor.remarks(note)) == len(floor.alerts(note)) == 1
    assert "1 of 2 pieces had shipped (1Z-PART)" in floor.remarks(part)[0]
    floor.wait(part, shipment_stage="failed", shipment_reason_code="canceled_part_shipped")
    floor.wait(canceled, shipment_stage="")


def test_shipments_that_cross_leave_a_true_log(floor: Floor) -> None:
    by_hand, before_push, deleted = floor.note(), floor.note(), floor.note()
    floor.run.control(f"goods-out-notes/{by_hand}/events", {"codes": ["SHW"]})
    floor.forget(before_push)
    floor.run.control(f"shiphero/orders/{floor.order(deleted)['id']}/tote", {"in_tote": True})
    floor.delete(deleted)

    for note in (by_hand, before_push, deleted):
        floor.ship(note, tracking=[f"1Z-{note}"])

    floor.wait(by_hand, shipment_stage="done")
    floor.wait(before_push, shipment_stage="done", order_stage="done")
    floor.wait(deleted, shipment_stage="failed", shipment_reason_code="note_deleted_but_shipped")
    assert [f"1Z-{by_hand}" in text for text in floor.remarks(by_hand)] == [True]
    assert [link.adopted for link in floor.links(before_push)] == [True]
