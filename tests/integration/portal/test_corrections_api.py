"""A program has a note sent otherwise than Brightpearl says; it is told no value."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.portal.tokens.token import LOG_READ, NOTES_CORRECT, NOTES_RETRY
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.correcting import Failed
from tests.integration.portal.merchants import HARBOUR, Merchants
from tests.integration.portal.notes import events, trail
from tests.integration.portal.programs import Program, a_token

WISH = {"fields": {"line_1": "7 Quay Street"}, "reason": "as the customer wrote"}


@pytest.fixture
def note(portal: Merchants, vendors: Vendors) -> Failed:
    return Failed(portal, vendors)


@pytest.fixture
def lite(sqlite_portal: Merchants, vendors: Vendors) -> Failed:
    """Give the same where the database makes no difference."""
    return Failed(sqlite_portal, vendors)


def call(note: Failed, method: str, body: Any = None, *, note_id: int = 0) -> TestResponse:
    program = Program(note.portal, a_token(note.portal))
    return program.call(method, f"/sync-log/{note_id or note.note_id}/corrections", body)


def test_a_program_corrects_a_note_and_takes_it_back(note: Failed) -> None:
    before = call(note, "GET").json
    done = call(note, "PUT", WISH)
    told = call(note, "GET")
    values = note.values
    gone = call(note, "DELETE").json

    assert before is not None
    assert before["fields"] == []
    assert done.status_code == 200
    assert done.json is not None
    assert done.json["fields"] == ["line_1"]
    assert "Replayed" in done.json["sentences"][0]
    assert values == {"line_1": "7 Quay Street", "was:line_1": ""}
    assert told.json is not None
    assert told.json["fields"] == [{"field": "line_1", "counts": True}]
    assert told.json["made_by"] == "token Warehouse screen"
    assert "Quay" not in told.text
    assert gone == {"done": True}
    assert note.kept is None
    assert len([one for one in events(note.portal, "goods_out_note.changed") if one.replay_of]) == 1
    assert [one[0] for one in trail(note.portal)][-2:] == ["corrected", "correction_taken_back"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"fields": {}, "reason": "x"}, 422),
        ({"fields": {"sku": "TEA"}, "reason": "x"}, 422),
        ({"fields": {"line_1": "7 Quay Street"}, "reason": " "}, 422),
        ({"fields": {"country": "XX"}, "reason": "x"}, 422),
        ({"fields": {"town": "Bristol"}, "reason": "x"}, 422),
    ],
)
def test_what_cannot_be_sent_is_refused_by_field(lite: Failed, body: Any, status: int) -> None:
    refused = call(lite, "PUT", body)

    assert refused.status_code == status
    assert refused.json is not None
    assert refused.json["faults"]
    assert lite.kept is None


def test_a_token_needs_the_scope_for_it(lite: Failed) -> None:
    token = a_token(lite.portal, scopes=(LOG_READ, NOTES_RETRY))
    program = Program(lite.portal, token)
    path = f"/sync-log/{lite.note_id}/corrections"

    refused = [program.call("PUT", path, WISH), program.call("DELETE", path)]

    assert [one.status_code for one in refused] == [403, 403]
    assert NOTES_CORRECT in refused[0].text


def test_anothers_note_is_not_there_and_one_at_shiphero_is_too_late(lite: Failed) -> None:
    lite.portal.note(8001, HARBOUR, order_stage="failed")
    lite.portal.note(9001, order_stage="done")

    answers = {
        (note_id, method): call(lite, method, WISH, note_id=note_id).status_code
        for note_id in (8001, 9001)
        for method in ("PUT", "DELETE")
    }

    assert answers == {
        (8001, "PUT"): 404, (8001, "DELETE"): 404, (9001, "PUT"): 409, (9001, "DELETE"): 409,
    }  # fmt: skip
    assert lite.kept is None


def test_a_vendor_that_is_away_is_said(lite: Failed) -> None:
    lite.vendors.fault("brightpearl", "html_502", times=50)

    assert call(lite, "PUT", WISH).status_code == 503
