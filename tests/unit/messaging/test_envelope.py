"""The CloudEvents envelope: written as the specification says, read with distrust."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import GOODS_OUT_NOTE_CHANGED, ROUTES
from shared.messaging.envelope import MAX_BODY_BYTES, Notice, Unreadable, read, to_outgoing
from shared.messaging.protocol import Incoming

EVENT_ID = UUID("0192f0c1-2f3e-7a55-8a3c-5d6e7f809123")
ACCOUNT_ID = UUID("0192f0c1-0000-7000-8000-000000000001")
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TIME = datetime(2026, 11, 23, 5, 38, 24, tzinfo=UTC)


def a_notice(**changes: Any) -> Notice:
    known: dict[str, Any] = {
        "event_id": EVENT_ID,
        "name": GOODS_OUT_NOTE_CHANGED,
        "subject": "7001",
        "account_id": ACCOUNT_ID,
        "generation": 3,
        "traceparent": TRACEPARENT,
    }
    return Notice(**{**known, **changes})


def an_incoming(body: bytes) -> Incoming:
    return Incoming(body=body, message_id=str(EVENT_ID), redelivered=False, handle=None)


def an_envelope(**changes: Any) -> Incoming:
    """Build a genuine message with some attributes changed; None leaves one out."""
    attributes = {**json.loads(to_outgoing(a_notice(), time=TIME).body), **changes}
    kept = {name: value for name, value in attributes.items() if value is not None}
    return an_incoming(json.dumps(kept).encode())


def test_an_envelope_is_a_cloud_event_that_names_the_event_and_nothing_of_a_vendor() -> None:
    message = to_outgoing(a_notice(), time=TIME)

    assert json.loads(message.body) == {
        "specversion": "1.0",
        "id": str(EVENT_ID),
        "source": "/goodsout/journal",
        "type": "goods_out_note.changed",
        "subject": "7001",
        "time": "2026-11-23T05:38:24Z",
        "datacontenttype": "application/json",
        "account": str(ACCOUNT_ID),
        "generation": 3,
        "traceparent": TRACEPARENT,
    }


def test_a_message_is_routed_by_its_name_and_known_by_its_event() -> None:
    message = to_outgoing(a_notice(), time=TIME)

    assert message.routing_key == "shiphero_push.goods_out_note.changed"
    assert message.message_id == str(EVENT_ID)
    assert message.headers == {"traceparent": TRACEPARENT}


@given(
    notice=st.builds(
        Notice,
        event_id=st.uuids(),
        name=st.sampled_from(sorted(ROUTES)),
        subject=st.text(max_size=200),
        account_id=st.uuids(),
        generation=st.integers(min_value=0, max_value=2**31 - 1),
        traceparent=st.sampled_from(["", TRACEPARENT]),
    )
)
def test_what_was_written_is_read_back(notice: Notice) -> None:
    message = to_outgoing(notice, time=TIME)

    assert read(an_incoming(message.body)) == notice


def test_attributes_that_we_do_not_know_are_ignored() -> None:
    assert read(an_envelope(dataschema="https://example.com", other=1)) == a_notice()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"{", "Invalid JSON"),
        (b"null", "is no envelope"),
        (b"[]", "is no envelope"),
        (b"[" * 10_000, "Invalid JSON"),
        (b" " * (MAX_BODY_BYTES + 1), "more than the 16384"),
    ],
)
def test_what_is_no_json_object_of_moderate_size_is_unreadable(body: bytes, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        read(an_incoming(body))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("id", None),
        ("id", "7001"),
        ("source", ""),
        ("type", None),
        ("type", "x" * 101),
        ("subject", ""),
        ("subject", 7001),
        ("time", "yesterday"),
        ("time", "2026-11-23T05:38:24"),
        ("account", None),
        ("account", "demo"),
        ("generation", None),
        ("generation", "3"),
        ("generation", 3.0),
        ("generation", True),
        ("generation", -1),
        ("generation", 2**31),
        ("traceparent", ""),
    ],
)
def test_an_attribute_out_of_order_is_named(attribute: str, value: object) -> None:
    with pytest.raises(Unreadable, match=f"is no envelope: {attribute}: "):
        read(an_envelope(**{attribute: value}))


def test_the_sentence_holds_nothing_of_the_body() -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(an_envelope(account="Ms Secret, 1 Hidden Lane"))

    assert "Secret" not in str(unreadable.value)
    assert str(EVENT_ID) in str(unreadable.value)
