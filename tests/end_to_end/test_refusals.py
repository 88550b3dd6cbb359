"""Brightpearl refuses, or answers in part: each note is shipped once, and the log is true."""

import pytest

from tests.end_to_end.room import Room

EVENT = "post-goods-out-note-event"


def test_a_note_shipped_by_hand_in_the_same_moment_is_shipped_once(room: Room) -> None:
    shipped = []
    for way in ("409", "WHSB-061", "has_been_shipped"):
        room.turn(repeated_event=way)
        note_id = room.note()
        room.fault("brightpearl", "delay", EVENT, seconds=10)
        room.ship(note_id, tracking=[f"1Z-{note_id}"])
        room.wait_for_reference(note_id, f"1Z-{note_id}")
        room.run.control(f"goods-out-notes/{note_id}/events", {"codes": ["SHW"]})
        room.wait(note_id, shipment_stage="done")
        shipped.append(note_id)

    assert [room.steps(note_id).count("SHW") for note_id in shipped] == [1, 1, 1]
    assert [room.remarks(note_id) for note_id in shipped] == [[], [], []]


def test_a_refused_shipped_event_is_compared_tried_again_or_failed(room: Room) -> None:
    moved, lost, refused = room.note(), room.note(), room.note()
    room.fault("brightpearl", "if_match_mismatch", EVENT)
    room.ship(moved)
    room.wait(moved, shipment_stage="done")
    room.fault("brightpearl", "drop_after", EVENT)
    room.ship(lost)
    room.wait(lost, shipment_stage="done")
    room.fault("brightpearl", "refused", EVENT)
    room.ship(refused, tracking=["1Z-REFUSED"])
    room.wait(refused, shipment_stage="failed", shipment_reason_code="brightpearl_refused")

    room.goodsout("retry", "demo", str(refused))

    room.wait(refused, shipment_stage="done", tracking="1Z-REFUSED")
    assert [room.steps(one).count("SHW") for one in (moved, lost, refused)] == [1, 1, 1]


@pytest.mark.timeout(240)
def test_in_a_batch_each_note_ends_by_its_own_part(room: Room) -> None:
    notes = [room.note() for _ in range(5)]
    room.choose(shipment_sync_on=False)
    for note_id in notes:
        room.ship(note_id)
        room.wait(note_id, shipment_stage="held")
    room.fault("brightpearl", "part_fails", "post-multi-message", part=4, status=400)

    room.goodsout("settings", "set", "demo", "shipment_sync_on=true")

    for note_id in notes:
        room.wait(note_id, shipment_stage="done")
    assert room.calls("brightpearl")["post-multi-message"] >= 1
    assert [room.steps(note_id).count("SHW") for note_id in notes] == [1] * 5
