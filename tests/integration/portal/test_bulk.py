"""Many notes at once: grouped by reason, retried, marked as handled, and taken as a file."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from services.portal.log import bulk_pages, export, plan, selection
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import AuditEntry
from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    notes_on,
    token_on,
)

UNKNOWN: Mapping[str, Any] = {"order_stage": "failed", "order_reason_code": "sku_unknown"}


def test_those_that_need_a_person_are_grouped_by_why(merchants: Merchants) -> None:
    for note_id in (1, 2, 3):
        merchants.note(note_id, **UNKNOWN)
    merchants.note(4, order_stage="done", shipment_stage="held",
                   shipment_reason_code="event_owner_unset")  # fmt: skip
    merchants.note(5, order_stage="skipped", order_reason_code="before_go_live")
    merchants.note(6, HARBOUR, **UNKNOWN)
    client = merchants.viewer()

    page = client.get("/sync-log?state=needs_you")
    chosen = client.get("/sync-log?state=needs_you&reason=sku_unknown")

    assert (
        "<strong>3 \N{MULTIPLICATION SIGN}</strong> ShipHero does not have all SKUs of the note."
        in page.text
    )
    assert "<strong>1 \N{MULTIPLICATION SIGN}</strong> No staff contact is chosen" in page.text
    assert "Create the SKUs that are named above in ShipHero" in page.text
    assert "Why they need you" not in client.get("/sync-log").text
    assert notes_on(chosen) == [3, 2, 1]
    assert "No staff contact is chosen" in chosen.text


def test_a_plan_says_what_can_be_retried_and_what_not(merchants: Merchants) -> None:
    some_notes(merchants)

    page = merchants.viewer().get("/sync-log/plan?act=retry&all=1&state=needs_you").text

    assert "Retry 2 notes?" in page
    assert "<strong>4</strong> match" in page
    assert "<strong>1</strong> waiting for a setting or a connection" in page
    assert "<strong>1</strong> in progress already" in page
    assert "about 24 ShipHero credits" in page


def test_all_that_match_are_retried_once_behind_what_comes_in(merchants: Merchants) -> None:
    some_notes(merchants)
    client = merchants.viewer()
    fields = fields_on(client.get("/sync-log/plan?act=retry&all=1&state=needs_you"))

    done = carry_out(client, fields)
    again = carry_out(client, fields)

    replays = rows(merchants, EventRow, replay=True)
    assert "2 notes tried again; 1 waiting for a setting or a connection" in done.text
    assert "1 note waiting for a setting or a connection; 3 in progress already." in again.text
    assert [(row.subject, row.lane) for row in replays] == [("1", 1), ("2", 1)]
    assert [entry.subject for entry in rows(merchants, AuditEntry)] == ["4 notes", "4 notes"]
    assert rows(merchants, AuditEntry)[0].after == "State: Needs you"


def test_what_comes_to_match_after_the_plan_is_left_alone(merchants: Merchants) -> None:
    some_notes(merchants)
    merchants.now = NOON + timedelta(hours=1)
    client = merchants.viewer()
    fields = fields_on(client.get("/sync-log/plan?act=handle&all=1&state=needs_you"))
    merchants.note(9, inserted_at=NOON + timedelta(hours=2), **UNKNOWN)

    done = carry_out(client, fields, why="told the warehouse")

    assert "4 notes marked as handled." in done.text
    assert "1 more came in meanwhile and were left alone." in done.text
    assert notes_on(client.get("/sync-log?state=needs_you")) == [9]


def test_ticked_notes_are_marked_as_handled_with_a_note(merchants: Merchants) -> None:
    some_notes(merchants)
    merchants.note(8, order_stage="done")
    client = merchants.viewer()
    ticked = MultiDict([("act", "handle"), ("note", "1"), ("note", "3"), ("note", "8")])
    fields = fields_on(client.post("/sync-log/plan", data=with_token(client, ticked)))

    refused = client.post("/sync-log/plan/carry-out", data=with_token(client, fields))
    done = carry_out(client, fields, why="shipped by hand")

    assert refused.status_code == 400
    assert "Write down why" in refused.text
    assert "2 notes marked as handled; 1 left alone" in done.text
    handled = client.get("/sync-log?state=handled")
    assert notes_on(handled) == [3, 1]
    assert "By ann@fernleaf.example: shipped by hand" in handled.text
    letters = rows(merchants, EventRow)
    assert {row.subject for row in letters if row.discard_note == "shipped by hand"} == {"1"}
    told = [(entry.subject, entry.after) for entry in rows(merchants, AuditEntry)]
    assert told == [(f"note {note}", "shipped by hand") for note in (1, 3, 8)]


def test_the_whole_page_can_be_chosen_without_scripts(sqlite_merchants: Merchants) -> None:
    some_notes(sqlite_merchants)
    client = sqlite_merchants.viewer()
    chosen = MultiDict([("act", "retry"), ("whole_page", "1"), ("shown", "4,3,2,1")])

    page = client.post("/sync-log/plan", data=with_token(client, chosen))

    assert "<strong>4</strong> selected" in page.text


@pytest.mark.parametrize("filtered", ["", "&state=nothing", "&sort=total"])
def test_nothing_is_done_with_all_there_are(sqlite_merchants: Merchants, filtered: str) -> None:
    sqlite_merchants.note(1, **UNKNOWN)
    client = sqlite_merchants.viewer()

    refused = client.get(f"/sync-log/plan?act=retry&all=1{filtered}", follow_redirects=True)

    assert "Set a filter first" in refused.text
    assert "Tick the notes first" in client.get("/sync-log/plan?act=retry",
                                                follow_redirects=True).text  # fmt: skip
    assert client.get("/sync-log/plan?act=sell&all=1&state=needs_you").status_code == 400


def test_more_than_may_be_taken_at_once_is_said(
    sqlite_merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "NOTES_AT_MOST", 2)
    monkeypatch.setattr(plan, "NOTES_AT_MOST", 2)
    monkeypatch.setattr(bulk_pages, "NOTES_AT_MOST", 2)
    some_notes(sqlite_merchants)

    page = sqlite_merchants.viewer().get("/sync-log/plan?act=handle&all=1&state=needs_you").text

    assert "<strong>More than 2</strong> match: the newest 2 are taken now" in page
    assert "Mark 2 notes as handled?" in page


def test_an_account_acts_on_its_own_notes_only(merchants: Merchants) -> None:
    merchants.note(1, HARBOUR, **UNKNOWN)
    dead(merchants, 1, HARBOUR)
    client = merchants.viewer(FERNLEAF)
    fields = MultiDict([("act", "retry"), ("note", "1")])

    done = carry_out(client, fields)
    marked = carry_out(client, MultiDict([("act", "handle"), ("note", "1")]), why="mine")

    assert "1 note with nothing to retry" in done.text
    assert "1 note left alone" in marked.text
    assert rows(merchants, SyncLogRow)[0].handled_at is None
    assert len(rows(merchants, EventRow)) == 1


def test_the_file_holds_what_matches_in_the_shown_order(
    merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 2)
    for note_id in range(1, 6):
        merchants.note(note_id, total=Decimal(f"{note_id}.5"), currency="GBP", **UNKNOWN)
    merchants.note(6, order_id=41007, sequence=1, synced_at=NOON, order_stage="done",
                   shipment_stage="done", customer_reference="SHOP-6")  # fmt: skip
    merchants.note(7, HARBOUR)
    client = merchants.viewer()

    failed = lines(client.get("/sync-log/export.csv?status=Failed&sort=total&dir=asc"))
    every = lines(client.get("/sync-log/export.csv"))

    assert [line["Note id"] for line in failed] == ["1", "2", "3", "4", "5"]
    assert failed[0]["Total"] == "1.5000"
    assert failed[0]["Order status"] == "Failed"
    assert every[0]["Order #"] == "SHOP-6"
    assert every[0]["Note"] == "41007/1"
    assert every[0]["Synced at"] == "2026-11-24T12:00:00Z"
    assert {line["Time zone"] for line in every} == {"UTC"}
    assert len(every) == 6


def test_no_cell_of_the_file_is_a_formula(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1, customer_reference="=1+1", total=Decimal(-3), currency="@SUM(A1)",
                          order_reason="+cmd|' /C calc'!A0", brightpearl_method="-2+3")  # fmt: skip

    answer = sqlite_merchants.viewer().get("/sync-log/export.csv")
    line = lines(answer)[0]

    names = ("Order #", "Total", "Currency", "Reason", "Shipping method")
    assert [line[name] for name in names] == [
        "'=1+1", "-3.0000", "'@SUM(A1)", "'+cmd|' /C calc'!A0", "'-2+3",
    ]  # fmt: skip
    named = 'attachment; filename="sync-log-fernleaf-2026-11-24.csv"'
    assert answer.headers["Content-Disposition"] == named


def test_a_file_that_is_cut_off_says_so(
    sqlite_merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ROWS_AT_MOST", 3)
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 2)
    for note_id in range(1, 6):
        sqlite_merchants.note(note_id)

    told = sqlite_merchants.viewer().get("/sync-log/export.csv").text.splitlines()

    assert len(told) == 5
    assert told[-1].strip('"') == "Only the first 3 rows are in this file: narrow the filter."


def some_notes(merchants: Merchants) -> None:
    """Keep two notes that can be retried, one that waits for a setting and one in progress."""
    merchants.now = NOON + timedelta(minutes=1)
    for note_id in (1, 2):
        merchants.note(note_id, **UNKNOWN)
        dead(merchants, note_id)
    merchants.note(3, order_stage="held", order_reason_code="warehouse_undecided")
    merchants.event(subject="3", hold_cause="warehouse_undecided:2", hold_version=1)
    merchants.note(4, **UNKNOWN)
    merchants.event(subject="4", published_at=NOON)


def dead(merchants: Merchants, note_id: int, account_id: Any = FERNLEAF) -> None:
    merchants.event(account_id, subject=str(note_id), outcome="dead", settled_at=NOON)


def rows(merchants: Merchants, kind: Any, *, replay: bool = False) -> Sequence[Any]:
    with merchants.open_session() as session:
        found = session.exec(select(kind)).all()
    kept = [row for row in found if not replay or row.replay_of]
    return sorted(kept, key=lambda row: str(getattr(row, "subject", "")))


def fields_on(page: TestResponse) -> MultiDict[str, str]:
    """Read the fields of the form that carries a plan out."""
    form = page.text.partition('action="/sync-log/plan/carry-out"')[2]
    parts = [part.partition(">")[0] for part in form.split('<input type="hidden" name="')[1:]]
    pairs = [(part.partition('"')[0], part.split('value="')[1].rstrip('"')) for part in parts]
    return MultiDict([pair for pair in pairs if pair[0] != "csrf_token"])


def with_token(client: FlaskClient, fields: Mapping[str, str]) -> MultiDict[str, str]:
    token = token_on(client.get("/connections"))
    return MultiDict([*MultiDict(fields).items(multi=True), ("csrf_token", token)])


def carry_out(client: FlaskClient, fields: Mapping[str, str], **more: str) -> TestResponse:
    data = with_token(client, fields)
    data.update(more)
    return client.post("/sync-log/plan/carry-out", data=data, follow_redirects=True)


def lines(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
