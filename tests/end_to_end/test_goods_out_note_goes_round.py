"""A goods-out note travels to ShipHero and its tracking number travels back."""

from collections.abc import Callable

import pytest
import requests

from deploy.embedded.smoke import SmokeRun
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.forged import connect_demo
from tests.end_to_end.room import Room
from tests.waiting import until

# Seconds of the sandbox: bytes that come for nearly as long as a call may take, and how long the
# look takes that comes after the shipped event.
SLOWLY, LATE = 18, 10


def test_twenty_notes_are_shipped_once_each(commanded: SmokeRun) -> None:
    system = commanded
    for _ in range(20):
        system.make_note()

    system.wait_until_shipped(20, seconds=120)

    walked = system.walked()
    assert (walked.notes, walked.lost, walked.duplicates, walked.unexplained) == (20, 0, 0, 0)
    assert system.supervisor.died() == []


@pytest.mark.timeout(300)
def test_killing_any_process_loses_and_doubles_nothing(system: SmokeRun) -> None:
    for name in system.supervisor.parts:
        _make_notes(system, 2)
        system.supervisor.kill(name)
        system.supervisor.start(name)
        _make_notes(system, 2)
    notes = 4 * len(system.supervisor.parts)

    system.wait_until_shipped(notes, seconds=150)

    walked = system.walked()
    # A sandbox killed before its answer may have made a note that the test then made again.
    assert walked.notes >= notes
    assert (walked.lost, walked.duplicates, walked.unexplained) == (0, 0, 0)


@pytest.mark.timeout(240)
def test_a_consumer_killed_between_vendor_call_and_commit_doubles_nothing(own_room: Room) -> None:
    """The vendor has done it, and the process that asked for it does not live to keep it."""
    room, supervisor = own_room, own_room.run.supervisor
    room.fault("shiphero", "trickle", "order_create", seconds=SLOWLY)
    note_id = room.made()
    room.wait_for_order(note_id)
    supervisor.kill("shiphero_push_consumer")
    known_then = room.row(note_id).shiphero_order_id
    supervisor.start("shiphero_push_consumer")
    room.wait(note_id, order_stage="done")
    room.turn(brightpearl_latency=LATE)
    room.ship(note_id, tracking=["1Z-ONCE"])
    until(lambda: is_shipped(room, note_id), within=WITHIN, what="the note shipped")
    supervisor.kill("shipment_return_consumer")
    stage_then = room.row(note_id).shipment_stage
    room.turn(brightpearl_latency=0)

    supervisor.start("shipment_return_consumer")

    room.wait(note_id, shipment_stage="done", tracking="1Z-ONCE")
    assert (known_then, stage_then) == ("", "")
    assert room.keys(note_id) == ["fulfilled"]
    assert [link.adopted for link in room.links(note_id)] == [True]
    assert (room.steps(note_id).count("SHW"), room.remarks(note_id)) == (1, [])


def test_a_second_start_goes_on_where_the_first_stopped(
    embedded: Callable[[], SmokeRun],
) -> None:
    run = embedded()
    with run.supervisor:
        connect_demo(run)
        _make_notes(run, 3)

    with run.supervisor:
        connect_demo(run)
        _make_notes(run, 2)
        run.wait_until_shipped(5, seconds=120)
        walked = run.walked()

    assert (walked.notes, walked.lost, walked.duplicates) == (5, 0, 0)


def is_shipped(room: Room, note_id: int) -> bool:
    """Say whether Brightpearl's own books have the note as shipped."""
    notes = room.run.control("goods-out-notes")
    return any(note["shipped"] for note in notes if note["noteId"] == note_id)


def _make_notes(system: SmokeRun, count: int) -> None:
    for _ in range(count):
        # The sandbox may just have been killed: the person in Brightpearl tries again.
        until(lambda: _made(system), within=30, what="a note made in the sandbox")


def _made(system: SmokeRun) -> bool:
    try:
        system.make_note()
    except requests.RequestException:
        return False
    return True
