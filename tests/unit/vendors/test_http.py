"""How requests go out: bounded, repeated only where harmless, every one recorded."""

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from shared.errors import Permanent, Transient, UnknownOutcome
from shared.vendors.calls import recording_calls
from shared.vendors.exchange import Ask, Effect
from shared.vendors.http import Patience
from tests.unit.vendors.wire import SECRET, Reply, Wire

READ = Ask(operation="read", method="GET", url="https://vendor.example/a", effect=Effect.READ)
WRITE = Ask(
    operation="write", method="POST", url="https://vendor.example/a", effect=Effect.SINGLE_WRITE
)
LOST = requests.ConnectionError(ProtocolError("Connection aborted", ConnectionResetError()))
REFUSED = requests.ConnectionError(
    MaxRetryError(None, "/a", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
)


def test_a_read_is_tried_three_times_and_then_transient() -> None:
    wire = Wire(LOST)

    with pytest.raises(Transient) as caught:
        wire.http().send(READ)

    assert len(wire.sent) == 3
    assert caught.value.code == "vendor_unreachable"


def test_a_read_that_works_the_second_time_is_answered() -> None:
    wire = Wire(LOST, Reply({"a": 1}))

    answer = wire.http().send(READ)

    assert answer.json() == {"a": 1}
    assert [call.status for call in wire.calls] == [None, 200]


def test_a_gateways_trouble_is_repeated_for_a_read_and_then_handed_back() -> None:
    wire = Wire(Reply(b"<html>", status=502))

    answer = wire.http().send(READ)

    assert answer.status == 502
    assert len(wire.sent) == 3


def test_a_single_write_whose_answer_is_lost_is_not_repeated() -> None:
    wire = Wire(LOST)

    with pytest.raises(UnknownOutcome):
        wire.http().send(WRITE)

    assert len(wire.sent) == 1


def test_a_single_write_met_by_a_gateways_trouble_is_not_repeated() -> None:
    wire = Wire(Reply(status=504))

    wire.http().send(WRITE)

    assert len(wire.sent) == 1


@pytest.mark.parametrize("never_sent", [REFUSED, requests.ConnectTimeout(REFUSED.args[0])])
def test_a_write_that_never_left_is_transient(never_sent: Exception) -> None:
    wire = Wire(never_sent)

    with pytest.raises(Transient, match="nothing was changed"):
        wire.http().send(WRITE)

    assert len(wire.sent) == 1


def test_an_unrelated_refusal_being_handled_does_not_prove_that_nothing_was_sent() -> None:
    wire = Wire(LOST)

    with pytest.raises(UnknownOutcome):
        _send_while_handling_a_refusal(wire)

    assert len(wire.sent) == 1


def _send_while_handling_a_refusal(wire: Wire) -> None:
    try:
        raise REFUSED
    except requests.ConnectionError:
        wire.http().send(WRITE)


def test_no_new_try_begins_after_ten_seconds() -> None:
    wire = Wire(LOST)
    http = wire.http(patience=Patience(within=0.0))

    with pytest.raises(Transient):
        http.send(READ)

    assert len(wire.sent) == 1


def test_an_answer_beyond_the_bound_is_refused() -> None:
    wire = Wire(Reply(b"x" * 1001))
    http = wire.http(patience=Patience(largest_answer=1000, tries=1))

    with pytest.raises(Permanent) as caught:
        http.send(READ)

    assert caught.value.code == "answer_too_large"


def test_a_writes_answer_beyond_the_bound_leaves_its_fate_open() -> None:
    wire = Wire(Reply(b"x" * 1001))

    with pytest.raises(UnknownOutcome):
        wire.http(patience=Patience(largest_answer=1000)).send(WRITE)

    assert len(wire.sent) == 1


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    wire = Wire(Reply(b"x" * 200_000))
    http = wire.http(patience=Patience(total=-1.0, tries=1))

    with pytest.raises(Transient, match="too slow"):
        http.send(READ)

    assert len(wire.sent) == 1


def test_a_redirect_to_another_host_is_never_followed() -> None:
    wire = Wire(Reply(status=302, headers={"Location": "https://elsewhere.example/a"}))

    with pytest.raises(Permanent) as caught:
        wire.http(patience=Patience(tries=1)).send(READ)

    assert caught.value.code == "foreign_redirect"
    assert len(wire.sent) == 1


def test_a_redirect_on_the_same_host_is_followed_for_a_read() -> None:
    wire = Wire(Reply(status=307, headers={"Location": "/b"}), Reply({"b": 1}))

    answer = wire.http().send(READ)

    assert answer.json() == {"b": 1}
    assert [sent.path for sent in wire.sent] == ["/a", "/b"]


def test_a_redirected_write_is_handed_back_unfollowed() -> None:
    wire = Wire(Reply(status=307, headers={"Location": "/b"}))

    answer = wire.http().send(WRITE)

    assert answer.status == 307
    assert len(wire.sent) == 1


def test_every_request_of_a_block_is_recorded_with_the_inner_blocks() -> None:
    http = Wire(LOST, Reply(), Reply()).http()

    with recording_calls() as outer:
        http.send(READ)
        with recording_calls() as inner:
            http.send(WRITE)

    assert [call.operation for call in inner] == ["write"]
    assert [(call.operation, call.status) for call in outer] == [
        ("read", None),
        ("read", 200),
        ("write", 200),
    ]


def test_numbers_with_a_point_stay_exact() -> None:
    wire = Wire(Reply(b'{"weight": 0.1}'))

    answer = wire.http().send(READ)

    assert str(answer.json()["weight"]) == "0.1"


def test_an_error_names_no_address_and_no_header() -> None:
    wire = Wire(requests.ConnectionError(f"https://vendor.example/{SECRET}"))
    ask = Ask(
        operation="write",
        method="POST",
        url=f"https://vendor.example/{SECRET}",
        effect=Effect.SINGLE_WRITE,
        headers={"Authorization": SECRET},
    )

    with pytest.raises(UnknownOutcome) as caught:
        wire.http().send(ask)

    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "Authorization" not in repr(ask)
