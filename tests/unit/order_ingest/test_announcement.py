"""Reading which notes a Brightpearl webhook is about."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.order_ingest.announcement import Announcement, read_announcement
from shared.errors import Permanent
from shared.notes.key import LARGEST_NOTE_ID


def told(**fields: Any) -> Announcement:
    body = {"accountCode": "demo", "resourceType": "goods-out-note", "id": "501", **fields}
    return read_announcement({"body": json.dumps(body)})


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("501", (501,)),
        ("1-5,99", (1, 2, 3, 4, 5, 99)),
        ("9.7.12", (7, 9, 12)),
        ("5,5,5-6,5", (5, 6)),
        (" 7 , 8 ", (7, 8)),
        (501, (501,)),
        (str(LARGEST_NOTE_ID), (LARGEST_NOTE_ID,)),
    ],
)
def test_an_id_set_is_read_in_every_spelling(written: object, ids: tuple[int, ...]) -> None:
    assert told(id=written).ids.ids == ids


def test_a_set_over_ten_thousand_is_counted_and_not_expanded() -> None:
    assert told(id="1-10000").ids.size == 10_000
    assert told(id="1-10001").ids.ids is None
    assert told(id="1-999999999999999999").ids.size == 999_999_999_999_999_999


@pytest.mark.parametrize(
    "written",
    ["", "x", "1-", "-1", "0", "5-1", "1,,2", "1;2", "٣", [1], None, {}, True,
     str(LARGEST_NOTE_ID + 1), "9" * 18],
)  # fmt: skip
def test_what_names_no_note_is_refused_with_a_sentence(written: object) -> None:
    with pytest.raises(Permanent, match=r"names no note we can read: .* Look for a note") as raised:
        told(id=written)

    assert raised.value.code == "webhook_unreadable"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is JSON but no object"),
        ("null", "is JSON but no object"),
        ("501", "is JSON but no object"),
        ("{}", "names no note we can read"),
    ],
    ids=range(7),
)
def test_an_unreadable_body_is_refused_with_a_sentence(body: str, sentence: str) -> None:
    with pytest.raises(Permanent, match=sentence) as raised:
        read_announcement({"body": body})

    assert raised.value.code == "webhook_unreadable"


@given(body=st.text() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(str))
def test_no_body_breaks_the_reading(body: str) -> None:
    with pytest.raises(Permanent):
        read_announcement({"body": body})


@pytest.mark.parametrize(
    ("cycle", "destroyed"), [("destroyed", True), ("created", False), ("", False)]
)
def test_only_a_destroyed_event_says_that_a_note_is_gone(cycle: str, destroyed: bool) -> None:  # noqa: FBT001 - a table
    assert told(lifecycleEvent=cycle).destroyed is destroyed
