"""Correct and retry: what Brightpearl says is put right on the way, seen by whom one may."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from shared.db.correction_tables import NoteCorrection
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.correcting import Failed
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.notes import colleague, events, press, trail

WHY = "as the customer wrote"
STREET = "7 Quay Street"


@pytest.fixture
def note(portal: Merchants, vendors: Vendors) -> Failed:
    return Failed(portal, vendors)


@pytest.fixture
def lite(sqlite_portal: Merchants, vendors: Vendors) -> Failed:
    """Give the same where the database makes no difference."""
    return Failed(sqlite_portal, vendors)


def test_a_note_is_corrected_after_a_review_and_tried_again(note: Failed) -> None:
    review = note.review(line_1=STREET, reason=WHY)

    done = note.save(line_1=STREET, reason=WHY)

    assert "Nothing stands in its way" in review.text
    assert STREET in review.text
    assert done.status_code == 302
    assert note.values == {"line_1": STREET, "was:line_1": ""}
    assert note.kept is not None
    assert (note.kept.fields, note.kept.reason) == (["line_1"], WHY)
    assert STREET not in note.kept.sealed
    assert note.row.corrected_at == note.portal.now
    replays = [one for one in events(note.portal, "goods_out_note.changed") if one.replay_of]
    assert len(replays) == 1


def test_the_trail_names_fields_and_never_a_value(note: Failed) -> None:
    note.save(line_1=STREET, town="Bath", reason=WHY)

    told = [one for one in trail(note.portal) if one[1] == f"note {note.note_id}"]

    assert [act for act, _, _ in told][-1] == "corrected"
    assert told[-1][2] == f"Address line 1, Town: {WHY}"
    assert "personal_data_shown" in [act for act, _, _ in told]
    assert "Quay" not in str(trail(note.portal))


def test_no_vendor_is_asked_and_no_name_shown_before_the_form_is_opened(lite: Failed) -> None:
    lite.vendors.fault("brightpearl", "html_502", operation="goods-out-notes", times=5)
    before = trail(lite.portal)

    page = lite.client.get(lite.form)

    assert page.status_code == 200
    assert "It is noted that you looked" in page.text
    assert trail(lite.portal) == before


def test_one_who_may_only_look_corrects_nothing(lite: Failed) -> None:
    looker = colleague(lite.portal, "viewer")

    answers = [
        press(looker, f"{lite.form}{path}").status_code
        for path in ("", "/form", "/review", "/take-back")
    ]

    assert looker.get(lite.form).status_code == 403
    assert answers == [403] * 4
    assert lite.kept is None


def test_another_merchants_note_is_not_there_to_be_corrected(lite: Failed) -> None:
    lite.portal.note(8001, HARBOUR, order_stage="failed")

    answers = [
        press(lite.client, f"/sync-log/8001/acts/correct{path}").status_code
        for path in ("", "/form", "/review", "/take-back")
    ]

    assert answers == [404] * 4


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reason": WHY}, "All of this is what Brightpearl says already"),
        ({"line_1": STREET}, "Say why"),
        ({"country": "XX", "reason": WHY}, "Country is given by its two letters"),
        ({"method": "7", "reason": WHY}, "one of Brightpearl&#39;s that is mapped"),
        ({"email": "nowhere", "reason": WHY}, "E-mail looks like"),
        ({"phone": "call me", "reason": WHY}, "Telephone has digits"),
        ({"postcode": "9" * 40, "reason": WHY}, "Postcode has 40 characters"),
        ({"method": "9" * 5000, "reason": WHY}, "Shipping method has 5000 characters"),
        ({"country": "", "reason": WHY}, "Country cannot be empty"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(
    lite: Failed, changed: dict[str, str], told: str
) -> None:
    refused = lite.review(**changed)

    assert refused.status_code == 400
    assert told in refused.text
    assert lite.kept is None


def test_what_still_stands_in_the_way_is_said_before_it_is_saved(lite: Failed) -> None:
    review = lite.review(town="Bath", reason=WHY)

    assert review.status_code == 200
    assert "address_missing" in review.text


def test_what_changed_in_brightpearl_meanwhile_is_looked_at_first(lite: Failed) -> None:
    saved = press(lite.client, lite.form, line_1=STREET, reason=WHY, seen="other values")

    assert saved.status_code == 409
    assert "values changed since the form was shown" in saved.text
    assert lite.kept is None


@pytest.mark.parametrize("stage", ["done", "checking", "skipped"])
def test_what_may_be_at_shiphero_is_not_corrected(lite: Failed, stage: str) -> None:
    with lite.portal.open_session() as session:
        row = lite.row
        row.order_stage = stage
        session.add(session.merge(row))
        session.commit()

    saved = press(lite.client, lite.form, line_1=STREET, reason=WHY)

    assert saved.status_code == 409
    assert lite.kept is None
    assert "Correct and retry" not in lite.client.get(lite.path).text


def test_a_vendor_that_is_away_is_said_and_nothing_is_lost(lite: Failed) -> None:
    lite.vendors.fault("brightpearl", "html_502", times=50)

    page = press(lite.client, f"{lite.form}/form")

    assert page.status_code == 503
    assert "Open the form" in page.text


def test_the_form_begins_with_what_stands(lite: Failed) -> None:
    lite.save(line_1=STREET, reason=WHY)

    fields = lite.fields()

    assert (fields["line_1"], fields["town"], fields["reason"]) == (STREET, "Bristol", WHY)


def test_a_correction_is_taken_back_and_the_note_tried_as_it_is(note: Failed) -> None:
    note.save(line_1=STREET, reason=WHY)

    done = press(note.client, f"{note.form}/take-back")
    again = press(note.client, f"{note.form}/take-back")

    assert (done.status_code, again.status_code) == (302, 409)
    assert (note.kept, note.row.corrected_at) == (None, None)
    assert trail(note.portal)[-1][::2] == ("correction_taken_back", "Address line 1")


def test_the_note_and_the_list_say_that_it_was_changed_by_hand(lite: Failed) -> None:
    lite.save(line_1=STREET, reason=WHY)

    page, listed = (lite.client.get(path).text for path in (lite.path, "/sync-log"))

    assert "Corrected by hand: Address line 1, by ann@fernleaf.example" in page
    assert WHY in page
    assert "Corrected by hand" in listed
    assert "Quay" not in page + listed


def test_the_rules_tab_shows_it_as_initials_until_somebody_presses_show(lite: Failed) -> None:
    lite.save(line_1=STREET, country="IE", reason=WHY)
    path = f"{lite.path}/rules"

    hidden, openly = lite.client.get(path).text, press(lite.client, path).text
    looker = press(colleague(lite.portal, "viewer"), path)

    assert "Quay" not in hidden
    assert "Q… S…" in hidden
    assert ">IE<" in hidden
    assert STREET in openly
    assert trail(lite.portal)[-1][::2] == ("personal_data_shown", "what was corrected")
    assert looker.status_code == 403


def test_both_sides_mark_what_was_corrected_and_keep_brightpearls_own_words(lite: Failed) -> None:
    lite.save(town="Bath", line_1=STREET, reason=WHY)

    page = press(lite.client, f"{lite.path}/sides").text

    town = page.split('<th scope="row">City')[1].split("</tr>")[0]
    assert "corrected</span>" in town
    assert '<td data-name="Brightpearl note">Bristol</td>' in town


def test_a_dry_run_and_the_evidence_pack_take_it_into_account(lite: Failed) -> None:
    lite.save(line_1=STREET, reason=WHY)

    rehearsed = lite.client.get(f"/dry-run?note={lite.note_id}").text
    packs = [
        ZipFile(BytesIO(press(lite.client, f"{lite.path}/acts/evidence", **form).data))
        for form in ({}, {"personal": "1"})
    ]

    assert "Nothing stands in its way" in rehearsed
    assert "sent otherwise than Brightpearl says: Address line 1" in rehearsed
    told = [
        json.loads(pack.read(f"note-{lite.note_id}/facts.json"))["corrected_by_hand"][0]
        for pack in packs
    ]
    assert [one["sent_instead"] for one in told] == ["… Q… S…", STREET]


def test_what_was_erased_says_so_and_can_be_corrected_again(lite: Failed) -> None:
    lite.portal.keep(
        NoteCorrection(account_id=FERNLEAF, note_id=lite.note_id, fields=["town"], reason=WHY,
                       made_by="Ann", made_at=NOON, erased_at=NOON)
    )  # fmt: skip

    page = lite.client.get(lite.form).text
    rehearsed = lite.client.get(f"/dry-run?note={lite.note_id}").text
    lite.save(line_1=STREET, reason=WHY)

    assert "The values were erased, because they were old." in page
    assert "correction_erased" in rehearsed
    assert lite.values["line_1"] == STREET


def test_values_that_no_key_opens_are_said_to_be_unreadable(lite: Failed) -> None:
    lite.portal.keep(
        NoteCorrection(account_id=FERNLEAF, note_id=lite.note_id, sealed="x", fields=["town"],
                       reason=WHY, made_by="Ann", made_at=NOON)
    )  # fmt: skip

    page = lite.client.get(f"{lite.path}/rules")

    assert page.status_code == 200
    assert "none of our keys opens them" in page.text


def test_a_form_that_says_nothing_cancels_no_order(lite: Failed) -> None:
    answer = press(lite.client, lite.form)

    assert answer.status_code == 400
    assert events(lite.portal, "order_cancel.requested") == []
