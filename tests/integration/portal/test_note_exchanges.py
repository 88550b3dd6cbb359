"""What was asked of the vendors and answered: personal data by role, and the evidence pack."""

import json
from io import BytesIO
from zipfile import ZipFile

from tests.integration.portal.merchants import HARBOUR, Merchants
from tests.integration.portal.notes import (
    NOTE,
    act,
    attempted,
    colleague,
    press,
    sent,
    trail,
)


def test_the_timeline_leads_to_what_was_asked_and_answered(merchants: Merchants) -> None:
    sent(merchants)
    event_id = attempted(merchants)
    client = merchants.viewer()

    page = client.get(f"/sync-log/{NOTE}").text
    bodies = client.get(f"/sync-log/{NOTE}/attempts/{event_id}/1").text

    assert f"/sync-log/{NOTE}/attempts/{event_id}/1" in page
    assert "TEA" not in page
    assert "TEA" in bodies
    assert "SH-1" in bodies


def test_names_are_initials_until_an_operator_presses_show(merchants: Merchants) -> None:
    sent(merchants)
    path = f"/sync-log/{NOTE}/attempts/{attempted(merchants)}/1"
    client = colleague(merchants, "operator")

    before, after = client.get(path).text, press(client, path).text

    assert "Jane" not in before
    assert "J… S…" in before
    assert "GB" in before
    assert "Jane Smith" in after
    assert [one[:2] for one in trail(merchants)] == [("personal_data_shown", f"note {NOTE}")]


def test_a_viewer_sees_initials_and_nothing_else(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)
    path = f"/sync-log/{NOTE}/attempts/{attempted(sqlite_merchants)}/1"
    client = colleague(sqlite_merchants, "viewer")

    assert "J… S…" in client.get(path).text
    assert press(client, path).status_code == 403
    assert trail(sqlite_merchants) == []


def test_another_merchants_attempt_is_not_there(merchants: Merchants) -> None:
    sent(merchants)
    merchants.note(8001, HARBOUR)
    foreign = attempted(merchants, HARBOUR, note_id=8001)
    client = merchants.viewer()

    for note_id in (NOTE, 8001):
        path = f"/sync-log/{note_id}/attempts/{foreign}/1"
        assert client.get(path).status_code == 404
        assert press(client, path).status_code == 404


def test_another_notes_attempt_is_not_shown_under_this_one(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)
    sqlite_merchants.note(7002)
    other = attempted(sqlite_merchants, note_id=7002)

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}/attempts/{other}/1")

    assert page.status_code == 404


def test_the_evidence_pack_holds_the_story_with_initials(merchants: Merchants) -> None:
    sent(merchants)
    attempted(merchants)

    packed = ZipFile(BytesIO(act(merchants.viewer(), "evidence").data))

    files = {name.partition("/")[2]: packed.read(name).decode() for name in packed.namelist()}
    [request] = [text for name, text in files.items() if name.startswith("requests/")]
    assert json.loads(request)["asked"]["data"]["shipping_address"]["first_name"] == "J… S…"
    assert "r-1" in files["request-ids.txt"]
    assert "Attempt 1: done" in files["timeline.txt"]
    assert json.loads(files["facts.json"])["orders"][0]["key"] == f"GO-fernleaf-{NOTE}"
    assert "Jane" not in "".join(files.values())
    assert [kept for kept, _, _ in trail(merchants)] == ["evidence_taken"]


def test_a_pack_in_the_clear_is_asked_for_and_noted(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)
    attempted(sqlite_merchants)

    packed = ZipFile(BytesIO(act(sqlite_merchants.viewer(), "evidence", personal="1").data))

    assert any("Jane Smith" in packed.read(name).decode() for name in packed.namelist())
    assert [one[0] for one in trail(sqlite_merchants)] == ["evidence_taken", "personal_data_shown"]


def test_the_drawer_is_the_note_without_a_page_around_it(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)

    drawer = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}/drawer").text

    assert "<html" not in drawer
    assert 'id="note-live"' in drawer
