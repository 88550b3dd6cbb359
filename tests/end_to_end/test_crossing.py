"""What happens at the same moment, or is never told at all, ends right."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.embedded.free_ports import free_ports
from deploy.embedded.supervisor import Supervisor
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.servers.forge import forged
from tests.waiting import until

CHANGED = "goods_out_note.changed"
CROSSINGS = 3
LONG = 100.0  # two looks, after a sweep of all open notes


@contextmanager
def second_consumer(room: Room, logs: Path) -> Iterator[None]:
    """Run one more process that sends notes to ShipHero."""
    part = room.run.supervisor.parts["shiphero_push_consumer"]
    port = free_ports().shiphero_push_health
    again = Supervisor(
        [type(part)(name="again", command=part.command, port=port)],
        {**room.run.environment, "HEALTH_PORT": str(port)},
        logs,
        forged,
    )
    with again:
        yield


def test_two_workers_make_one_order_a_note(room: Room, tmp_path: Path) -> None:
    room.turn(webhooks_doubled_share=1.0, shiphero_latency=1.0)

    with second_consumer(room, tmp_path / "again"):
        notes = [room.made() for _ in range(6)]
        for note_id in notes:
            room.wait(note_id, order_stage="done")

    assert [room.keys(note_id) for note_id in notes] == [["pending"]] * 6


def test_a_note_in_one_workers_hands_is_left_alone_by_the_other(room: Room, tmp_path: Path) -> None:
    room.fault("shiphero", "delay", "order_create", seconds=12)

    with second_consumer(room, tmp_path / "again"):
        note_id = room.made()
        until(lambda: room.calls("shiphero").get("order_create"), within=WITHIN, what="the create")
        room.change(note_id, priority=True)
        until(lambda: "busy" in room.codes(CHANGED, note_id), within=WITHIN, what="busy")
        room.wait(note_id, order_stage="done")

    until(
        lambda: room.order(note_id)["told"].get("priority_flag"), within=WITHIN, what="the change"
    )
    assert room.keys(note_id) == ["pending"]


@pytest.mark.timeout(300)
def test_a_setting_saved_while_a_note_is_judged_is_never_missed(room: Room) -> None:
    crossed = [saved_while_judged(room) for _ in range(CROSSINGS)]

    # One that crossed was judged anew; one that came late freed what waited.
    assert all(codes[-1] == "" for codes in crossed), crossed


def saved_while_judged(room: Room) -> list[str]:
    """Map a method while a note of it is judged, and see it sent; gives how its looks ended.

    On a busy machine the saving may come too late to cross: then it frees what waits for it.
    """
    room.goodsout("map", "method", "demo", "5", "--title", "")
    before = room.calls("brightpearl").get("get-order", 0)
    room.fault("brightpearl", "delay", "get-order", seconds=18)
    note_id = room.made(shippingMethodId=5)
    until(
        lambda: room.calls("brightpearl").get("get-order", 0) > before,
        within=WITHIN,
        what="the order read",
    )
    room.goodsout("map", "method", "demo", "5", "--title", "Standard")
    room.wait(note_id, order_stage="done")
    assert room.keys(note_id) == ["pending"]
    return room.codes(CHANGED, note_id)


@pytest.mark.timeout(240)
def test_a_deletion_that_nobody_told_of_is_proved_by_two_looks(own_room: Room) -> None:
    room = own_room
    gone, stays = room.note(), room.note()
    room.turn(webhooks_stopped=True)
    room.delete_at_once(gone)

    until(lambda: room.keys(gone) == ["canceled"], within=LONG, what="its order cancelled")

    room.wait(gone, order_stage="canceled", order_reason_code="order_canceled_for_deleted_note")
    assert room.keys(stays) == ["pending"]
