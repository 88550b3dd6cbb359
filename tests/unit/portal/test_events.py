"""The journal in words, filters in the address, and what of a vendor's body is hidden."""

import json
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.portal.events.cursor import Cursor
from services.portal.events.masking import HIDDEN, LONGEST, shown
from services.portal.events.wanted import read_wanted
from services.portal.events.words import NAMES, QUEUES, name_of
from shared.days import zone_of
from shared.events import ROUTES, Queue

LONDON = ZoneInfo("Europe/London")


def test_every_event_and_queue_has_words() -> None:
    assert set(NAMES) == set(ROUTES)
    assert set(QUEUES) == {queue.value for queue in Queue}
    assert name_of("made_up.later") == "Made up: later"


def test_a_cursor_is_read_as_it_was_written() -> None:
    place = Cursor(at=datetime(2026, 11, 24, 12, 0, 0, 123456, UTC), id=UUID(int=7))

    assert Cursor.read(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "-", "1-2", "x-" + "0" * 32, "9" * 40 + "-" + "0" * 32, "²-1"]
)
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert Cursor.read(text) is None


def test_a_filter_is_read_as_it_was_written() -> None:
    given = {"state": "dead", "name": "shipment.announced", "died_since": "2026-07-01T09:30"}

    asked = read_wanted(given, LONDON)

    assert asked.wanted.died_since == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert read_wanted(asked.wanted.links, ZoneInfo("UTC")).wanted == asked.wanted
    assert asked.faults == {}


def test_what_cannot_be_read_is_told_and_not_guessed() -> None:
    given = {"state": "lost", "name": "x", "queue": "y", "since": "soon", "until": "0001-01-01"}

    asked = read_wanted(given, ZoneInfo("Asia/Tokyo"))

    assert set(asked.faults) == set(given)
    assert asked.wanted.links == {}


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert [zone_of(name).key for name in ("Europe/London", "Mars/Base", "../etc", "")] == [
        "Europe/London", "UTC", "UTC", "UTC",
    ]  # fmt: skip


def test_ids_goods_and_tracking_are_shown_and_everything_else_is_hidden() -> None:
    body = {
        "webhook_type": "Shipment Update",
        "orderId": 7,
        "ready_to_ship": True,
        "paid": "Ida",
        "fulfillment": {"order_uuid": "abc", "name": "Ida Moss", "zip": 8001, "notes": ["Ring"]},
        "line_items": [{"sku": "TEA", "quantity": 2, "gift": "For Jo"}],
    }

    seen = shown({"body": json.dumps(body)}, in_full=False)

    assert seen.is_masked
    assert json.loads(seen.text) == {
        "webhook_type": "Shipment Update",
        "orderId": 7,
        "ready_to_ship": True,
        "paid": HIDDEN,
        "fulfillment": {"order_uuid": "abc", "name": HIDDEN, "zip": HIDDEN, "notes": [HIDDEN]},
        "line_items": [{"sku": "TEA", "quantity": 2, "gift": HIDDEN}],
    }


def test_a_body_that_nobody_can_read_is_hidden_whole() -> None:
    hidden, full = (shown({"body": "Ida Moss {"}, in_full=full) for full in (False, True))

    assert ("Ida" in hidden.text, hidden.is_masked) == (False, True)
    assert (full.text, full.is_masked) == ("Ida Moss {", False)


def test_a_long_body_is_cut() -> None:
    seen = shown({"body": json.dumps({"sku": "x" * 2 * LONGEST})}, in_full=True)

    assert (len(seen.text), seen.is_cut) == (LONGEST, True)
