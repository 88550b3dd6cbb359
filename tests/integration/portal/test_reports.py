"""Reports, as they were sent."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from services.notifier.report.links import Links
from shared.db.journal_tables import EventRow
from shared.db.portal_tables import Report
from shared.differences import KINDS
from shared.events import REPORT_REQUESTED
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants, link_to, token_on


def a_report(merchants: Merchants, account_id: UUID = FERNLEAF, **known: Any) -> UUID:
    usual: dict[str, Any] = {
        "id": uuid4(), "account_id": account_id, "kind": "daily", "day": NOON.date(),
        "made_at": NOON, "subject": "Sync report", "html": "<p>Hello</p>", "text": "Hello",
    }  # fmt: skip
    row = Report(**(usual | known))
    with merchants.open_session() as session:
        session.add(row)
        session.commit()
        return row.id


def test_reports_are_listed_newest_first_page_by_page(merchants: Merchants) -> None:
    for number in range(31):
        day = NOON - timedelta(days=number)
        a_report(merchants, day=day.date(), made_at=day, subject=f"Report {number:02}")
    client = merchants.viewer()

    first = client.get("/reports")
    second = client.get(link_to(first, "next"))

    assert first.text.index("Report 00") < first.text.index("Report 29")
    assert "Report 30" not in first.text
    assert "Report 30" in second.text
    assert link_to(second, "next") == ""


def test_a_report_is_shown_in_a_frame_where_nothing_acts(sqlite_merchants: Merchants) -> None:
    report_id = a_report(sqlite_merchants, html="<script>alert(1)</script><p>Hello</p>")
    client = sqlite_merchants.viewer()

    page, mail = client.get(f"/reports/{report_id}"), client.get(f"/reports/{report_id}/html")

    assert '<iframe class="report-frame" sandbox="allow-popups' in page.text
    assert "<script>alert" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    policy = mail.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none';")
    assert "allow-scripts" not in policy
    assert "sandbox" in policy


def test_the_plain_text_is_no_markup(sqlite_merchants: Merchants) -> None:
    report_id = a_report(sqlite_merchants, text="2 < 3 & <b>4</b>")

    page = sqlite_merchants.viewer().get(f"/reports/{report_id}?part=text")

    assert "2 &lt; 3 &amp; &lt;b&gt;4" in page.text


def test_the_table_is_downloaded_under_its_day(sqlite_merchants: Merchants) -> None:
    report_id = a_report(sqlite_merchants, csv="note,state\n7001,synced\n")

    answer = sqlite_merchants.viewer().get(f"/reports/{report_id}/csv")

    assert answer.text == "note,state\n7001,synced\n"
    assert 'filename="goodsout-daily-2026-11-24.csv"' in answer.headers["Content-Disposition"]


def test_before_the_first_report_the_page_says_that_none_is_sent_yet(
    sqlite_merchants: Merchants,
) -> None:
    a_report(sqlite_merchants, HARBOUR)

    assert "No report has been sent yet" in sqlite_merchants.viewer().get("/reports").text


@pytest.mark.parametrize(
    "before", ["x", "~", "2026-11-24T12:00:00~x", "0001-01-01T00:00:00+14:00~"]
)
def test_a_place_that_is_none_leads_to_the_newest(sqlite_merchants: Merchants, before: str) -> None:
    a_report(sqlite_merchants)

    page = sqlite_merchants.viewer().get("/reports", query_string={"before": before})

    assert "Sync report" in page.text


def test_today_so_far_is_asked_for_once_a_minute_and_for_whoever_asks(
    merchants: Merchants,
) -> None:
    client = merchants.viewer()
    form = {"csrf_token": token_on(client.get("/reports"))}

    answers = [client.post("/reports/so-far", data=form, follow_redirects=True) for _ in range(2)]

    with merchants.open_session() as session:
        [event] = session.exec(select(EventRow).where(EventRow.name == REPORT_REQUESTED)).all()
    assert "is sent to ann@fernleaf.example" in answers[0].text
    assert (event.account_id, event.payload) == (FERNLEAF, {"day": "2026-11-24", "for_user": 1})


def test_every_link_of_a_report_leads_to_a_page(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7, order_stage="failed", order_reason_code="sku_unknown")
    links = Links("")
    client = sqlite_merchants.viewer()

    found = [
        client.get(address).status_code
        for address in (
            links.note(7),
            links.log(state="needs_you", reason="sku_unknown"),
            links.log_of_day(NOON.date(), ZoneInfo("Europe/London")),
            links.differences(),
            *(links.differences(kind) for kind in KINDS),
            *(links.page(path) for path in ("audit", "configuration", "events?state=dead")),
        )
    ]

    assert set(found) == {200}
