"""Each difference between the lists and our books: it happens, is listed, is repaired, ends."""

from shared.differences import (
    CANCELED_THERE,
    DOUBLED,
    MISSING,
    NOT_CANCELED,
    NOT_WRITTEN_BACK,
    WITHOUT_NOTE,
    of_order,
)
from shared.watermarks import NOTES, OPEN_NOTES, ORDERS
from tests.end_to_end.differences import LOOKS_WITHIN, Desk, forget_order, forget_shipment
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.end_to_end.standing import wait_until_at_rest
from tests.waiting import until


def test_an_order_that_our_books_do_not_know_is_taken_as_the_note_s(room: Room) -> None:
    desk, note_id = Desk(room), room.note()
    order_id = room.order(note_id)["id"]
    forget_order(room, note_id)
    desk.wait_for(WITHOUT_NOTE, of_order(note_id, order_id))

    desk.repair(WITHOUT_NOTE)

    room.wait(note_id, order_stage="done", shiphero_order_id=order_id)
    desk.wait_for_end(WITHOUT_NOTE, of_order(note_id, order_id))
    assert room.keys(note_id) == ["pending"]


def test_a_second_order_of_a_note_is_listed_until_one_is_cancelled(room: Room) -> None:
    desk, note_id = Desk(room), room.note()
    first = room.order(note_id)
    room.press("twin", number=first["legacy_id"])
    second = room.order(note_id)
    assert second["id"] != first["id"]
    desk.wait_for(DOUBLED, of_order(note_id, second["id"]))

    room.run.control(f"shiphero-orders/{second['legacy_id']}/cancel", {})

    desk.wait_for_end(DOUBLED, of_order(note_id, second["id"]))


def test_a_shipment_that_was_not_written_back_is_looked_at_again(room: Room) -> None:
    desk, note_id = Desk(room), room.note()
    room.ship(note_id, tracking=["1Z-UNTOLD"])
    room.wait(note_id, shipment_stage="done")

    def stays_forgotten() -> bool:
        # The first time a look mends it; that the same look is asked for again is the difference.
        if room.row(note_id).shipment_stage == "done":
            forget_shipment(room, note_id)
        desk.compare()
        wait_until_at_rest(room.run)  # a look that is still under way may yet mend it
        is_mended = room.row(note_id).shipment_stage == "done"
        return not is_mended and str(note_id) in desk.listed(NOT_WRITTEN_BACK)

    until(stays_forgotten, within=LOOKS_WITHIN, what="a shipment that no look mends")
    desk.wait_for(NOT_WRITTEN_BACK, str(note_id))

    desk.repair(NOT_WRITTEN_BACK)

    room.wait(note_id, shipment_stage="done", tracking="1Z-UNTOLD")
    desk.wait_for_end(NOT_WRITTEN_BACK, str(note_id))


def test_what_the_warehouse_cancelled_is_listed_until_the_note_is_deleted(room: Room) -> None:
    desk, note_id = Desk(room), room.note()
    room.cancel(note_id)
    room.wait(note_id, order_stage="canceled")
    desk.wait_for(CANCELED_THERE, str(note_id))

    room.delete(note_id)

    desk.wait_for_end(CANCELED_THERE, str(note_id))


def test_an_order_that_could_not_be_cancelled_is_tried_again(room: Room) -> None:
    desk, note_id = Desk(room), room.note()
    tote = f"shiphero/orders/{room.order(note_id)['id']}/tote"
    room.run.control(tote, {"in_tote": True})
    room.delete(note_id)
    room.wait(note_id, order_stage="cancel_refused")
    desk.wait_for(NOT_CANCELED, str(note_id))
    room.run.control(tote, {"in_tote": False})

    desk.repair(NOT_CANCELED)

    room.wait(note_id, order_stage="canceled")
    desk.wait_for_end(NOT_CANCELED, str(note_id))
    assert room.keys(note_id) == ["canceled"]


def test_many_notes_that_are_not_shown_wait_for_a_person_who_decides(room: Room) -> None:
    desk, notes = Desk(room), [room.note() for _ in range(7)]
    room.turn(webhooks_lost_share=1.0)
    for one in notes:
        room.delete_at_once(one)
    for one in notes:
        desk.wait_for(MISSING, str(one))
    assert {tuple(room.keys(one)) for one in notes} == {("pending",)}

    desk.repair(MISSING, answer="deleted")

    for one in notes:
        room.wait(one, order_stage="canceled")
        desk.wait_for_end(MISSING, str(one))


def test_each_comparison_is_kept_with_the_counts_of_both_sides(own_room: Room) -> None:
    desk, note_id = Desk(own_room), own_room.note()

    def all_agree() -> bool:
        desk.compare()
        summaries = [desk.last_summary(name) for name in (NOTES, OPEN_NOTES, ORDERS)]
        return all(one.theirs == one.ours == 1 for one in summaries)

    until(all_agree, within=WITHIN, what="each list and our books with the one note")
    summaries = [desk.last_summary(name) for name in (NOTES, OPEN_NOTES, ORDERS)]
    assert all((one.window_from < one.window_to, one.missed) == (True, 0) for one in summaries)
    assert note_id
