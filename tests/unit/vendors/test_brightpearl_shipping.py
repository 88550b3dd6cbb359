"""Several notes shipped in one request: what is sent, and what became of each."""

import json
from typing import Any

import pytest

from shared.errors import Permanent, Throttled, Transient, UnknownOutcome
from shared.vendors.brightpearl.faults import AlreadyThere
from shared.vendors.brightpearl.models import NewNoteShipping, NoteDetails, NoteShipment, ShipState
from tests.unit.vendors.wire import NOW, Reply, Wire, brightpearl_over

SHIPPED, REFUSED, UNPROCESSED = ShipState.SHIPPED, ShipState.REFUSED, ShipState.UNPROCESSED


def _shipments(*note_ids: int) -> list[NoteShipment]:
    details = NoteDetails(priority=False, shipping=NewNoteShipping(reference="1Z-9"))
    return [
        NoteShipment(note_id=one, details=details, occurred=NOW, event_owner_id=31)
        for one in note_ids
    ]


def _done(label: str, status: int = 200, body: Any = None) -> dict[str, Any]:
    return {"label": label, "statusCode": status, "body": {"content": json.dumps(body or {})}}


def _told(*processed: dict[str, Any], left: tuple[str, ...] = (), status: int = 200) -> Reply:
    body = {"processedMessages": list(processed), "unprocessedMessages": list(left)}
    return Reply({"response": body}, status=status)


def test_each_note_gives_two_messages_details_first_and_the_first_failure_stops() -> None:
    wire = Wire(_told(_done("put-1"), _done("ship-1"), _done("put-2"), _done("ship-2")))

    results = brightpearl_over(wire).ship_notes(_shipments(1, 2))

    [sent] = wire.sent
    assert (sent.method, sent.path) == ("POST", "/public-api/demo/multi-message")
    assert (sent.body["processingMode"], sent.body["onFail"]) == ("SEQUENTIAL", "STOP")
    assert [one["label"] for one in sent.body["messages"]] == ["put-1", "ship-1", "put-2", "ship-2"]
    assert [one["httpMethod"] for one in sent.body["messages"]] == ["PUT", "POST", "PUT", "POST"]
    assert sent.body["messages"][0]["uri"] == "/warehouse-service/goods-note/goods-out/1"
    assert {key: one.state for key, one in results.items()} == {1: SHIPPED, 2: SHIPPED}


def test_a_refused_note_is_named_and_the_rest_are_unprocessed() -> None:
    already = {"errors": [{"code": "WHSB-061", "message": "there"}]}
    wire = Wire(
        _told(
            _done("put-1"),
            _done("ship-1"),
            _done("put-2"),
            _done("ship-2", 400, already),
            left=("put-3", "ship-3"),
            status=207,
        )
    )

    results = brightpearl_over(wire).ship_notes(_shipments(1, 2, 3))

    assert [results[one].state for one in (1, 2, 3)] == [SHIPPED, REFUSED, UNPROCESSED]
    assert isinstance(results[2].error, AlreadyThere)
    assert results[3].error is None


def test_details_that_are_refused_leave_the_note_unshipped() -> None:
    refused = {"errors": [{"code": "CMNC-010", "message": "bad"}]}
    wire = Wire(_told(_done("put-1", 400, refused), left=("ship-1",)))

    result = brightpearl_over(wire).ship_notes(_shipments(1))[1]

    assert result.state is REFUSED
    assert isinstance(result.error, Permanent)


def test_details_written_before_the_stop_count_as_unprocessed() -> None:
    wire = Wire(_told(_done("put-1"), left=("ship-1",)))

    assert brightpearl_over(wire).ship_notes(_shipments(1))[1].state is UNPROCESSED


def test_a_note_the_answer_does_not_mention_has_an_unknown_outcome() -> None:
    result = brightpearl_over(Wire(_told())).ship_notes(_shipments(1))[1]

    assert result.state is REFUSED
    assert isinstance(result.error, UnknownOutcome)


def test_trouble_inside_a_message_has_an_unknown_outcome() -> None:
    wire = Wire(_told(_done("put-1"), _done("ship-1", 502, None), status=207))

    assert isinstance(brightpearl_over(wire).ship_notes(_shipments(1))[1].error, UnknownOutcome)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply({"response": "You have sent too many requests"}, status=503), Throttled),
        (Reply(b"<html>", status=504), UnknownOutcome),
        (Reply(b"<html>"), UnknownOutcome),
        (Reply({"response": [1]}), UnknownOutcome),
        (Reply({"errors": [{"code": "CMNC-010", "message": "x"}]}, status=400), Permanent),
    ],
)
def test_a_request_that_fails_as_a_whole_is_raised(reply: Reply, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        brightpearl_over(Wire(reply)).ship_notes(_shipments(1, 2))


@pytest.mark.parametrize("note_ids", [(), (1, 2, 3, 4, 5, 6), (1, 1)])
def test_a_batch_is_one_to_five_different_notes(note_ids: tuple[int, ...]) -> None:
    wire = Wire(_told())

    with pytest.raises(ValueError, match="note"):
        brightpearl_over(wire).ship_notes(_shipments(*note_ids))

    assert wire.sent == []


def test_a_refused_put_alone_may_be_repeated() -> None:
    wire = Wire(_told(_done("put-1", 502), left=("ship-1",)))

    assert isinstance(brightpearl_over(wire).ship_notes(_shipments(1))[1].error, Transient)
