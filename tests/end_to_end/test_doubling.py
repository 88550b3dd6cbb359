"""Whatever comes twice, late, or without an answer: each live note has exactly one order."""

import pytest

from tests.end_to_end.room import Room

CREATED = "goods-out-note.created"
CHANGED = "goods_out_note.changed"


def test_the_same_webhook_five_times_makes_one_order(room: Room) -> None:
    note_id = room.note()

    room.send_again(CREATED, note_id, times=4)

    sent = [one for one in room.run.control("webhook-deliveries") if note_id in one["subjects"]]
    room.wait_for_answers(CREATED, note_id, count=5)
    room.note()
    assert {one["body"] for one in sent if one["name"] == CREATED} == {sent[0]["body"]}
    assert len(room.events("goods_out_notes.announced", subject=str(note_id))) == 1
    assert room.keys(note_id) == ["pending"]


@pytest.mark.timeout(240)
def test_an_order_whose_answer_was_lost_is_found_and_adopted(room: Room) -> None:
    lost = {}
    for kind in ("drop_after", "unexpected_error", "html_502"):
        room.fault("shiphero", kind, "order_create", after_effect=True)
        lost[kind] = room.made()
        room.wait(lost[kind], order_stage="done")
    room.turn(index_lag=30)
    room.fault("shiphero", "drop_after", "order_create")
    late = room.made()

    room.wait(late, order_stage="done")

    for note_id in (*lost.values(), late):
        assert room.keys(note_id) == ["pending"]
        assert [link.adopted for link in room.links(note_id)] == [True]
        assert room.attempts(CHANGED, note_id)[0] == "retry"


def test_what_is_found_while_checking_may_need_a_person(room: Room) -> None:
    room.turn(index_lag=20)
    room.fault("shiphero", "drop_after", "order_create", times=2)
    found = {"twin": room.made(), "cancel": room.made()}
    for act, note_id in found.items():
        room.press(act, number=room.wait_for_order(note_id)["legacy_id"])

    room.wait(found["twin"], order_stage="failed", order_reason_code="several_orders")
    room.wait(found["cancel"], order_stage="failed", order_reason_code="order_canceled")
    room.press("cancel", number=room.order(found["twin"])["legacy_id"])
    answer = room.goodsout("retry", "demo", str(found["twin"]))

    room.wait(found["twin"], order_stage="done")
    assert "Replayed" in answer
    assert sorted(room.keys(found["twin"])) == ["canceled", "pending"]
    assert room.keys(found["cancel"]) == ["canceled"]


def test_an_order_of_the_web_shop_with_the_same_number_is_left_alone(room: Room) -> None:
    room.press("web-shop-order", order_number="TAKEN-1")

    note_id = room.made(reference="TAKEN-1")

    room.wait(note_id, order_stage="done")
    orders = room.run.control("shiphero-orders")
    keys = {one["partner_order_id"] for one in orders if one["order_number"] == "TAKEN-1"}
    assert keys == {"shop-TAKEN-1", f"GO-demo-{note_id}"}
    assert room.keys(note_id) == ["pending"]


def test_a_mended_note_is_replayed_and_a_retry_beside_ours_doubles_nothing(room: Room) -> None:
    unfit = room.made(line1="", line2="")
    room.wait(unfit, order_stage="failed", order_reason_code="address_missing")
    room.press("address", number=room.row(unfit).order_id, line1="7 Quay Street")
    room.goodsout("retry", "demo", str(unfit))
    room.wait(unfit, order_stage="done")
    room.fault("brightpearl", "outage", "get-order", times=3)
    beside = room.made()
    room.wait(beside, order_stage="retrying")

    for _ in range(3):
        room.goodsout("retry", "demo", str(beside))

    room.wait(beside, order_stage="done")
    assert room.keys(unfit) == room.keys(beside) == ["pending"]


def test_one_note_of_five_that_fails_leaves_the_others(room: Room) -> None:
    room.turn(webhooks_delay=5)
    good = [room.made() for _ in range(4)]
    unfit = room.made(countryIsoCode="")
    room.turn(webhooks_delay=0)

    for note_id in good:
        room.wait(note_id, order_stage="done")

    room.wait(unfit, order_stage="failed", order_reason_code="country_missing")
    assert [room.keys(note_id) for note_id in good] == [["pending"]] * 4
    assert room.keys(unfit) == []


def test_an_empty_answer_for_notes_that_exist_cancels_nothing(room: Room) -> None:
    sent = room.note()
    room.fault("brightpearl", "empty", "get-goods-out-note", times=2)
    room.ship(sent)
    fresh = room.made()

    room.wait(fresh, order_stage="done")
    room.wait(sent, shipment_stage="done")

    assert "retry" in room.attempts("shipment.announced", sent) + room.attempts(CHANGED, fresh)
    assert (room.keys(sent), room.keys(fresh)) == (["fulfilled"], ["pending"])
    for note_id in (sent, fresh):
        assert room.events("goods_out_note.destroyed", subject=str(note_id)) == []


def test_a_vendor_that_wants_us_to_wait_costs_no_attempt(room: Room) -> None:
    room.fault("shiphero", "throttled", "order_create", seconds=10)
    waits = room.made()
    room.wait(waits, order_stage="waiting_for_budget")
    room.wait(waits, order_stage="done")
    room.fault("brightpearl", "outage", "get-order", times=3)
    troubled = room.made()
    room.wait(troubled, order_stage="retrying")

    room.wait(troubled, order_stage="done")

    [event] = room.events(CHANGED, subject=str(waits))
    assert event.failures == 0
    [event] = room.events(CHANGED, subject=str(troubled))
    assert event.failures >= 1
    assert room.keys(waits) == room.keys(troubled) == ["pending"]
