"""What is not a merchant's sale to send, or not yet, never reaches ShipHero; the log says why."""

from datetime import timedelta

from shared.clock import utc_now
from tests.end_to_end.room import Room


def test_what_is_no_sale_of_ours_is_skipped_with_its_reason(room: Room) -> None:
    before = len(room.run.control("shiphero-orders"))
    room.turn(webhooks_delay=10)
    by_hand, gone, elsewhere = room.made(), room.made(), room.made(warehouseId=4)
    transfer = room.run.control("transfers", {"quantity": 3})["noteId"]
    room.run.control("accounts/demo/drop-ship-notes", {"quantity": 1})
    room.run.control(f"goods-out-notes/{by_hand}/events", {"codes": ["SHW"]})
    room.delete_at_once(gone)
    room.turn(webhooks_delay=0)

    sent = room.note()

    expected = {
        by_hand: "already_shipped",
        gone: "note_deleted",
        elsewhere: "warehouse_not_sent",
        transfer: "stock_transfer",
    }
    for note_id, code in expected.items():
        room.wait(note_id, order_stage="skipped", order_reason_code=code)
    assert [room.keys(note_id) for note_id in expected] == [[], [], [], []]
    assert len(room.run.control("shiphero-orders")) - before == len(room.keys(sent)) == 1


def test_a_note_of_before_go_live_is_not_sent(room: Room) -> None:
    room.choose(go_live_at=utc_now() + timedelta(days=1))

    note_id = room.made()

    room.wait(note_id, order_stage="skipped", order_reason_code="before_go_live")
    assert room.keys(note_id) == []


def test_a_note_is_kept_back_until_its_release_date(room: Room) -> None:
    room.choose(release_policy="keep_back")
    release = utc_now() + timedelta(seconds=15)

    note_id = room.made(releaseDate=release.isoformat())

    room.wait(note_id, order_stage="kept_back", order_reason_code="kept_back")
    row = room.wait(note_id, order_stage="done")
    assert row.synced_at is not None
    assert row.synced_at >= release - timedelta(seconds=1)
    assert "hold_until_date" not in room.order(note_id)["told"]


def test_orders_that_are_not_ours_are_left_alone_without_a_call(room: Room) -> None:
    said = room.press("web-shop-order", order_number="THEIRS-1")

    room.press("ship", number=said.rpartition("(")[2].strip(")"))

    found = room.wait_for_event("shipment.announced", reason_code="not_ours")
    assert room.vendor_calls(found[-1]) == []


def test_what_we_write_onto_a_note_is_no_change_to_tell(room: Room) -> None:
    note_id = room.note()

    room.ship(note_id)

    room.wait(note_id, shipment_stage="done")
    room.wait_for_answers("goods-out-note.modified.shipped", note_id, count=1)
    room.note()
    assert room.calls("brightpearl")["put-goods-out-note"] == 1
    assert room.calls("shiphero").get("order_update", 0) == 0
    assert (room.row(note_id).order_stage, room.row(note_id).shipment_stage) == ("done", "done")
