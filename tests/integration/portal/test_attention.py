"""Needs attention: its lines and their states, what people do, and who may."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import AuditEntry, IssueMark
from shared.db.telling_tables import Untold
from shared.db.vendor_tables import Alert
from tests.integration.portal.attended import (
    DPD,
    LINE,
    SKUS,
    UNMAPPED,
    badge,
    do,
    failing,
    mark,
    people,
)
from tests.integration.portal.configured import fetch_lists
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    notes_on,
)
from tests.integration.portal.notes import colleague, press
from tests.integration.portal.programs import Program, a_token

ANN = EMAILS[FERNLEAF]


def test_a_line_says_what_how_much_since_when_and_leads_to_the_field(merchants: Merchants) -> None:
    fetch_lists(merchants)
    for note_id in range(14):
        merchants.note(
            note_id, order_id=note_id, total=Decimal("86.43"), currency="GBP",
            brightpearl_method="Next day",
            inserted_at=NOON - timedelta(hours=note_id, minutes=1), **UNMAPPED,
        )  # fmt: skip
    merchants.note(99, HARBOUR, brightpearl_method="Theirs", **UNMAPPED)

    page = merchants.viewer().get("/attention").text

    assert "Shipping method Next day is not mapped</a>" in page
    assert "<strong>14 notes</strong>" in page
    assert "1,210.02 GBP" in page
    assert "23 Nov 22:59 UTC" in page
    assert "14 of them came in within the last 24 hours, at most 1 in one hour" in page
    assert 'href="/configuration#method-6"' in page
    assert "Theirs" not in page
    assert "Retry 14" not in page


def test_what_failed_can_be_retried_and_shown(merchants: Merchants) -> None:
    failing(merchants, 1, 2, 3)
    merchants.note(4, order_stage="done", shipment_stage="failed",
                   shipment_reason_code="sku_unknown")  # fmt: skip
    client = merchants.viewer()

    page = client.get("/attention").text
    rows = client.get("/sync-log?state=needs_you&reason=sku_unknown&direction=shiphero")
    plan = client.get(
        "/sync-log/plan?act=retry&all=1&state=needs_you&reason=sku_unknown&direction=shiphero"
    )

    assert "Retry 3…" in page
    assert "direction=shiphero" in page.split("Retry the 3 notes")[0].rpartition("href=")[2]
    assert notes_on(rows) == [3, 2, 1]
    assert "Direction: To ShipHero" in rows.text
    assert "<strong>3</strong> match" in plan.text


def test_the_badge_counts_what_is_open_on_every_page(merchants: Merchants) -> None:
    failing(merchants, 1, 2)
    failing(merchants, 3, order_reason_code="address_missing")
    client = merchants.viewer()

    assert badge(client) == "2"
    do(client, "acknowledge")
    assert badge(client) == "1"
    do(client, "acknowledge", on="no")
    do(client, "mute", hours="4")
    assert badge(client) == "1"
    merchants.now = NOON + timedelta(hours=4)
    assert badge(client) == "2"
    assert badge(merchants.viewer(HARBOUR)) == ""


def test_it_is_acknowledged_by_somebody_and_opened_again(merchants: Merchants) -> None:
    failing(merchants, 1)
    client = merchants.viewer()

    do(client, "acknowledge", back="list")
    page = client.get("/attention").text
    do(client, "acknowledge")
    kept = mark(merchants)
    do(client, "acknowledge", on="no")

    assert 'issue-acknowledged"' in page
    assert kept is not None
    assert (kept.acknowledged_by, kept.acknowledged_at) == (ANN, NOON)
    assert 'issue-open"' in client.get("/attention").text
    assert acts(merchants) == ["issue_acknowledged", "issue_opened"]


def acts(merchants: Merchants) -> list[str]:
    with merchants.open_session() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.subject == LINE.subject)).all()
    return [one.act for one in sorted(found, key=lambda one: one.id)]


@pytest.mark.parametrize("hours", ["", "0.5", "9000", "-1", "soon"])
def test_nothing_is_muted_for_good_or_for_no_time(sqlite_merchants: Merchants, hours: str) -> None:
    failing(sqlite_merchants, 1)

    do(sqlite_merchants.viewer(), "mute", hours=hours)

    assert mark(sqlite_merchants) is None


def test_muting_ends_by_itself_or_by_a_press(merchants: Merchants) -> None:
    failing(merchants, 1)
    client = merchants.viewer()

    do(client, "mute", hours="4")
    muted = client.get("/attention").text
    merchants.now = NOON + timedelta(hours=4)
    over = client.get("/attention").text
    do(client, "mute", hours="24")
    do(client, "mute", hours="0")

    assert "Muted until" in muted
    assert 'issue-open"' in over
    assert 'issue-open"' in client.get("/attention").text
    kept = mark(merchants)
    assert kept is not None
    assert (kept.muted_until, kept.muted_by) == (None, "")
    assert acts(merchants) == ["issue_muted", "issue_muted", "issue_unmuted"]


def test_it_is_assigned_to_who_may_act_and_they_are_to_be_told(merchants: Merchants) -> None:
    failing(merchants, 1)
    operator = colleague(merchants, "operator")
    colleague(merchants, "viewer")
    client, ids = merchants.viewer(), people(merchants)

    refused = do(client, "assign", person=str(ids["viewer"]))
    do(client, "assign", person=str(ids["operator"]))
    do(client, "assign", person=str(ids["operator"]))
    do(operator, "assign", person=str(ids["ann"]))
    do(client, "assign", person=str(ids["ann"]))

    assert refused.status_code == 400
    assert "Assigned by operator@fernleaf.example" in client.get("/attention").text
    with merchants.open_session() as session:
        told = session.exec(select(Untold).order_by(col(Untold.id))).all()
    assert [(one.cause, one.subject) for one in told] == [
        (str(ids["operator"]), LINE.written),
        (str(ids["ann"]), LINE.written),
    ]
    assert acts(merchants) == ["issue_assigned", "issue_assigned"]


def test_what_i_assign_to_myself_or_to_nobody_is_no_mail(merchants: Merchants) -> None:
    failing(merchants, 1)
    failing(merchants, 2, order_reason_code="address_missing")
    client, ids = merchants.viewer(), people(merchants)

    do(client, "assign", person=str(ids["ann"]))
    mine = client.get("/attention?assigned=me").text
    do(client, "assign", person="")

    assert "ShipHero does not have all SKUs" in mine
    assert "delivery street" not in mine
    assert "Nothing is assigned to you" in client.get("/attention?assigned=me").text
    with merchants.open_session() as session:
        assert session.exec(select(Untold)).all() == []


def test_its_own_page_has_its_notes_the_remedy_and_what_was_said(merchants: Merchants) -> None:
    failing(merchants, 1, 2, order_reason="ShipHero lacks TEA.")
    failing(merchants, 3, order_reason_code="address_missing")
    client = merchants.viewer()
    address = "/attention/issue?way=shiphero&reason=sku_unknown"

    do(client, "comment", words="Asked <the> warehouse")
    do(client, "comment", words="  ")
    do(client, "acknowledge")
    page = client.get(address)

    assert notes_on(page) == [2, 1]
    assert "Create the SKUs" in page.text
    assert "Asked &lt;the&gt; warehouse" in page.text
    assert f"<strong>{ANN}</strong> acknowledged what needs attention" in page.text
    assert acts(merchants) == ["issue_commented", "issue_acknowledged"]
    assert client.get("/attention/issue?way=shiphero&reason=made_up").status_code == 404
    assert client.get("/attention/issue?way=back&reason=sku_unknown").status_code == 404


def test_without_notes_it_is_resolved_and_nobody_acts_on_it(merchants: Merchants) -> None:
    failing(merchants, 1)
    client = merchants.viewer()
    do(client, "comment", words="It was the import")
    with merchants.open_session() as session:
        row = session.get_one(SyncLogRow, (FERNLEAF, 1))
        row.order_stage, row.order_reason_code = "done", ""
        session.add(row)
        session.commit()
    merchants.keep(IssueMark(account_id=FERNLEAF, code=LINE.code, way=LINE.way, key="",
                             resolved_at=NOON))  # fmt: skip

    refused = do(client, "acknowledge", back="list")
    page, after = client.get("/attention").text, client.get(refused.headers["Location"]).text
    details = client.get("/attention/issue?way=shiphero&reason=sku_unknown").text

    assert "Nothing was done: no note needs you for this any more." in page + after
    assert "No note needs attention" in page
    assert "Resolved within a day" in page
    assert "It opens again by itself" in details
    assert "It was the import" in details


def test_a_viewer_sees_and_does_nothing(merchants: Merchants) -> None:
    failing(merchants, 1)
    viewer = merchants.looker()

    page = viewer.get("/attention").text

    assert "<strong>1 note</strong>" in page
    for word in ("Acknowledge", "Mute", "Assign…", "Retry 1"):
        assert word not in page
    for act in ("acknowledge", "mute", "assign", "comment"):
        assert do(viewer, act, hours="1", words="x").status_code == 403
    for page_of in ("mute", "assign"):
        assert (
            viewer.get(f"/attention/{page_of}?way=shiphero&reason=sku_unknown").status_code == 403
        )
    assert mark(merchants) is None


def test_what_is_of_no_note_stands_below(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.keep(
        Alert(id=uuid4(), account_id=FERNLEAF, kind="silence", subject="notes",
              sentence="It is quiet.", raised_at=NOON)
    )  # fmt: skip
    about_a_note: dict[str, Any] = {
        "name": "goods_out_note.changed",
        "outcome": "dead",
        "settled_at": NOON,
    }
    sqlite_merchants.event(subject="1", reason_code="sku_unknown", **about_a_note)
    sqlite_merchants.event(subject="all", reason_code="bug",
                           **(about_a_note | {"name": "reference.requested"}))  # fmt: skip

    page = sqlite_merchants.viewer().get("/attention").text.split("Besides the notes")[1]

    assert "It is quiet." in page
    assert page.count("1 failed:") == 1


def test_a_program_is_told(merchants: Merchants) -> None:
    fetch_lists(merchants)
    failing(merchants, 1, 2, total=Decimal("5.5"), currency="GBP", order_id=41)
    merchants.note(3, brightpearl_method="Next day", **UNMAPPED)
    do(merchants.viewer(), "acknowledge")

    told = Program(merchants, a_token(merchants, scopes=["log:read"])).get("/issues").get_json()

    assert told["open"] == 1
    assert [
        (one["reason_code"], one["way"], one["key"], one["state"]) for one in told["issues"]
    ] == [
        (DPD["reason"], "shiphero", "Next day", "open"),
        (SKUS["reason"], "shiphero", "", "acknowledged"),
    ]
    assert told["issues"][1]["notes"] == 2
    assert Decimal(told["issues"][1]["sums"]["GBP"]) == Decimal("5.5")
    none = Program(merchants, a_token(merchants, scopes=["ledger:read"])).get("/issues")
    assert none.status_code == 403


def test_another_accounts_people_cannot_be_assigned(sqlite_merchants: Merchants) -> None:
    failing(sqlite_merchants, 1)
    client = sqlite_merchants.viewer()

    answer = press(client, "/attention/assign", person="2", **SKUS)

    assert answer.status_code == 400
    assert mark(sqlite_merchants) is None
