"""Goods-out notes over the wire: id sets, ids put inside, details, shipped events."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from shared.errors import Transient, UnknownOutcome
from shared.vendors.brightpearl.faults import AlreadyThere, RequestTooLong
from shared.vendors.brightpearl.models import NewNoteShipping, NoteDetails
from tests.unit.vendors.wire import SECRET, Reply, Sent, Wire, brightpearl_over

NOTE: dict[str, Any] = {
    "orderId": 4001,
    "warehouseId": 2,
    "priority": True,
    "status": {"printed": True, "printedOn": "2026-03-02T03:05:00.000-06:00"},
    "shipping": {"reference": "", "shippingMethodId": 5, "weight": 3.25},
    "createdOn": "2026-03-02T03:00:00.000-06:00",
    "orderRows": {
        "8001": [
            {"productId": 1501, "quantity": 2, "locationId": 2},
            {"productId": 1501, "quantity": 0.5, "locationId": 9},
        ]
    },
    "sequence": 3,
    "events": [
        {"occured": "2026-03-02T03:00:00.000-06:00", "eventOwnerId": 31, "eventCode": "PLA"}
    ],
    "lastEventVersion": 52,
    "somethingNew": {"a": 1},
}
NOTHING = Reply({"errors": [{"code": "CMNC-404", "message": "none"}]}, status=404)
EMPTY = Reply({"response": []})


def _asked_ids(sent: Sent) -> list[str]:
    return sent.path.rsplit("/", 1)[1].split(",")


def test_a_note_is_read_with_its_id_its_zone_and_exact_numbers() -> None:
    wire = Wire(Reply({"response": {"501": NOTE}}))

    note = brightpearl_over(wire).goods_out_notes([501])[501]

    assert (note.id, note.number, note.shipped, note.priority) == (501, "4001/3", False, True)
    assert note.quantities == {8001: Decimal("2.5")}
    assert note.shipping.weight == Decimal("3.25")
    assert note.created_on == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert note.created_on.utcoffset() == timedelta(hours=-6)
    assert note.events[0].event_code == "PLA"


def test_notes_are_asked_for_by_the_hundred_ascending_and_once() -> None:
    wire = Wire(EMPTY)

    found = brightpearl_over(wire).goods_out_notes([*range(250, 0, -1), 7])

    assert found == {}
    assert [len(_asked_ids(sent)) for sent in wire.sent] == [100, 100, 50]
    assert _asked_ids(wire.sent[0])[:3] == ["1", "2", "3"]
    assert "/order/*/goods-note/goods-out/" in wire.sent[0].path


def test_no_ids_cost_no_request() -> None:
    wire = Wire(EMPTY)

    assert brightpearl_over(wire).goods_out_notes([]) == {}
    assert wire.sent == []


@pytest.mark.parametrize("reply", [EMPTY, Reply({"response": {}}), NOTHING])
def test_the_three_ways_to_say_nothing_are_nothing(reply: Reply) -> None:
    assert brightpearl_over(Wire(reply)).goods_out_notes([1, 2]) == {}


def test_one_empty_chunk_does_not_hide_the_next() -> None:
    wire = Wire(NOTHING, Reply({"response": {"150": NOTE}}))

    found = brightpearl_over(wire).goods_out_notes(range(1, 151))

    assert list(found) == [150]


def test_too_long_an_address_is_asked_in_halves() -> None:
    def answer(sent: Sent) -> Reply:
        ids = _asked_ids(sent)
        if len(ids) > 25:
            return Reply(b"too long", status=414)
        return Reply({"response": dict.fromkeys(ids, NOTE)})

    wire = Wire(answer)

    found = brightpearl_over(wire).goods_out_notes(range(1, 101))

    assert sorted(found) == list(range(1, 101))


def test_a_single_id_that_is_too_long_is_a_defect() -> None:
    with pytest.raises(RequestTooLong):
        brightpearl_over(Wire(Reply(b"", status=414))).goods_out_notes([1])


def test_a_note_that_cannot_be_read_is_tried_again_without_its_values() -> None:
    broken = {**NOTE, "warehouseId": SECRET}

    with pytest.raises(Transient, match="warehouseId") as caught:
        brightpearl_over(Wire(Reply({"response": {"501": broken}}))).goods_out_notes([501])

    assert caught.value.code == "brightpearl_unreadable"
    assert SECRET not in str(caught.value)


def test_a_page_of_html_instead_of_a_note_is_tried_again() -> None:
    with pytest.raises(Transient):
        brightpearl_over(Wire(Reply(b"<html>"))).goods_out_notes([501])


def test_the_budget_and_the_request_id_are_recorded_with_every_call() -> None:
    told = {
        "Ruid": "ruid-7",
        "Brightpearl-Requests-Remaining": "188",
        "Brightpearl-Next-Throttle-Period": "811",
    }
    wire = Wire(Reply({"response": {}}, headers=told))

    brightpearl_over(wire).goods_out_notes([1])

    [call] = wire.calls
    assert (call.vendor, call.operation, call.request_id) == (
        "brightpearl",
        "goods_out_notes",
        "ruid-7",
    )
    assert (call.budget.left, call.budget.most, call.budget.resets_in) == (188, 200, 0.811)


def test_a_call_proves_itself_as_a_staff_app() -> None:
    wire = Wire(EMPTY)

    brightpearl_over(wire).goods_out_notes([1])

    assert wire.sent[0].headers["brightpearl-app-ref"] == "demo_goodsout"
    assert wire.sent[0].headers["brightpearl-staff-token"] == SECRET


def test_details_are_written_in_brightpearls_spelling_with_the_priority() -> None:
    wire = Wire(Reply({}))
    shipping = NewNoteShipping(reference="1Z-9", boxes=2, weight=Decimal("3.250"))

    brightpearl_over(wire).write_details(501, NoteDetails(priority=True, shipping=shipping))

    assert (wire.sent[0].method, wire.sent[0].path) == (
        "PUT",
        "/public-api/demo/warehouse-service/goods-note/goods-out/501",
    )
    assert wire.sent[0].body == {
        "priority": True,
        "shipping": {"reference": "1Z-9", "boxes": 2, "weight": "3.250"},
    }


def test_a_reference_over_the_limit_never_leaves() -> None:
    with pytest.raises(ValidationError):
        NewNoteShipping(reference="x" * 65)


def test_the_shipped_event_carries_the_version_and_a_time_in_utc() -> None:
    wire = Wire(Reply({}))
    occurred = datetime(2026, 3, 2, 16, 30, tzinfo=timezone(timedelta(hours=1)))

    brightpearl_over(wire).add_shipped_event(501, occurred=occurred, event_owner_id=31, if_match=52)

    assert wire.sent[0].headers["If-Match"] == "52"
    assert wire.sent[0].body == {
        "events": [{"eventCode": "SHW", "occured": "2026-03-02T15:30:00.000Z", "eventOwnerId": 31}]
    }


def test_a_shipped_event_without_a_version_sends_no_if_match() -> None:
    wire = Wire(Reply({}))

    brightpearl_over(wire).add_shipped_event(
        501, occurred=datetime(2026, 3, 2, tzinfo=UTC), event_owner_id=31, if_match=None
    )

    assert "If-Match" not in wire.sent[0].headers


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=409), AlreadyThere),
        (Reply(b"<html>", status=502), UnknownOutcome),
        (Reply(b"<html>"), UnknownOutcome),
    ],
)
def test_a_shipped_event_is_sent_once_whatever_is_answered(
    reply: Reply, kind: type[Exception]
) -> None:
    wire = Wire(reply)

    with pytest.raises(kind):
        brightpearl_over(wire).add_shipped_event(
            501, occurred=datetime(2026, 3, 2, tzinfo=UTC), event_owner_id=31, if_match=1
        )

    assert len(wire.sent) == 1
