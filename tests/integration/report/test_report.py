"""A day's report: made once, kept as it is sent, read back from a real mail server."""

import csv
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from shared.alerts import Cause, raise_alert
from shared.audit import record_act
from shared.bounces import PAUSED_AFTER, Bounce, count_bounce
from shared.db.destination_tables import Destination
from shared.db.journal_tables import EventRow
from shared.db.portal_tables import Difference
from shared.destinations import told_by
from shared.differences import DOUBLED
from shared.events import NOTICE_REQUESTED
from shared.journal.record import new_id
from shared.notifications import DAILY_REPORT, choose_kinds
from shared.watermarks import NOTES, move_watermark
from tests.integration.report.merchant import (
    ANN,
    DAY,
    NOON,
    PORTAL,
    SEVEN,
    Merchant,
    html_of,
    table_of,
    text_of,
)

LACKS = "ShipHero lacks TEA-EARL."


def a_day(merchant: Merchant) -> None:
    """Have eight notes of every sort come in on DAY, and two the day before."""
    merchant.shipped(1)
    merchant.shipped(2)
    merchant.sent(3)
    merchant.note(4, customer_reference="WEB-4", order_stage="failed", order_reason=LACKS,
                  order_reason_code="sku_unknown")  # fmt: skip
    merchant.note(5, order_stage="held", order_reason_code="warehouse_undecided",
                  order_reason="It is not decided where warehouse 5 goes.")  # fmt: skip
    merchant.note(6, order_stage="skipped", order_reason_code="before_go_live")
    merchant.note(7, order_stage="skipped", order_reason_code="stock_transfer")
    merchant.note(8, order_stage="retrying", order_reason_code="shiphero_trouble")
    merchant.shipped(9, inserted_at=NOON - timedelta(days=1))
    merchant.sent(10, inserted_at=NOON - timedelta(days=1))


def test_it_is_kept_as_it_is_sent_to_everybody_who_wants_it(merchant: Merchant) -> None:
    a_day(merchant)
    merchant.person("ola@acme.example", role="operator")

    [mail] = merchant.report()

    [kept] = merchant.reports()
    subject = "Sync report: 3 synced · 2 need you · 0 unexplained \N{EN DASH} Tue 24 Nov"
    assert (mail["To"], mail["Subject"]) == (ANN, subject)
    assert (kept.kind, kept.day, kept.subject) == ("daily", DAY, subject)
    assert kept.html.partition("</h1>")[2].partition("Replies")[0] in html_of(mail)
    assert kept.text.partition("-- ")[0] in text_of(mail)
    assert table_of(mail) == kept.csv


def test_the_plain_text_tells_the_day(merchant: Merchant) -> None:
    a_day(merchant)

    [mail] = merchant.report()

    text = text_of(mail)
    assert "Acme Teas: Tuesday 24 November 2026" in text
    assert re.search(r"Orders +3 +1 +1 +1\n", text)
    assert re.search(r"Shipments +2 +2 +0 +0\n", text)
    assert re.search(r"Notes received +8 +2 +0\n", text)
    assert re.search(r"Together +8\n", text)
    assert "- 1: The note is a stock transfer, not a sale." in text
    assert "* 1 note: ShipHero does not have all SKUs of the note." in text
    assert "WEB-4 (note 4): ShipHero lacks TEA-EARL." in text
    assert f"{PORTAL}/sync-log/4" in text
    assert f"{PORTAL}/sync-log?state=needs_you&reason=warehouse_undecided" in text
    assert "Note to ShipHero order: half within 30 s, 19 of 20 within 30 s." in text
    assert "0 webhooks unexplained: all that was kept is there." in text


def test_the_html_says_the_same_and_fetches_nothing(sqlite_merchant: Merchant) -> None:
    a_day(sqlite_merchant)
    sqlite_merchant.rename(name="<b>Acme</b> & Sons")

    [mail] = sqlite_merchant.report()

    html = html_of(mail)
    assert "&lt;b&gt;Acme&lt;/b&gt; &amp; Sons" in html
    assert f'href="{PORTAL}/sync-log/4"' in html
    assert not re.search(r"<img|<script|@import|url\(|<link", html)


def test_asked_for_again_or_by_a_second_clock_it_is_made_once(merchant: Merchant) -> None:
    a_day(merchant)
    first = merchant.report()
    second = merchant.report()

    assert (len(first), len(second), len(merchant.reports())) == (1, 0, 1)


def test_who_chose_against_it_gets_none_and_it_is_kept_all_the_same(merchant: Merchant) -> None:
    a_day(merchant)
    with merchant.books.session() as session:
        choose_kinds(session, merchant.account, merchant.ann, {DAILY_REPORT: False})

    assert merchant.report() == []
    assert len(merchant.reports()) == 1


def test_it_is_switched_off_from_the_mail_but_not_from_what_is_kept(merchant: Merchant) -> None:
    [mail] = merchant.report()

    [kept] = merchant.reports()
    switch = re.search(rf"{PORTAL}/unsubscribe/[\w.-]+", text_of(mail))
    assert switch is not None
    assert mail["List-Unsubscribe"] == f"<{switch[0]}>"
    assert switch[0] in html_of(mail)
    assert "unsubscribe" not in kept.html + kept.text


def test_a_webhook_is_told_of_it_once_and_in_short(merchant: Merchant) -> None:
    a_day(merchant)
    with merchant.books.session() as session:
        session.add(
            Destination(id=new_id(), account_id=merchant.account, name="Warehouse", way="slack",
                        address="-", shown_address="-", kinds=[DAILY_REPORT], made_by=ANN,
                        made_at=NOON)
        )  # fmt: skip

    merchant.report()
    merchant.report()

    [kept] = merchant.reports()
    with merchant.books.open_session() as session:
        [event] = session.exec(select(EventRow).where(EventRow.name == NOTICE_REQUESTED)).all()
    told = told_by(event.payload)
    assert told.notice.subject == kept.subject
    assert told.notice.link == f"{PORTAL}/reports/{kept.id}"
    assert ("Notes received", "8") in told.notice.facts


def test_an_address_whose_mail_comes_back_gets_none(sqlite_merchant: Merchant) -> None:
    bounce = Bounce(account_id=sqlite_merchant.account, email=ANN, code=550, sentence="No such.")
    with sqlite_merchant.books.session() as session:
        for _ in range(PAUSED_AFTER):
            count_bounce(session, bounce, event_id=new_id(), now=NOON)

    assert sqlite_merchant.report() == []


def test_a_quiet_day_is_told_with_what_is_usual(merchant: Merchant) -> None:
    for week in range(1, 9):
        for number in range(30 + week):
            merchant.shipped(1000 * week + number, inserted_at=NOON - timedelta(weeks=week))

    [mail] = merchant.report()

    assert mail["Subject"].startswith("Sync report: 0 synced · 0 need you · 0 unexplained")
    assert "A quiet day: no note came in" in text_of(mail)
    assert "A Tuesday usually brings 32\N{EN DASH}37." in text_of(mail)


def test_a_quiet_day_is_passed_over_where_nobody_wants_to_hear_of_it(merchant: Merchant) -> None:
    merchant.rename(report_quiet_days=False)
    id_ = merchant.ask()
    desk = merchant.make()

    assert id_ is not None
    assert desk.ends(id_) == [(1, "skipped", "quiet_day")]
    assert (merchant.post(), merchant.reports()) == ([], [])


def test_a_day_that_needs_somebody_is_not_quiet(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.rename(report_quiet_days=False)
    sqlite_merchant.note(1, order_stage="failed", order_reason_code="sku_unknown",
                         inserted_at=NOON - timedelta(days=9))  # fmt: skip

    [mail] = sqlite_merchant.report()

    assert "0 synced · 1 needs you" in mail["Subject"]


def test_late_is_said(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.books.clock.pass_(hours=9)

    [mail] = sqlite_merchant.report()

    assert "This report was due Wed 25 Nov at 07:00 and comes late" in text_of(mail)


def test_so_far_is_for_whoever_asked_and_replaces_the_last_one(merchant: Merchant) -> None:
    merchant.books.clock.time = NOON + timedelta(minutes=5)
    ola = merchant.person("ola@acme.example", role="operator")
    merchant.sent(1)
    merchant.ask_so_far(ola)
    merchant.make()
    [first] = merchant.post()
    merchant.sent(2)
    merchant.books.clock.pass_(minutes=1)
    merchant.ask_so_far(ola)
    merchant.make()

    [second] = merchant.post()

    [kept] = merchant.reports()
    assert (first["To"], second["To"]) == ("ola@acme.example", "ola@acme.example")
    assert first["Subject"].startswith("Sync report so far: 1 synced")
    assert second["Subject"].startswith("Sync report so far: 2 synced")
    assert (kept.kind, kept.subject) == ("so_far", second["Subject"])


def test_a_hundred_failures_are_listed_and_the_rest_is_a_link(sqlite_merchant: Merchant) -> None:
    for number in range(130):
        sqlite_merchant.note(number, order_stage="failed", order_reason_code="sku_unknown",
                             order_reason="ShipHero does not have it.")  # fmt: skip

    [mail] = sqlite_merchant.report()

    text = text_of(mail)
    assert len(re.findall(rf"^    {PORTAL}/sync-log/\d+$", text, re.MULTILINE)) == 100
    assert f"These and 30 more: {PORTAL}/sync-log?state=needs_you&reason=sku_unknown" in text


def test_nothing_in_the_table_is_a_formula(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.note(1, customer_reference='=HYPERLINK("http://evil")', order_stage="failed",
                         order_reason_code="sku_unknown", order_reason="@SUM(1)")  # fmt: skip
    sqlite_merchant.note(2, customer_reference="+44 20", order_stage="done", synced_at=NOON)

    [mail] = sqlite_merchant.report()

    head, *rows = csv.DictReader(table_of(mail).removeprefix("\ufeff").splitlines())
    assert head["Order #"] == '\'=HYPERLINK("http://evil")'
    assert head["Reason"] == "'@SUM(1)"
    assert head["Needs you"] == "yes"
    assert [row["Order #"] for row in rows] == ["'+44 20"]


def test_it_tells_what_people_changed_what_alerts_came_and_what_differs(
    merchant: Merchant,
) -> None:
    with merchant.books.session() as session:
        record_act(session, merchant.account, who=ANN, act="settings_saved", subject="Order sync",
                   before="off", after="on", now=NOON)  # fmt: skip
        record_act(session, merchant.account, who=ANN, act="personal_data_shown", now=NOON)
        cause = Cause(account_id=merchant.account, kind="connection_broken", subject="shiphero")
        raise_alert(session, cause, sentence="ShipHero refuses us.", raised_at=NOON)
        move_watermark(
            session, merchant.account, NOTES, reached=NOON, now=NOON, found=240, missed=2
        )
        session.add(
            Difference(
                id=new_id(),
                account_id=merchant.account,
                kind=DOUBLED,
                subject="7001:SH-1",
                sentence="Two orders.",
                found_at=NOON,
                seen_at=NOON,
            )
        )

    [mail] = merchant.report()

    text = text_of(mail)
    assert f"- 12:00 {ANN} changed a setting: Order sync, off → on" in text
    assert "personal data" not in text
    assert "Open since Tue 24 Nov at 12:00: ShipHero refuses us." in text
    assert "compared Tue 24 Nov at 12:00, 240 notes seen, 2 of them new to us." in text
    assert f"- 1 difference: Notes with more than one order {PORTAL}/reconciliation/doubled" in text


def test_orders_that_wait_for_shipment_over_a_day_are_named(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.sent(1, inserted_at=SEVEN - timedelta(hours=25), customer_reference="OLD-1")
    sqlite_merchant.sent(2, inserted_at=SEVEN - timedelta(hours=23))

    [mail] = sqlite_merchant.report()

    assert "1 order waits for shipment for over 24 hours." in text_of(mail)
    assert "- OLD-1 (note 1)" in text_of(mail)


@pytest.mark.parametrize(
    ("day", "hours", "zone"),
    [
        (date(2026, 3, 29), 23, "Europe/London"),
        (date(2026, 10, 25), 25, "Europe/London"),
        (date(2026, 11, 24), 24, "Asia/Kathmandu"),
    ],
)
def test_a_day_is_whole_whatever_its_clocks_do(
    merchant: Merchant, day: date, hours: int, zone: str
) -> None:
    merchant.rename(time_zone=zone)
    begins = merchant.facts(day).begins
    for number in range(-1, hours + 1):
        at = begins + timedelta(hours=number, minutes=30)
        merchant.shipped(number + 2, inserted_at=at - timedelta(hours=1))
        merchant.note(number + 100, inserted_at=at)

    facts = merchant.facts(day)

    assert facts.ends - facts.begins == timedelta(hours=hours)
    assert (facts.of_day.received, facts.of_day.shipped) == (2 * hours, hours)
    assert facts.tally.received == 2 * hours


def test_a_note_counts_on_the_day_of_the_account_s_own_zone(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.note(1, inserted_at=datetime(2026, 11, 24, 4, 59, tzinfo=UTC))
    sqlite_merchant.note(2, inserted_at=datetime(2026, 11, 24, 5, 0, tzinfo=UTC))
    sqlite_merchant.rename(time_zone="America/New_York")

    before, after = sqlite_merchant.facts(DAY - timedelta(days=1)), sqlite_merchant.facts(DAY)

    assert (before.tally.received, after.tally.received) == (1, 1)
