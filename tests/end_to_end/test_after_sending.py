"""What is done in Brightpearl or in the warehouse to a note that has become an order."""

import pytest

from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.waiting import until

CHANGED = "goods_out_note.changed"
DESTROYED = "goods_out_note.destroyed"
EXPRESS = {"shippingMethodId": 6}


def sent(room: Room) -> int:
    """Give a note of method 5 whose order is there."""
    note_id = room.made(shippingMethodId=5)
    room.wait(note_id, order_stage="done")
    return note_id


def settled(room: Room, note_id: int) -> bool:
    """Say whether nothing about the note is under way any more."""
    subject = str(note_id)
    found = [one for name in (CHANGED, DESTROYED) for one in room.events(name, subject=subject)]
    return all(one.settled_at for one in found)


def test_a_changed_note_is_told_in_one_update_of_just_what_changed(room: Room) -> None:
    note_id = sent(room)
    before = room.order(note_id)["told"]

    room.change(note_id, priority=True, shipping=EXPRESS)
    room.change(note_id, priority=True, shipping=EXPRESS)

    new = "has the note's new shipping method and priority."
    until(lambda: new in room.row(note_id).order_reason, within=WITHIN, what=new)
    until(lambda: settled(room, note_id), within=WITHIN, what="both changes seen")
    after = room.order(note_id)["told"]
    assert (room.row(note_id).order_stage, room.keys(note_id)) == ("done", ["pending"])
    assert after["priority_flag"] is True
    assert after["shipping_lines"]["title"] != before["shipping_lines"]["title"]
    moved = {name for name in after if after[name] != before.get(name)}
    assert moved == {"priority_flag", "shipping_lines"}
    assert room.calls("shiphero")["order_update"] == 1


def test_a_change_that_comes_after_the_shipment_is_told_on_the_log_alone(room: Room) -> None:
    room.choose(shipment_sync_on=False)
    note_id = room.note()
    room.ship(note_id)

    room.change(note_id, priority=True)

    row = room.wait(note_id, order_stage="change_refused", order_reason_code="change_too_late")
    assert "did not get the note's new priority: it has been shipped." in row.order_reason
    assert "order_update" not in room.calls("shiphero")
    room.change(note_id, priority=False)
    room.wait(note_id, order_stage="done")


def test_what_shiphero_cannot_be_told_of_a_change_is_told_to_a_person(room: Room) -> None:
    note_id = room.note()
    room.choose(channel_as="tag")

    room.change(note_id, priority=True)

    row = room.wait(note_id, order_stage="change_refused", order_reason_code="change_by_hand")
    assert "has the note's new priority and tags." in row.order_reason
    assert "cannot change the shop name of order" in row.order_reason
    assert room.order(note_id)["told"]["priority_flag"] is True
    room.choose(channel_as="shop_name")
    room.change(note_id, priority=True)
    room.wait(note_id, order_stage="done")


def test_the_order_of_a_deleted_note_is_cancelled(room: Room) -> None:
    note_id = room.note()

    room.delete(note_id)

    row = room.wait(note_id, order_stage="canceled")
    assert row.order_reason_code == "order_canceled_for_deleted_note"
    assert room.keys(note_id) == ["canceled"]
    assert [link.canceled_at is not None for link in room.links(note_id)] == [True]


def test_what_cannot_be_cancelled_is_a_persons_until_the_warehouse_cancels_it(room: Room) -> None:
    picked, shipped = room.note(), room.note()
    room.run.control(f"shiphero/orders/{room.order(picked)['legacy_id']}/tote", {"in_tote": True})
    [line] = room.order(shipped)["lines"]
    room.ship(shipped, lines={line["sku"]: 1})

    room.delete(picked)
    room.delete(shipped)

    row = room.wait(picked, order_stage="cancel_refused", order_reason_code="cancel_refused")
    assert "ShipHero refuses to cancel it" in row.order_reason
    row = room.wait(shipped, order_stage="cancel_refused", order_reason_code="cancel_refused")
    assert "something of it has been shipped" in row.order_reason
    assert room.keys(picked) == room.keys(shipped) == ["pending"]
    room.turn(cancel_in_tote="allow")
    room.cancel(picked)
    room.wait(picked, order_stage="canceled", order_reason_code="order_canceled_for_deleted_note")


def test_a_deletion_of_what_the_warehouse_cancelled_ends_the_alert(room: Room) -> None:
    note_id = room.note()
    room.cancel(note_id)
    room.wait(note_id, order_stage="canceled", order_reason_code="canceled_at_shiphero")
    assert [one.ended_at for one in room.alerts(note_id)] == [None]

    room.delete(note_id)

    room.wait(note_id, order_reason_code="order_canceled_for_deleted_note")
    assert [one.ended_at is not None for one in room.alerts(note_id)] == [True]


def test_a_note_deleted_while_its_order_is_created_ends_with_the_order_cancelled(
    room: Room,
) -> None:
    room.fault("shiphero", "delay", "order_create", seconds=4)
    note_id = room.made()
    until(lambda: room.calls("shiphero").get("order_create"), within=WITHIN, what="the create")

    room.delete_at_once(note_id)

    room.wait(note_id, order_stage="canceled", order_reason_code="order_canceled_for_deleted_note")
    assert room.keys(note_id) == ["canceled"]


@pytest.mark.timeout(180)
def test_a_note_deleted_while_the_lost_answer_is_looked_for_ends_with_the_order_cancelled(
    room: Room,
) -> None:
    room.turn(index_lag=8)
    room.fault("shiphero", "drop_after", "order_create")
    note_id = room.made()
    room.wait(note_id, order_stage="checking")

    room.delete_at_once(note_id)

    room.wait(note_id, order_stage="canceled", order_reason_code="order_canceled_for_deleted_note")
    assert room.keys(note_id) == ["canceled"]


def test_a_note_made_changed_printed_and_deleted_at_once_leaves_no_live_order(room: Room) -> None:
    note_id = room.made()
    room.change(note_id, priority=True)
    room.run.control(f"goods-out-notes/{note_id}/events", {"codes": ["PRI"]})
    room.delete_at_once(note_id)

    room.wait_for_event(DESTROYED, subject=str(note_id))
    until(lambda: settled(room, note_id), within=WITHIN, what="all about the note settled")
    assert set(room.keys(note_id)) <= {"canceled"}
    assert room.row(note_id).order_stage in {"canceled", "skipped"}
