"""What was asked and answered is kept of one note alone, within bounds, and without credentials."""

import json
from typing import Any

import pytest

from shared.messaging.calls_told import told
from shared.vendors.calls import Call, recording_calls
from shared.vendors.captured import (
    HELD_A_CREDENTIAL,
    LARGEST_KEPT,
    NO_ROOM,
    NOT_OURS,
    ROOM,
    Exchange,
    Keeping,
    bounded,
)
from tests.unit.vendors.wire import SECRET, Reply, Wire, brightpearl_over, shiphero_over

NOTE = {"orderId": 4001, "warehouseId": 2, "createdOn": "2026-03-02T11:00:00Z"}


def an_exchange(operation: str, asked: Any = None, answered: Any = None) -> Exchange:
    return Exchange(
        operation=operation,
        method="GET",
        path="/somewhere",
        asked=json.dumps(asked).encode(),
        answered=json.dumps(answered).encode(),
    )


def calls_of_note_501(*replies: Reply) -> list[Call]:
    """Read note 501 in Brightpearl."""
    with recording_calls() as calls:
        brightpearl_over(Wire(*replies)).goods_out_notes([501, 502])
    return calls


def test_of_notes_that_were_read_together_only_ones_own_is_kept() -> None:
    calls = calls_of_note_501(Reply({"response": {"501": NOTE, "502": NOTE | {"orderId": 7}}}))

    [kept] = told(calls, about="501")

    assert kept["exchange"]["answered"]["response"].keys() == {"501"}
    assert kept["exchange"]["sharers"] == 2
    assert kept["exchange"]["path"].endswith("/goods-out/501,502")


def test_the_sales_order_is_found_by_the_note() -> None:
    keeping = Keeping("501")
    orders = [{"id": 4001, "reference": "WEB-1"}, {"id": 4002, "reference": "WEB-2"}]

    keeping.keep(an_exchange("goods_out_notes", answered={"response": {"501": NOTE}}))
    kept = keeping.keep(an_exchange("sales_orders", answered={"response": orders}))

    assert [one["reference"] for one in kept["answered"]["response"]] == ["WEB-1"]


def test_another_notes_customer_is_never_kept_even_alone() -> None:
    order = [{"id": 4002, "parties": {"delivery": {"addressFullName": "Somebody Else"}}}]

    kept = Keeping("501").keep(an_exchange("sales_orders", answered={"response": order}))

    assert kept["answered"] == NOT_OURS


def test_of_a_batch_the_notes_own_messages_are_kept_on_both_sides() -> None:
    messages = [{"label": f"put-{note}", "uri": f"/goods-out/{note}"} for note in (501, 1501)]
    done = {"processedMessages": [{"label": "put-501", "statusCode": 200}, {"label": "put-1501"}]}

    kept = Keeping("501").keep(
        an_exchange("ship_notes", asked={"messages": messages}, answered={"response": done})
    )

    assert [one["label"] for one in kept["asked"]["messages"]] == ["put-501"]
    assert [one["label"] for one in kept["answered"]["response"]["processedMessages"]] == [
        "put-501"
    ]
    assert kept["sharers"] == 2


def test_shipheros_document_is_left_out_and_its_values_are_kept() -> None:
    with recording_calls() as calls:
        shiphero_over(Wire(Reply({"data": {"order": {"data": None}}}))).order("T3JkZXI6MQ==")

    [kept] = told(calls, about="501")

    assert kept["exchange"]["asked"]["id"] == "T3JkZXI6MQ=="
    assert "query" not in json.dumps(kept)


def test_a_log_in_or_a_list_of_webhooks_is_never_captured() -> None:
    with recording_calls() as calls:
        brightpearl_over(Wire(Reply({"response": []}))).warehouses()

    [kept] = told(calls, about="501")

    assert "exchange" not in kept


def test_an_answer_that_repeats_our_credentials_is_not_kept() -> None:
    wire = Wire(Reply({"response": {"501": NOTE | {"echo": SECRET}}}))
    with recording_calls() as calls:
        brightpearl_over(wire).goods_out_notes([501])

    [kept] = told(calls, about="501")

    assert kept["exchange"]["answered"] == HELD_A_CREDENTIAL
    assert SECRET not in json.dumps(kept)


def test_what_is_no_json_is_not_kept() -> None:
    kept = Keeping("501").keep(
        Exchange(operation="order", method="POST", path="/", answered=b"<html>Jane Smith</html>")
    )

    assert kept["answered"] == "(23 bytes that are no JSON)"


def test_a_long_list_is_kept_from_its_beginning() -> None:
    lines = [{"sku": f"SKU-{number}", "quantity": number} for number in range(500)]

    kept = bounded({"line_items": lines})

    assert len(json.dumps(kept)) <= LARGEST_KEPT
    assert kept["line_items"][0] == lines[0]
    assert kept["line_items"][-1] == "(and 480 more)"


def test_an_attempt_has_room_for_so_much_and_no_more() -> None:
    keeping = Keeping("501")
    long = an_exchange("order", answered={"sku": ["x" * 200] * 15})

    kept = [keeping.keep(long) for _ in range(40)]

    assert sum(len(json.dumps(one)) for one in kept) < ROOM + 40 * 300
    assert kept[-1]["answered"] == NO_ROOM


@pytest.mark.parametrize("about", ["", "501"])
def test_the_call_itself_is_told_as_ever(about: str) -> None:
    calls = calls_of_note_501(Reply({"response": {"501": NOTE}}, headers={"Ruid": "r-1"}))

    [kept] = told(calls, about=about)

    assert (kept["vendor"], kept["status"], kept["request_id"]) == ("brightpearl", 200, "r-1")
    assert ("exchange" in kept) is bool(about)
